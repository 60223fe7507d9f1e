namespace Advisor.Embedded.Durable;

/// <summary>How far the engine has been stopped: the parts ask here before they begin or write anything.</summary>
internal sealed class EngineLife : IDisposable
{
    private readonly CancellationTokenSource _halt = new();
    private readonly CancellationTokenSource _kill = new();

    public EngineLife()
    {
        Halted = _halt.Token;
        Killed = _kill.Token;
    }

    /// <summary>Cancelled once no new work may begin.</summary>
    public CancellationToken Halted { get; }

    /// <summary>Cancelled once running activities must end; what they answer after it is not journaled, so they will run again.</summary>
    public CancellationToken Killed { get; }

    public void Halt() => _halt.Cancel();

    public void Kill()
    {
        _halt.Cancel();
        _kill.Cancel();
    }

    public void Dispose()
    {
        _halt.Dispose();
        _kill.Dispose();
    }
}
