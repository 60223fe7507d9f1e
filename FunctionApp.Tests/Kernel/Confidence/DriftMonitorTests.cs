using Advisor.Kernel.Confidence;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class DriftMonitorTests
{
    private const int Before = 1_200;

    [Theory]
    [InlineData(0.002)]
    [InlineData(0.02)]
    [InlineData(0.2)]
    public void Add_SteadyShare_SeldomAlarms(double share) =>
        Enumerable.Range(0, 400).Count(seed => AlarmOf(seed, 3_000, _ => share) is not null).ShouldBeLessThanOrEqualTo(20);

    [Theory]
    [InlineData(0.01, 0.08, 500)]
    [InlineData(0.02, 0.2, 100)]
    [InlineData(0.15, 0.4, 200)]
    public void Add_RisenShare_AlarmsSoon(double before, double after, int within)
    {
        var delays = Enumerable.Range(0, 200).Select(seed => AlarmOf(seed, 3_000, n => n < Before ? before : after)).ToList();

        delays.Count(at => at is { } n && n >= Before && n < Before + within).ShouldBeGreaterThanOrEqualTo(190);
    }

    [Fact]
    public void Add_FallenShare_DoesNotAlarm() =>
        Enumerable.Range(0, 100).Count(seed => AlarmOf(seed, 3_000, n => n < 1_000 ? 0.2 : 0.02) is not null).ShouldBeLessThanOrEqualTo(5);

    private static int? AlarmOf(int seed, int count, Func<int, double> share)
    {
        var (random, monitor) = (new Random(seed), new DriftMonitor(Automation.DriftLevel));
        for (var n = 0; n < count; n++)
        {
            if (monitor.Add(random.NextDouble() >= share(n)))
            {
                return n;
            }
        }

        return null;
    }
}
