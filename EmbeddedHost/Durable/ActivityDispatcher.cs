using Microsoft.Extensions.Logging;

namespace Advisor.Embedded.Durable;

/// <summary>Runs activity calls, a bounded number at a time: lane after lane, and within a lane in the order in which they were scheduled.</summary>
/// <remarks>
/// One lane never has the last place, so that long activities of one do not keep another's first waiting.
/// A call's row stays in the journal until its result is written, so a call that was cut off runs again: at least once, never none.
/// </remarks>
internal sealed class ActivityDispatcher(
    JournalWriter writer,
    IDurableFunctions functions,
    RunningMarks marks,
    ReadyInstances ready,
    EngineLife life,
    PendingWork pending,
    DurableEngineOptions options,
    TimeProvider time,
    ILogger logger,
    Lanes lanes,
    Func<string, string> versionOf)
{
    private readonly FairQueue<(ActivityCall Call, string Lane)> _queue = new(Math.Max(1, options.MaxConcurrentActivities - 1));
    private readonly Places _unwritten = new(options.MaxUncommitted);
    private int _running;

    /// <summary>How many activities are running now.</summary>
    public int Running => Volatile.Read(ref _running);

    public void Enqueue(IEnumerable<ActivityCall> calls)
    {
        foreach (var call in calls)
        {
            var lane = lanes.Of(call.InstanceId);
            _queue.Add(lane, (call, lane));
        }
    }

    /// <param name="firstSlot">The first of this dispatcher's slots among the running marks.</param>
    /// <param name="suspects">
    /// Calls that were running when an earlier process died. They go first and one by one, the least suspicious first, each with a head start,
    /// so that another death is held against the one that caused it and not against its neighbours.
    /// </param>
    /// <returns>Completes when the engine is halted and the activities then running have ended.</returns>
    public async Task RunAsync(int firstSlot, IEnumerable<ActivityCall> suspects)
    {
        List<Task> slow = [];
        foreach (var suspect in suspects.OrderBy(call => call.ProcessDeaths).ThenBy(call => call.Seq))
        {
            if (slow.Count == options.MaxConcurrentActivities || life.Halted.IsCancellationRequested)
            {
                Enqueue([suspect]);
                continue;
            }

            using var waited = CancellationTokenSource.CreateLinkedTokenSource(life.Halted);
            var slot = firstSlot + slow.Count;
            var run = options.Begin(() => HandleAsync(slot, suspect));
            if (await Task.WhenAny(run, Task.Delay(options.SuspectHeadStart, time, waited.Token)) != run)
            {
                slow.Add(run);
            }

            // Not the asynchronous one, which would end it on a thread of the pool and no sooner.
            waited.Cancel();
        }

        await Task.WhenAll(Enumerable.Range(0, options.MaxConcurrentActivities).Select(
            worker => options.Begin(() => WorkAsync(firstSlot + worker, worker < slow.Count ? slow[worker] : Task.CompletedTask))));
    }

    private async Task WorkAsync(int slot, Task inHand)
    {
        await inHand;
        while (!life.Halted.IsCancellationRequested)
        {
            (ActivityCall Call, string Lane) next;
            try
            {
                // While results pile up before the journal nothing more begins.
                await _unwritten.TakeAsync(life.Halted);
                _unwritten.Return();
                next = await _queue.TakeAsync(life.Halted);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await HandleAsync(slot, next.Call);
            _queue.Release(next.Lane);
        }
    }

    private async Task HandleAsync(int slot, ActivityCall call)
    {
        if (await RunAsync(slot, call) is { } result)
        {
            pending.Track(FinishAsync(call, result));
        }
    }

    /// <summary>The result as the orchestration will see it; null when the engine was killed, or the activity gave up because it is being stopped.</summary>
    private async Task<HistoryEvent?> RunAsync(int slot, ActivityCall call)
    {
        if (!functions.HasActivity(call.Name))
        {
            return Failed(call, Failures.Of(Failures.ActivityNotFound, Failures.NotFound("activity", call.Name, versionOf(call.InstanceId))));
        }

        Interlocked.Increment(ref _running);
        marks.Enter(slot, new RunningWork(null, call.Seq));
        try
        {
            var output = await functions.RunActivityAsync(call.Name, call.InstanceId, call.Input, call.TraceParent, life.Killed);
            return life.Killed.IsCancellationRequested ? null : new HistoryEvent(EventKind.ActivityCompleted, call.TaskId, Data: output);
        }
        catch (OperationCanceledException) when (life.Halted.IsCancellationRequested || options.Stopping.IsCancellationRequested)
        {
            // It gave up because the host stops, which is no failure of its own: its call stays in the journal and runs again.
            return null;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return life.Killed.IsCancellationRequested ? null : Failed(call, Failures.From(fault));
        }
        finally
        {
            if (!life.Killed.IsCancellationRequested)
            {
                marks.Leave(slot);
            }

            Interlocked.Decrement(ref _running);
        }
    }

    private HistoryEvent Failed(ActivityCall call, Microsoft.DurableTask.TaskFailureDetails failure)
    {
        logger.ActivityFailed(call.Name, call.TaskId, call.InstanceId, failure.ErrorType);
        return new HistoryEvent(EventKind.ActivityFailed, call.TaskId, Data: Failures.ToJson(failure));
    }

    private async Task FinishAsync(ActivityCall call, HistoryEvent result)
    {
        await _unwritten.TakeAsync(CancellationToken.None);
        try
        {
            await WriteAsync(call, result);
        }
        finally
        {
            _unwritten.Return();
        }
    }

    private async Task WriteAsync(ActivityCall call, HistoryEvent result)
    {
        while (!life.Killed.IsCancellationRequested)
        {
            try
            {
                if (await writer.WriteAsync(connection => Journal.FinishActivity(connection, call, result)))
                {
                    ready.Signal(call.InstanceId);
                }

                return;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException && !life.Killed.IsCancellationRequested)
            {
                logger.WriteFailed(fault, "the result of an activity");
                await Task.Delay(options.WriteRetryDelay, time, life.Killed).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                return;
            }
        }
    }
}
