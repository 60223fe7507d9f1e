using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using OrchestrationAlreadyExistsException = DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException;

namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>A caller who makes one call after the other, each until it is acknowledged, whatever dies meanwhile; some calls it makes twice.</summary>
internal sealed class OutsideCaller(SimulatedTime time, IEnumerable<OutsideCaller.Call> calls)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(7);

    private readonly Queue<Call> _calls = new(calls);
    private Task? _underWay;
    private DateTimeOffset _notBefore;

    /// <param name="At">Not before this time.</param>
    /// <param name="IsPointless">Asked after a refusal: whether it will be refused for ever.</param>
    internal sealed record Call(DateTimeOffset At, string What, Func<DurableTaskClient, Task> Make, Func<bool>? IsPointless = null);

    public bool IsDone => _calls.Count == 0;

    /// <summary>When it wants to do something next; null while it waits for an answer, or for nothing any more.</summary>
    public DateTimeOffset? Wants => _underWay is { IsCompleted: true } ? time.Now
        : _underWay is not null || _calls.Count == 0 ? null
        : _calls.Peek().At > _notBefore ? _calls.Peek().At : _notBefore;

    /// <param name="startAt">Until when the engine is asked to wait.</param>
    public static Call Start(DateTimeOffset at, string id, Plan plan, DateTimeOffset? startAt) => new(at, $"start {id}", async client =>
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Plan", plan, new StartOrchestrationOptions(id, startAt) { DedupeStatuses = Enum.GetNames<OrchestrationRuntimeStatus>() }, CancellationToken.None);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It was heard before, though the answer was lost.
        }
    });

    public static Call Raise(DateTimeOffset at, string id, string name, Func<bool> isPointless) => new(at, $"raise {name} to {id}", client => ToOneThatIsThereAsync(client, id, () => client.RaiseEventAsync(id, name, name, CancellationToken.None)), isPointless);

    public static Call Suspend(DateTimeOffset at, string id) => new(at, $"suspend {id}", client => ToOneThatIsThereAsync(client, id, () => client.SuspendInstanceAsync(id, null, CancellationToken.None)));

    public static Call Resume(DateTimeOffset at, string id) => new(at, $"resume {id}", client => ToOneThatIsThereAsync(client, id, () => client.ResumeInstanceAsync(id, null, CancellationToken.None)));

    public static Call Terminate(DateTimeOffset at, string id) =>
        new(at, $"terminate {id}", client => ToOneThatIsThereAsync(client, id, () => client.TerminateInstanceAsync(id, new TerminateInstanceOptions(Output: "victim", Recursive: true), CancellationToken.None)));

    public static Call Restart(DateTimeOffset at, string id) => new(at, $"restart {id}", client => client.RestartAsync(id, cancellation: CancellationToken.None));

    /// <summary>Purges none until it has ended; one that was begun and is not there was purged before, though the answer was lost.</summary>
    public static Call Purge(DateTimeOffset at, string id) => new(at, $"purge {id}", async client =>
    {
        var purged = await client.PurgeInstanceAsync(id, new PurgeInstanceOptions(Recursive: true), CancellationToken.None);
        if (purged.PurgedInstanceCount == 0 && await client.GetInstanceAsync(id, CancellationToken.None) is not null)
        {
            throw new InvalidOperationException("It has not ended yet.");
        }
    });

    /// <summary>Waits until it has ended.</summary>
    public static Call Wait(DateTimeOffset at, string id) => new(at, $"wait for {id}", async client =>
    {
        if (await client.GetInstanceAsync(id, CancellationToken.None) is null)
        {
            throw new InvalidOperationException("It is not there yet.");
        }

        var seen = await client.WaitForInstanceCompletionAsync(id, cancellation: CancellationToken.None);
        if (!seen.IsCompleted)
        {
            throw new SimulationFailedException($"Who waited for {id} was told that it is {seen.RuntimeStatus}.");
        }
    });

    /// <summary>A message to nobody is dropped and acknowledged, so who wants it heard looks first whether somebody is there.</summary>
    private static async Task ToOneThatIsThereAsync(DurableTaskClient client, string id, Func<Task> call)
    {
        if (await client.GetInstanceAsync(id, CancellationToken.None) is null)
        {
            throw new ArgumentException("It is not there.", nameof(id));
        }

        await call();
    }

    /// <summary>Takes note of an answer, and calls when it is time.</summary>
    public void Turn(SimulatedProcess process, DurableTaskClient client, Action<string> note)
    {
        if (_underWay is { IsCompleted: true } answered)
        {
            _underWay = null;
            if (answered.IsCompletedSuccessfully || (answered.Exception!.InnerException is ArgumentException && _calls.Peek().IsPointless?.Invoke() == true))
            {
                _calls.Dequeue();
            }
            else
            {
                // A failed write, or an instance that is not there yet or has not ended yet.
                _ = answered.Exception!.InnerException is IOException or ArgumentException or (InvalidOperationException and not ObjectDisposedException) ? 0 : throw new SimulationFailedException("A caller was told what no caller expects.", answered.Exception);
                note($"a caller: refused to {_calls.Peek().What}");
                _notBefore = time.Now + s_pause;
            }
        }
        else if (Wants <= time.Now)
        {
            note($"a caller: {_calls.Peek().What}");
            _underWay = process.Do(() => _calls.Peek().Make(client));
        }
    }

    /// <summary>The process died: nobody will answer, and the call is made again.</summary>
    public void LoseConnection() => _underWay = null;
}

/// <summary>The engine did what it must not.</summary>
internal sealed class SimulationFailedException(string message, Exception? cause = null) : Exception(message, cause);
