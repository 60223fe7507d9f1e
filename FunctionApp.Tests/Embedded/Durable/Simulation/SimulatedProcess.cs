namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>All threads of a simulated process: pieces of work that run one after the other on the caller's thread, in an order that the seed draws.</summary>
/// <remarks>A process that was killed runs nothing any more, whatever arrives; its timers go with it.</remarks>
internal sealed class SimulatedProcess : SynchronizationContext
{
    private readonly Random _random;
    private readonly SimulatedTime _time;
    private readonly List<(SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly Lock _gate = new();
    private bool _killed;

    public SimulatedProcess(Random random, SimulatedTime time) => (_random, _time, Clock) = (random, time, time.ClockOf(this));

    public TimeProvider Clock { get; }

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count == 0;
            }
        }
    }

    /// <summary>Does something as a thread of the process.</summary>
    public T Do<T>(Func<T> work)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            return work();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Begins work when its turn comes.</summary>
    public async Task BeginLaterAsync(Func<Task> work)
    {
        await YieldAsync(0);
        await work();
    }

    /// <summary>Completes when its turn comes, behind a number of turns of others.</summary>
    public async Task YieldAsync(int turns)
    {
        for (var turn = 0; turn <= turns; turn++)
        {
            var came = new TaskCompletionSource();
            Post(_ => came.SetResult(), null);
            await came.Task;
        }
    }

    /// <summary>Runs one piece of what is ready.</summary>
    /// <returns>Its place among them; null where nothing is ready.</returns>
    public int? RunOne()
    {
        (SendOrPostCallback Callback, object? State) next;
        int drawn;
        lock (_gate)
        {
            if (_killed || _ready.Count == 0)
            {
                return null;
            }

            // Where there is no choice nothing is drawn: a start waits for the journal's thread, which may or may not be faster.
            drawn = _ready.Count == 1 ? 0 : _random.Next(_ready.Count);
            next = _ready[drawn];
            _ready.RemoveAt(drawn);
        }

        return Do(() =>
        {
            next.Callback(next.State);
            return drawn;
        });
    }

    /// <summary>Runs until the task is done, though it waits for threads outside: only for what nothing else runs beside.</summary>
    public void RunUntil(Task done)
    {
        while (!done.IsCompleted)
        {
            if (RunOne() is null)
            {
                Thread.Yield();
            }
        }
    }

    public void Kill()
    {
        lock (_gate)
        {
            _killed = true;
            _ready.Clear();
        }

        _time.Forget(this);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            if (!_killed)
            {
                _ready.Add((d, state));
            }
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing in the engine waits for a context.");

    public override SynchronizationContext CreateCopy() => this;
}
