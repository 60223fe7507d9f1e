namespace Advisor.Embedded.Durable;

/// <summary>What ran when the last process died has this one to itself, one after the other: the engine's steps and activities, then the queues' messages, then all else may begin.</summary>
/// <param name="messages">How many messages the last process had in hand.</param>
/// <param name="headStart">How long each is alone after its first death.</param>
internal sealed class SuspectTurns(int messages, TimeSpan headStart)
{
    /// <summary>Five seconds become five minutes at the seventh death and 85 minutes at the eleventh, more than the hour that host.json gives a function: whatever ends within it is found.</summary>
    private const int MostDoublings = 10;

    private readonly TaskCompletionSource _engine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _messages = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Messages => messages;

    /// <summary>Completes when the engine's suspects were tried.</summary>
    public Task EngineTried => _engine.Task;

    /// <summary>Completes when the messages were tried.</summary>
    public Task MessagesTried => messages == 0 ? Task.CompletedTask : _messages.Task;

    public void EndEngine() => _engine.TrySetResult();

    public void EndMessages() => _messages.TrySetResult();

    /// <summary>How long one is alone that ran at so many deaths. It doubles, so that what brings the process down only after a while is found alone too.</summary>
    public TimeSpan After(int deaths) => Alone(headStart, deaths);

    public static TimeSpan Alone(TimeSpan headStart, int deaths) => headStart * (1 << Math.Clamp(deaths - 1, 0, MostDoublings));

    /// <summary>Whether the work ends in that time.</summary>
    public static async Task<bool> EndsAsync(Task work, TimeSpan within, TimeProvider time, CancellationToken giveUp)
    {
        using var waited = CancellationTokenSource.CreateLinkedTokenSource(giveUp);
        var ended = await Task.WhenAny(work, Task.Delay(within, time, waited.Token)) == work;

        // Not the asynchronous one, which would end it on a thread of the pool and no sooner.
        waited.Cancel();
        return ended;
    }
}
