namespace Advisor.Embedded.Durable;

/// <summary>The single thread of control of one orchestrator: what it awaits resumes here, in order, and nowhere else.</summary>
/// <remarks>
/// Each <see cref="Run"/> borrows the calling thread, runs one piece of work and everything that it makes runnable, and returns.
/// A continuation that arrives from another thread means that the orchestrator awaited something the engine knows nothing about;
/// its order could not be repeated in a replay, so it is not run but reported.
/// </remarks>
internal sealed class OrchestratorLoop(Action intruded) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _work = new();
    private int _thread;

    /// <summary>Whether the caller is the orchestrator's own code.</summary>
    public bool IsCurrent => _thread == Environment.CurrentManagedThreadId;

    public void Run(Action work)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            work();
            while (_work.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            _thread = 0;
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            _work.Enqueue((d, state));
        }
        else
        {
            intruded();
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("An orchestrator's thread cannot be entered from outside.");

    public override SynchronizationContext CreateCopy() => this;
}
