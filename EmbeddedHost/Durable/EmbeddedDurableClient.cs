using System.Diagnostics;
using Advisor.Kernel.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using OrchestrationAlreadyExistsException = DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException;

namespace Advisor.Embedded.Durable;

/// <summary>The durable client of the embedded engine: every call is a committed transaction on its journal when it returns.</summary>
internal sealed partial class EmbeddedDurableClient(
    JournalWriter writer,
    Journal journal,
    DurableEngineOptions options,
    TimeProvider time,
    ReadyInstances ready,
    DurableTimers timers,
    InstanceWaiters waiters,
    ILogger logger) : DurableTaskClient("embedded")
{
    private static readonly OrchestrationRuntimeStatus[] UnderWay =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    private readonly JsonDataConverter _converter = new(AdvisorJson.Options);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Starts an orchestration. Without dedupe statuses an instance of that id that is still under way refuses the start, as on Azure.</summary>
    /// <exception cref="OrchestrationAlreadyExistsException">An instance of that id has a status that refuses the start.</exception>
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        var refusing = options?.DedupeStatuses is { } names ? names.Select(ParseStatus).ToArray() : UnderWay;
        var wanted = new NewInstance(
            options?.InstanceId ?? Guid.NewGuid().ToString("N"),
            orchestratorName.Name,
            options?.Version is { } version ? version.Version : DefaultVersion,
            _converter.Serialize(input),
            Durable.Tags.ToJson(options?.Tags),
            Now,
            options?.StartAt?.UtcDateTime,
            null,
            Activity.Current?.Id);
        await CreateAsync(wanted, refusing);
        return wanted.Id;
    }

    /// <summary>Runs an instance again from its input. One that is under way is replaced.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var old = journal.FindInstance(instanceId) ?? throw Missing(instanceId);
        if (old.Damage is { } damage)
        {
            throw new InvalidDataException(journal.AdviceOn(damage));
        }

        var id = restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId;
        await CreateAsync(new NewInstance(id, old.Name, old.Version, old.Input, old.Tags, Now, null, null, Activity.Current?.Id), []);
        return id;
    }

    /// <summary>Raises an event. As the client's contract has it, one for an instance that has ended or never was is dropped; the log says so.</summary>
    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return PostAsync(
            instanceId, new HistoryEvent(EventKind.EventRaised, Name: eventName, Data: _converter.Serialize(eventPayload)), cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) => PostAsync(
            instanceId,
            new HistoryEvent(
                EventKind.Terminated, Name: options is { Recursive: true } ? "recursive" : null, Data: _converter.Serialize(options?.Output)),
            cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        PostAsync(instanceId, new HistoryEvent(EventKind.Suspended, Data: _converter.Serialize(reason)), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        PostAsync(instanceId, new HistoryEvent(EventKind.Resumed, Data: _converter.Serialize(reason)), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, static instance => instance.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, static instance => instance.IsFinished, getInputsAndOutputs, cancellation);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string DefaultVersion => options.DefaultVersion;

    private async Task CreateAsync(NewInstance wanted, OrchestrationRuntimeStatus[] refusing)
    {
        var (timer, wake, replaced) = await writer.WriteAsync(connection =>
        {
            var existing = Journal.FindInstance(connection, wanted.Id);
            if (existing is not null && refusing.Contains(existing.Status))
            {
                throw new OrchestrationAlreadyExistsException(
                    $"An orchestration with the instance id '{wanted.Id}' already exists; its status is {existing.Status}.");
            }

            var (delay, woken) = Journal.Create(connection, wanted);
            return (delay, woken, existing?.Execution ?? 0);
        });
        timers.CancelAll(wanted.Id, replaced);
        if (timer is { } delayed)
        {
            timers.Add([delayed]);
        }
        else
        {
            ready.Signal(wanted.Id);
        }

        if (wake is not null)
        {
            ready.Signal(wake);
        }

        waiters.Changed(wanted.Id);
    }

    private async Task PostAsync(string instanceId, HistoryEvent message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var status = await writer.WriteAsync(connection => Journal.Post(connection, instanceId, message));
        if (status is null || Instance.IsFinal(status.Value))
        {
            logger.MessageDropped(message.Name ?? message.Kind, instanceId, status?.ToString() ?? "unknown");
            return;
        }

        ready.Signal(instanceId);
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<Instance, bool> reached, bool withData, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        while (true)
        {
            var change = waiters.NextChange(instanceId);
            var instance = journal.FindInstance(instanceId)
                ?? throw new InvalidOperationException($"There is no orchestration with the instance id '{instanceId}'.");
            if (reached(instance))
            {
                return ToMetadata(instance, withData);
            }

            await change.WaitAsync(cancellation);
        }
    }

    private static OrchestrationRuntimeStatus ParseStatus(string name) => Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status)
        ? status
        : throw new ArgumentException($"'{name}' is not a status of an orchestration.", nameof(name));

    private static ArgumentException Missing(string instanceId) =>
        new($"There is no orchestration with the instance id '{instanceId}'.", nameof(instanceId));

    private OrchestrationMetadata ToMetadata(Instance instance, bool withData) =>
        ToMetadata(instance, withData, !withData ? null
            : instance.Damage is { } damage ? Failures.Of(Failures.Damaged, journal.AdviceOn(damage))
            : instance.Failure is { } json ? Failures.FromJson(json)
            : null);

    private OrchestrationMetadata ToMetadata(Instance instance, bool withData, TaskFailureDetails? failure) => new(instance.Name, instance.Id)
    {
        DataConverter = withData ? _converter : null,
        // What a damaged row has for a status need not be it.
        RuntimeStatus = instance.Damage is null ? instance.Status : OrchestrationRuntimeStatus.Failed,
        CreatedAt = new DateTimeOffset(instance.CreatedAt),
        LastUpdatedAt = new DateTimeOffset(instance.UpdatedAt),
        SerializedInput = withData ? instance.Input : null,

        // Of one that failed the output is its failure in words, as on Azure: it is no JSON.
        SerializedOutput = withData ? instance.Output ?? failure?.ToString() : null,
        SerializedCustomStatus = withData ? instance.CustomStatus : null,
        FailureDetails = failure,
        Tags = Durable.Tags.FromJson(instance.Tags),
    };
}
