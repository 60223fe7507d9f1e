using System.Collections.Concurrent;
using System.Globalization;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>The engine under seeds of random orchestrations, with a fault drawn for each write. docs/engine-simulation.md tells how to repeat one.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Environment variable: runs this seed alone, and prints each turn.</summary>
    public const string SeedVariable = "ADVISOR_SIMULATION_SEED";

    /// <summary>Environment variable: how many seeds; 200 where a sample of the long suites runs, 10,000 else.</summary>
    public const string SeedsVariable = "ADVISOR_SIMULATION_SEEDS";

    /// <summary>Environment variable: the first of the seeds.</summary>
    public const string FirstVariable = "ADVISOR_SIMULATION_FIRST";

    [Fact]
    public void Engine_UnderFaultsOfEverySeed_DoesWhatThePlanSays()
    {
        if (Number(SeedVariable) is { } only)
        {
            Run(only, output.WriteLine);
            return;
        }

        var seeds = Number(SeedsVariable) ?? (TestDepth.IsSample ? 200 : 10_000);
        var first = Number(FirstVariable) ?? (TestDepth.IsSample ? TestDepth.Seed * 1_000 : 0);
        ConcurrentBag<SimulationReport> reports = [];
        ConcurrentQueue<string> failures = [];
        Parallel.For(first, first + seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, (seed, loop) =>
        {
            try
            {
                reports.Add(Run(seed) with { Trace = [] });
            }
            catch (SimulationFailedException failed)
            {
                failures.Enqueue(failed.Message);
                loop.Stop();
            }
        });
        failures.ShouldBeEmpty();
        output.WriteLine($"{reports.Count} seeds from {first}: {reports.Sum(report => report.Writes)} writes, {reports.Sum(report => report.Deaths)} deaths, {reports.Sum(report => report.Passed.TotalDays):f0} days.");
        reports.Sum(report => report.Deaths).ShouldBeGreaterThan(seeds);
    }

    /// <summary>What cannot be repeated cannot be mended.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(20)]
    public void Simulation_OfOneSeed_IsTheSameEachTime(int seed) => Run(seed).Trace.ShouldBe(Run(seed).Trace);

    private static SimulationReport Run(int seed, Action<string>? told = null)
    {
        // In memory where the system has such a folder: deaths of a process lose nothing that the kernel has.
        var folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"advisor-simulation-{Guid.NewGuid():N}"));
        try
        {
            return Simulation.Run(seed, folder.FullName, told);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
