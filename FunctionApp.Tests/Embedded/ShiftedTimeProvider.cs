namespace Advisor.Tests.Embedded;

/// <summary>The system's clock, set on at will: for hosts that must go on working while years pass.</summary>
public sealed class ShiftedTimeProvider : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
