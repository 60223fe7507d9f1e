using Advisor.Kernel.Confidence;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

/// <summary>What is promised of error budgets, tried on scorers whose truth is known. Doubles draw the world; the product's own decisions are made as in production.</summary>
public sealed class AutomationSimulationTests(ITestOutputHelper output)
{
    /// <summary>A twentieth of the seeds in a sampled run.</summary>
    private static readonly int Seeds = TestDepth.IsSample ? 10 : 200;

    /// <summary>The first seed. The method was chosen on those from 0 to 199; none of these had been looked at when it was.</summary>
    private static readonly int First = int.TryParse(Environment.GetEnvironmentVariable("ADVISOR_BUDGET_FIRST"), out var first) ? first : 200;

    public static TheoryData<string, double> Stationary { get; } = [.. from scorer in Simulated.All from budget in new[] { 0.01, 0.02, 0.05 } select (scorer.Name, budget)];

    /// <summary>Counted: seeds in which the realised share of errors among what was released without a person is above the budget, and seeds in which a threshold was in force whose true share is.</summary>
    [Theory]
    [MemberData(nameof(Stationary))]
    public void Run_StationaryScorer_KeepsTheBudget(string name, double share)
    {
        var (scorer, budget) = (Simulated.All.Single(one => one.Name == name), (decimal)share);
        var oracle = new Oracle(scorer);
        var tenants = RunAll(seed => new SimulatedTenant(scorer, budget, seed).Run(oracle.Risk));

        var over = tenants.Count(tenant => tenant.Released.Wrong > budget * tenant.Released.Count);
        var trulyOver = tenants.Count(tenant => tenant.WorstTrueRisk > share);
        var stopped = tenants.Count(tenant => tenant.StoppedByDrift);
        var released = tenants.Count(tenant => tenant.Released.Count > 0);
        output.WriteLine(
            $"{name,-14} {share:0.00} over {over} truly {trulyOver} stopped {stopped} releasing {released} coverage {tenants.Average(tenant => tenant.Released.Count / (double)SimulatedTenant.Claims):0.000} "
            + $"at the end {tenants.Average(tenant => tenant.Threshold is { } threshold ? oracle.Coverage((double)threshold.Value) : 0):0.000} oracle {oracle.BestCoverage(share):0.000} "
            + $"error {tenants.Sum(tenant => tenant.Released.Wrong) / Math.Max(1.0, tenants.Sum(tenant => tenant.Released.Count)):0.0000}");

        over.ShouldBeLessThanOrEqualTo(Most(18));
        trulyOver.ShouldBeLessThanOrEqualTo(Most(18));
        stopped.ShouldBeLessThanOrEqualTo(Most(10));
    }

    /// <summary>A policy that never releases keeps every budget. What a good scorer must yield at least, averaged over the whole stream with its beginning, when everything is judged.</summary>
    [Theory]
    [InlineData(0.01, 0.30)]
    [InlineData(0.02, 0.55)]
    [InlineData(0.05, 0.75)]
    public void Run_GoodScorer_ReleasesMuch(double budget, double least) =>
        RunAll(seed => new SimulatedTenant(Simulated.Good, (decimal)budget, seed).Run()).Average(tenant => tenant.Released.Count / (double)SimulatedTenant.Claims).ShouldBeGreaterThan(least);

    public static TheoryData<string, string, double> Drifts { get; } =
        [.. from drift in new[] { "released", "all", "inverted" } from scorer in new[] { "calibrated", "overconfident", "good" } from budget in new[] { 0.01, 0.02, 0.05 } select (drift, scorer, budget)];

