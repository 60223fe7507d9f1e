namespace Advisor.Tests.Embedded.Durable.Simulation;

internal enum Fault
{
    None,

    /// <summary>The process dies before the write.</summary>
    DeathBefore,

    /// <summary>The process dies when the write is durable and nobody knows it yet.</summary>
    DeathAfter,

    /// <summary>The write fails, and nothing of it is kept.</summary>
    Failure,

    /// <summary>Others have many turns before the writer learns that it is durable.</summary>
    Delay,
}

/// <summary>Draws what happens at each write.</summary>
/// <param name="often">One in so many writes meets a fault; 0 for none at all.</param>
internal sealed class Faults(Random random, int often, int mostDeaths)
{
    private int _deaths;

    public Fault Draw()
    {
        if (often == 0 || random.Next(often) > 0)
        {
            return Fault.None;
        }

        var fault = (Fault)random.Next(1, 5);
        if (fault is not (Fault.DeathBefore or Fault.DeathAfter))
        {
            return fault;
        }

        return _deaths++ < mostDeaths ? fault : Fault.Delay;
    }
}
