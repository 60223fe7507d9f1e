using Advisor.Kernel.Confidence;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class AutomationTests
{
    private static readonly ErrorBudget Budget = new(0.05m);

    [Fact]
    public void State_WithoutVerdicts_SaysWhatIsMissing()
    {
        var state = Automation.Of(Budget, []);

        state.Status.ShouldBe(AutomationStatus.Gathering);
        state.Threshold.ShouldBeNull();
        state.Why.ShouldBe("Nothing is released yet. Candidate thresholds are chosen after 200 verdicts on claims of all scores; there are 0.");
    }

    [Fact]
    public void State_StrictestCandidateShortOfVerdicts_NamesTheNextLook()
    {
        var state = Automation.Of(Budget, Verdicts(220, _ => true));

        state.Status.ShouldBe(AutomationStatus.Testing);
        state.Next.ShouldNotBeNull().Verdicts.ShouldBeInRange(40, 60);
        state.Why.ShouldBe($"Nothing is released yet. The candidate {state.Next.Threshold} has {state.Next.Verdicts} verdicts with 0 wrong; it is looked at again at 63 and passes with at most 0 wrong.");
    }

    [Fact]
    public void State_NoErrors_ReleasesFromTheStrictestOnInTurn()
    {
        var state = Automation.Of(Budget, Verdicts(400, _ => true));

        state.Status.ShouldBe(AutomationStatus.Releasing);
        state.Threshold.ShouldBe(state.InForce!.Threshold);
        state.InForce.Bound.ShouldBeLessThan(0.05m);
        state.Ranking.ShouldBeNull();
        state.Why.ShouldStartWith($"Released from a raw score of {state.Threshold} on: of {state.InForce.Verdicts} verdicts there 0 found an error.");
    }

    /// <summary>Low scores are judged more often than high ones; counting them all would make the share of errors above a loose threshold look worse than it is, and above none look like all.</summary>
    [Fact]
    public void State_VerdictsOutsideTheSample_DoNotCount()
    {
        Judged[] verdicts = [.. Verdicts(220, _ => true), .. Verdicts(1_000, _ => true).Select(verdict => verdict with { Sampled = false })];

        Automation.Of(Budget, verdicts).ShouldSatisfyAllConditions(
            state => state.Verdicts.ShouldBe(220),
            state => state.Threshold.ShouldBeNull());
    }

    [Fact]
    public void State_StricterCandidateFails_NoneBehindItComesIntoForce()
    {
        // The highest scores are often wrong, all others right: any looser candidate would pass, were it its turn.
        var state = Automation.Of(new ErrorBudget(0.10m), Verdicts(3_000, raw => raw < 900 || raw % 2 == 0));

        state.Threshold.ShouldBeNull();
        state.InForce.ShouldBeNull();
        state.Next!.Errors.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void State_ScoresThatDoNotRank_StopTheRelease()
    {
        // One in a hundred is wrong, at any score: within the budget, but the scores have no part in it.
        var number = 0;
        var state = Automation.Of(Budget, Verdicts(2_000, _ => ++number % 100 != 0));

        state.Status.ShouldBe(AutomationStatus.NotRanking);
        state.Threshold.ShouldBeNull();
        state.InForce.ShouldNotBeNull();
        state.Why.ShouldContain("is under 0.60");
    }

    [Fact]
    public void State_FewErrorsThatDoNotRank_DoNotStopTheRelease()
    {
        var number = 0;

        Automation.Of(Budget, Verdicts(900, _ => ++number % 100 != 0)).Status.ShouldBe(AutomationStatus.Releasing);
    }

    [Fact]
    public void State_ErrorsRiseAmongTheReleased_StopsAndBeginsAnew()
    {
        Judged[] before = [.. Verdicts(2_000, raw => raw > 100 || raw % 2 == 0)];
        var threshold = Automation.Of(Budget, before).Threshold.ShouldNotBeNull();
        Judged[] after = [.. Verdicts(3_000, raw => raw % 4 != 0).Where(verdict => verdict.Raw >= threshold)];

        var state = Automation.Of(Budget, [.. before, .. after.Take(100)]);

        state.Status.ShouldBe(AutomationStatus.Drifted);
        state.Threshold.ShouldBeNull();
        state.Stops.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            stop => stop.AmongReleased.ShouldBeTrue(),
            stop => stop.Threshold.ShouldBe(threshold),
            stop => stop.AtVerdict.ShouldBeInRange(2_010, 2_099));
        state.Verdicts.ShouldBe(2_100 - state.Stops[0].AtVerdict);
        state.Why.ShouldContain($"since verdict {state.Stops[0].AtVerdict}, when errors rose in the blind sample of what was released");
    }

    [Fact]
    public void State_ErrorsRiseBelowTheThreshold_StopsToo()
    {
        Judged[] before = [.. Verdicts(2_000, raw => raw > 100 || raw % 2 == 0)];
        var threshold = Automation.Of(Budget, before).Threshold.ShouldNotBeNull();
        var below = before.Where(verdict => verdict.Raw < threshold).Take(200).Select(verdict => verdict with { Correct = false, Sampled = false });

        Automation.Of(Budget, [.. before, .. below]).Stops.ShouldHaveSingleItem().AmongReleased.ShouldBeFalse();
    }

    [Fact]
    public void State_AfterAStop_ReleasesAgainOnNewVerdicts()
    {
        Judged[] before = [.. Verdicts(2_000, raw => raw > 100 || raw % 2 == 0)];
        Judged[] bad = [.. Verdicts(150, _ => false)];
        var alarm = Automation.Of(Budget, [.. before, .. bad]).Stops.ShouldHaveSingleItem().AtVerdict;

        var state = Automation.Of(Budget, [.. before, .. bad.Take(alarm - before.Length), .. before]);

        state.Stops.Count.ShouldBe(1);
        state.Status.ShouldBe(AutomationStatus.Releasing);
    }

    [Fact]
    public void SampleRate_ByThreshold_JudgesATenthMoreThanIsSeenAnyway()
    {
        var automation = new Automation(Budget);
        automation.SampleRate.ShouldBe(1);
        foreach (var verdict in Verdicts(320, _ => true))
        {
            automation.Add(verdict);
        }

        automation.Threshold.ShouldNotBeNull();
        automation.SampleRate.ShouldBeInRange(0.1m, 0.5m);
    }

    [Fact]
    public void Add_OneByOne_GivesTheStateOfAll()
    {
        Judged[] verdicts = [.. Verdicts(1_500, raw => raw > 150 || raw % 2 == 0)];
        var automation = new Automation(Budget);
        foreach (var verdict in verdicts)
        {
            automation.Add(verdict);
        }

        var all = Automation.Of(Budget, verdicts);
        automation.State().ShouldBeEquivalentTo(all);
        all.Ranking!.Estimate.ShouldBeGreaterThan(0.8m);
    }

    /// <summary>Scores spread evenly, in an order that repeats; whether a claim is right follows from its score in thousandths.</summary>
    private static IEnumerable<Judged> Verdicts(int count, Func<int, bool> right) =>
        Enumerable.Range(0, count).Select(i => ((i * 617) + 1) % 1_000).Select(raw => new Judged(new Score(raw / 1_000m), right(raw), true));
}
