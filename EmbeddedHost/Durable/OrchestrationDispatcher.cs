using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Advisor.Embedded.Durable;

/// <summary>Makes the steps of orchestrations: a bounded number execute code at one moment, and a larger bounded number wait for their commit.</summary>
internal sealed class OrchestrationDispatcher(
    JournalWriter writer,
    Journal journal,
    IDurableFunctions functions,
    RunningMarks marks,
    ReadyInstances ready,
    EngineLife life,
    PendingWork pending,
    DurableEngineOptions options,
    TimeProvider time,
    ILoggerFactory loggers,
    ILogger logger,
    IReadOnlySet<string> poisoned,
    Action<LiveOrchestration, StepOutcome, StepEffects> committed)
{
    private readonly ServedVersions _versions = new(options.DefaultVersion, options.VersionMatch);
    private readonly Places _uncommitted = new(options.MaxUncommitted);
    private readonly LiveOrchestrations _live = new(options.AlwaysReplay ? 0 : options.MaxLiveOrchestrations);

    /// <summary>Executions that were caught awaiting something foreign, by instance.</summary>
    private readonly ConcurrentDictionary<string, OrchestrationExecution> _intruded = new();

    /// <summary>Suspects whose step did not end in its time; each keeps the place of one worker.</summary>
    private readonly List<Task> _slow = [];

    /// <summary>Makes the steps of instances that were making one when an earlier process died, each alone, the least suspicious first.</summary>
    public async Task TryAsync(IEnumerable<(string Id, int Deaths)> suspects)
    {
        // What is to fail runs no code any more and can take nothing down with it.
        foreach (var (id, deaths) in suspects.OrderByDescending(suspect => poisoned.Contains(suspect.Id)).ThenBy(suspect => suspect.Deaths))
        {
            if (_slow.Count == options.MaxConcurrentOrchestrators || life.Halted.IsCancellationRequested || !ready.TryTake(id))
            {
                ready.Signal(id);
                continue;
            }

            var slot = _slow.Count;
            var run = options.Begin(() => TryAsync(slot, id));
            if (!await SuspectTurns.EndsAsync(run, SuspectTurns.Alone(options.SuspectHeadStart, deaths), time, life.Halted))
            {
                _slow.Add(run);
            }
        }
    }

    /// <returns>Completes when the engine is halted and the steps then running have been handed to the journal.</returns>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, options.MaxConcurrentOrchestrators).Select(
        slot => options.Begin(() => WorkAsync(slot, slot < _slow.Count ? _slow[slot] : Task.CompletedTask))));

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private async Task TryAsync(int slot, string id)
    {
        try
        {
            await _uncommitted.TakeAsync(life.Halted);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Handle(slot, id);
    }

    private async Task WorkAsync(int slot, Task inHand)
    {
        await inHand;
        while (!life.Halted.IsCancellationRequested)
        {
            string id;
            try
            {
                await _uncommitted.TakeAsync(life.Halted);
                id = await ready.TakeAsync(life.Halted);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Handle(slot, id);
        }
    }

    private void Handle(int slot, string id)
    {
        (LiveOrchestration Live, StepOutcome Outcome)? step;
        marks.Enter(slot, new RunningWork(id, null));
        try
        {
            step = MakeStep(id);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            logger.StepFailed(fault, id);
            _ = TryAgainLaterAsync(id);
            _uncommitted.Return();
            return;
        }
        finally
        {
            marks.Leave(slot);
        }

        if (step is { } made)
        {
            pending.Track(CommitAsync(made.Live, made.Outcome));
        }
        else
        {
            _uncommitted.Return();
            ready.Release(id);
        }
    }

    /// <summary>Runs the orchestrator on what its inbox holds; null when there is nothing to do.</summary>
    private (LiveOrchestration, StepOutcome)? MakeStep(string id)
    {
        if (_live.Take(id) is { } live)
        {
            return StepOn(live, journal.ReadInbox(id));
        }

        if (journal.Load(id) is not { Instance.IsFinished: false } loaded || (loaded.Inbox.Count == 0 && loaded.Damage is null && !_intruded.ContainsKey(id)))
        {
            return null;
        }

        var instance = loaded.Instance;
        var execution = new OrchestrationExecution(instance, functions, options.DefaultVersion, loggers, Intruded);
        live = new LiveOrchestration(instance, execution, instance.Status, loaded.HistoryEnd);
        if (loaded.Damage is { } damage)
        {
            logger.Damaged(journal.AdviceOn(damage));
            return (live, OrchestrationExecution.Fail(Now, loaded.Inbox, Failures.Of(Failures.Damaged, $"The orchestration '{instance.Name}' is quarantined. {journal.AdviceOn(damage)}")));
        }

        if (instance.ProcessDeaths >= options.MaxProcessDeaths && poisoned.Contains(id))
        {
            logger.Quarantined($"The orchestration {instance.Name} {id}", instance.ProcessDeaths);
            return (live, OrchestrationExecution.Fail(Now, loaded.Inbox, Failures.Of(
                Failures.Poisoned,
                $"The orchestration '{instance.Name}' is quarantined: a step of it was running each of the {instance.ProcessDeaths} times that the process died.")));
        }

        if (!_versions.Contains(instance.Version))
        {
            if (options.VersionFailure == VersionFailure.Fail)
            {
                return (live, OrchestrationExecution.Fail(Now, loaded.Inbox, Failures.Of(Failures.VersionMismatch, _versions.Refusal(instance.Version))));
            }

            // Its messages stay in the journal for a build that serves it.
            logger.VersionRejected(instance.Name, id, instance.Version, $"{_versions.Match} '{_versions.Current}'");
            return null;
        }

        if (_intruded.ContainsKey(id))
        {
            return StepOn(live, loaded.Inbox);
        }

        try
        {
            execution.Replay(loaded.History, drift => logger.ReplayDrifted(instance.Name, id, drift.Event, drift.Code));
        }
        catch (NonDeterministicOrchestrationException different)
        {
            return (live, execution.Fail(Now, loaded.Inbox, different));
        }

        return StepOn(live, loaded.Inbox);
    }

    private (LiveOrchestration, StepOutcome)? StepOn(LiveOrchestration live, List<Message> inbox)
    {
        var intruded = _intruded.TryRemove(live.Instance.Id, out var caught) && caught.Instance.Execution == live.Instance.Execution;
        var outcome = intruded
            ? live.Execution.Fail(Now, inbox, caught!.ForeignAwaitFault())
            : live.Execution.Step(Now, inbox);
        if (outcome is not null)
        {
            return (live, outcome);
        }

        _live.Put(live);
        return null;
    }

    private async Task CommitAsync(LiveOrchestration live, StepOutcome outcome)
    {
        var id = live.Instance.Id;
        StepEffects? effects;
        try
        {
            effects = await writer.WriteAsync(connection => journal.CommitStep(connection, live.Instance, live.HistoryLength, outcome));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The execution in memory is ahead of the journal now: it is dropped, and rebuilt by replay.
            if (!life.Killed.IsCancellationRequested)
            {
                logger.WriteFailed(fault, "a step");
                _ = TryAgainLaterAsync(id);
            }

            return;
        }
        finally
        {
            _uncommitted.Return();
        }

        if (effects is null)
        {
            ready.Signal(id);
        }
        else
        {
            if (!outcome.Ends && outcome.Next is null)
            {
                _live.Put(live with { Status = outcome.Status, HistoryLength = live.HistoryLength + outcome.Events.Count });
            }

            committed(live, outcome, effects);
        }

        ready.Release(id);
    }

    /// <summary>Keeps the instance in hand until then, so that a stream of signals does not turn into a stream of failures.</summary>
    private async Task TryAgainLaterAsync(string id)
    {
        try
        {
            await Task.Delay(options.WriteRetryDelay, time, life.Halted);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        ready.Signal(id);
        ready.Release(id);
    }

    private void Intruded(OrchestrationExecution execution)
    {
        _intruded[execution.Instance.Id] = execution;
        ready.Signal(execution.Instance.Id);
    }
}
