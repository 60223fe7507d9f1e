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

    /// <summary>Suspects that did not end when they were told to; each keeps the place of one worker.</summary>
    private readonly List<Task> _slow = [];

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

    /// <summary>Runs calls that were running when an earlier process died, each alone, so that another death names the one that caused it.</summary>
    /// <remarks>
    /// The least suspicious go first. One that outlasts its time is cancelled and put back, to run with all others afterwards: it has lost no more than that time,
    /// and was not there when the next one began.
    /// </remarks>
    public async Task TryAsync(int firstSlot, IEnumerable<ActivityCall> suspects)
    {
        foreach (var suspect in suspects.OrderBy(call => call.ProcessDeaths).ThenBy(call => call.Seq))
        {
            if (_slow.Count == options.MaxConcurrentActivities || life.Halted.IsCancellationRequested)
            {
                Enqueue([suspect]);
                continue;
            }

            // Not disposed of: what does not end in its time goes on under it, and is still to hear of a stop.
            var cut = CancellationTokenSource.CreateLinkedTokenSource(life.Killed);
            var slot = firstSlot + _slow.Count;
            var token = cut.Token;
            var run = options.Begin(() => HandleAsync(slot, suspect, token));
            var alone = SuspectTurns.Alone(options.SuspectHeadStart, suspect.ProcessDeaths);
            if (await SuspectTurns.EndsAsync(run, alone, time, life.Halted))
            {
                continue;
            }

            if (!life.Halted.IsCancellationRequested)
            {
                cut.Cancel();
            }

            if (!await SuspectTurns.EndsAsync(run, alone, time, life.Halted))
            {
                _slow.Add(run);
            }
        }
    }

    /// <param name="firstSlot">The first of this dispatcher's slots among the running marks.</param>
    /// <returns>Completes when the engine is halted and the activities then running have ended.</returns>
    public Task RunAsync(int firstSlot) => Task.WhenAll(Enumerable.Range(0, options.MaxConcurrentActivities).Select(
        worker => options.Begin(() => WorkAsync(firstSlot + worker, worker < _slow.Count ? _slow[worker] : Task.CompletedTask))));

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

            await HandleAsync(slot, next.Call, life.Killed);
            _queue.Release(next.Lane);
        }
    }

    /// <param name="cut">Ends the run without a result.</param>
    private async Task HandleAsync(int slot, ActivityCall call, CancellationToken cut)
    {
        if (await RunAsync(slot, call, cut) is { } result)
        {
            pending.Track(FinishAsync(call, result));
        }
        else if (cut.IsCancellationRequested && !life.Halted.IsCancellationRequested)
        {
            Enqueue([call]);
        }
    }

    /// <summary>The result as the orchestration will see it; null when it was cut off, or gave up because the host is being stopped.</summary>
    private async Task<HistoryEvent?> RunAsync(int slot, ActivityCall call, CancellationToken cut)
    {
        if (!functions.HasActivity(call.Name))
        {
            return Failed(call, Failures.Of(Failures.ActivityNotFound, Failures.NotFound("activity", call.Name, versionOf(call.InstanceId))));
        }

        Interlocked.Increment(ref _running);
        marks.Enter(slot, new RunningWork(null, call.Seq));
        try
        {
            var output = await functions.RunActivityAsync(call.Name, call.InstanceId, call.Input, call.TraceParent, cut);
            return life.Killed.IsCancellationRequested ? null : new HistoryEvent(EventKind.ActivityCompleted, call.TaskId, Data: output);
        }
        catch (OperationCanceledException) when (life.Halted.IsCancellationRequested || options.Stopping.IsCancellationRequested)
        {
            // It gave up because the host stops, which is no failure of its own: its call stays in the journal and runs again.
            return null;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return cut.IsCancellationRequested ? null : Failed(call, Failures.From(fault));
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