    /// <summary>
    /// From claim 5,000 on: <c>released</c>, the claims that are released come to be wrong four times as often as the budget allows, at least 8 %, and no others; <c>all</c>, the odds of an error rise fivefold
    /// throughout; <c>inverted</c>, the surest claims become the least sure ones. Counted over seeds in which something was being released then: verdicts that a person gave on blind claims at or above the threshold until
    /// nothing was released.
    /// </summary>
    [Theory]
    [MemberData(nameof(Drifts))]
    public void Run_Drift_StopsWithin500Verdicts(string drift, string name, double share)
    {
        var scorer = Simulated.All.Single(one => one.Name == name);
        var tenants = RunAll(seed => new SimulatedTenant(scorer, (decimal)share, seed)
        {
            ChangeAt = 5_000,
            Truth = (_, raw, right, threshold) => drift switch
            {
                "released" => threshold is { } t && raw >= (double)t.Value ? 1 - Math.Max(0.08, 4 * share) : right,
                "all" => right / (right + (5 * (1 - right))),
                _ => InvertedOf(raw),
            },
        }.Run()).Where(tenant => tenant.AtChange is not null).ToList();

        var within = tenants.Count(tenant => tenant.UntilStop is { Blind: <= 500 });
        var withinAll = tenants.Count(tenant => tenant.UntilStop is { All: <= 500 });
        output.WriteLine(
            $"{drift,-9} {name,-14} {share:0.00} releasing {tenants.Count} within {within} of all verdicts {withinAll} 95th percentile {Percentile(tenants.Select(tenant => tenant.UntilStop?.Blind))} of all {Percentile(tenants.Select(tenant => tenant.UntilStop?.All))} "
            + $"wrong among released after the change, mean {tenants.Select(tenant => (double)tenant.ReleasedAfterChange.Wrong).DefaultIfEmpty().Average():0.0}");

        // The one case in which 95 % are not reached, as docs/calibration.md says: an error rate that rises to little above a budget which leaves few verdicts to see it by.
        var least = (drift, name, share) == ("all", "good", 0.05) ? 0.85 : 0.95;
        within.ShouldBeGreaterThanOrEqualTo((int)Math.Ceiling(least * tenants.Count) - (Seeds == 200 ? 0 : 1));
    }

    /// <summary>Someone who knows the threshold places wrong claims just above it from the moment it is in force. Nothing here is claimed to be safe; the figure stands in docs/calibration.md.</summary>
    [Fact]
    public void Run_Adversary_IsReported()
    {
        foreach (var share in new[] { 0.01, 0.02, 0.05 })
        {
            var tenants = RunAll(seed =>
            {
                // One claim in ten is the adversary's: wrong, and scored above the threshold.
                var draws = new Random(seed + 1);
                var own = new bool[SimulatedTenant.Claims];
                return new SimulatedTenant(Simulated.Good, (decimal)share, seed)
                {
                    ChangeAt = 0,
                    Placed = (claim, raw, _, threshold) => (own[claim] = threshold is not null && draws.Next(10) == 0) ? Math.Min(1, (double)threshold!.Value.Value + 1e-5) : raw,
                    Truth = (claim, _, right, _) => own[claim] ? 0 : right,
                }.Run();
            });
            output.WriteLine(
                $"adversary {share:0.00} released wrong, mean {tenants.Average(tenant => tenant.Released.Wrong):0} of {tenants.Average(tenant => tenant.Released.Count):0}, "
                + $"share {tenants.Sum(tenant => tenant.Released.Wrong) / (double)tenants.Sum(tenant => tenant.Released.Count):0.000}, stopped in {tenants.Count(tenant => tenant.StoppedByDrift)}");
            tenants.Average(tenant => tenant.Released.Wrong).ShouldBeGreaterThan(0);
        }
    }

    /// <summary>Of 200 seeds so many; of fewer the like share, and one more because they are few. The least of something is one less then.</summary>
    private static int Most(int of200) => Seeds == 200 ? of200 : (of200 * Seeds / 200) + 1;

    private static double InvertedOf(double raw) => Simulated.Logistic(7 - Math.Log(Math.Clamp(raw, 1e-9, 1 - 1e-9) / (1 - Math.Clamp(raw, 1e-9, 1 - 1e-9))));

    private static List<SimulatedTenant> RunAll(Func<int, SimulatedTenant> run) =>
        [.. Enumerable.Range(First, Seeds).AsParallel().AsOrdered().Select(seed => run((seed * 7_919) + 13))];

    private static string Percentile(IEnumerable<int?> values)
    {
        var sorted = values.Select(value => value ?? int.MaxValue).Order().ToList();
        return sorted.Count == 0 ? "-" : sorted[(int)Math.Ceiling(0.95 * sorted.Count) - 1] is int.MaxValue ? "never" : $"{sorted[(int)Math.Ceiling(0.95 * sorted.Count) - 1]}";
    }
}
