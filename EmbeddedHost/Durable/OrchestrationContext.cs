using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Advisor.Embedded.Durable;

/// <summary>The context that orchestrators see: every call becomes an action of the execution, every await an answer from its history.</summary>
internal sealed class OrchestrationContext(OrchestrationExecution execution, ILoggerFactory loggers, string defaultVersion) : TaskOrchestrationContext
{
    private int _guids;

    public override TaskName Name => new(execution.Instance.Name);

    public override string InstanceId => execution.Instance.Id;

    public override ParentOrchestrationInstance? Parent => execution.Instance.Parent?.ToContract();

    public override string Version => execution.Version;

    public override DateTime CurrentUtcDateTime => execution.Now;

    public override bool IsReplaying => execution.IsReplaying;

    protected override ILoggerFactory LoggerFactory => loggers;

    private DataConverter Converter => execution.Converter;

    public override T? GetInput<T>()
        where T : default => OrchestrationExecution.Read<T>(execution.Input);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        execution.EnsureOwnThread();
        RefuseOptionsAsInput(input, options);
        var json = Converter.Serialize(input);
        return await CallRetries.RunAsync(this, options?.Retry, () => CallAsync<TResult>(
            id => new OrchestratorAction(new HistoryEvent(EventKind.ActivityScheduled, id, name.Name, Data: json))));
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        execution.EnsureOwnThread();
        RefuseOptionsAsInput(input, options);
        var child = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        var version = options?.Version is { } named ? named.Version : defaultVersion;
        var tags = Tags.ToJson(options?.Tags);
        var json = Converter.Serialize(input);
        return await CallRetries.RunAsync(this, options?.Retry, () => CallAsync<TResult>(
            id => new OrchestratorAction(new HistoryEvent(EventKind.ChildScheduled, id, orchestratorName.Name, child, Data: json), version, tags)));
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        execution.EnsureOwnThread();
        var due = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        var call = execution.Begin(id => new OrchestratorAction(new HistoryEvent(EventKind.TimerCreated, id, At: due)));
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() =>
            {
                if (execution.OnOwnThread() && call.Answer.TrySetCanceled(cancellationToken))
                {
                    execution.CancelTimer(call.TaskId);
                }
            });
        }

        await call.Answer.Task;
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        execution.EnsureOwnThread();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return await execution.Events.WaitAsync<T>(eventName, execution.OnOwnThread, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        execution.EnsureOwnThread();
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(eventName);
        var json = Converter.Serialize(payload);
        execution.Do(id => new OrchestratorAction(new HistoryEvent(EventKind.EventSent, id, eventName, instanceId, Data: json)));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        execution.EnsureOwnThread();
        execution.SetCustomStatus(Converter.Serialize(customStatus));
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        execution.EnsureOwnThread();
        ArgumentNullException.ThrowIfNull(options);
        execution.ContinueAsNew(Converter.Serialize(options.NewInput), options.PreserveUnprocessedEvents, options.NewVersion);
    }

    public override Guid NewGuid()
    {
        execution.EnsureOwnThread();
        return DeterministicGuid.Create(InstanceId, CurrentUtcDateTime, _guids++);
    }

    private async Task<TResult> CallAsync<TResult>(Func<int, OrchestratorAction> action)
    {
        var answer = await execution.Begin(action).Answer.Task;
        return OrchestrationExecution.Read<TResult>(answer)!;
    }

    private static void RefuseOptionsAsInput(object? input, TaskOptions? options)
    {
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException("Task options were given as the input; name the argument (options: ...) where that is what was meant.", nameof(input));
        }
    }
}
