using Advisor.Kernel.Confidence;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class ErrorBudgetTests
{
    [Theory]
    [InlineData(0.0049, 0.95, "An error budget is from 0.005 (0.5 %) to 0.20 (20 %).")]
    [InlineData(0.21, 0.95, "An error budget is from 0.005 (0.5 %) to 0.20 (20 %).")]
    [InlineData(0.02, 0.79, "The confidence of an error budget is from 0.80 to 0.99.")]
    [InlineData(0.02, 0.995, "The confidence of an error budget is from 0.80 to 0.99.")]
    public void New_OutOfRange_IsRefused(double share, double confidence, string message)
    {
        ErrorBudget.FaultOf((decimal)share, (decimal)confidence).ShouldBe(message);
        Should.Throw<ArgumentException>(() => new ErrorBudget((decimal)share, (decimal)confidence)).Message.ShouldStartWith(message);
    }

    [Theory]
    [InlineData(0.005, 643)]
    [InlineData(0.01, 321)]
    [InlineData(0.02, 160)]
    [InlineData(0.05, 63)]
    public void Plan_NoErrors_PassesAtTheFirstLook(double share, int verdicts)
    {
        var plan = new ErrorBudget((decimal)share).Plan();

        plan.Fewest.ShouldBe(verdicts);
        plan.Looks[0].ShouldBe(new Look(verdicts, 0));
        plan.Looks[^1].Verdicts.ShouldBeInRange(AcceptancePlan.LastVerdicts * 9 / 10, AcceptancePlan.LastVerdicts);
        plan.Looks.Zip(plan.Looks.Skip(1)).ShouldAllBe(pair => pair.First.Verdicts < pair.Second.Verdicts && pair.First.Errors <= pair.Second.Errors);
    }

    /// <summary>A threshold exactly at its budget passes with the chance allowed at most; one that is worse, less often; one at half of it, sooner or later.</summary>
    [Theory]
    [InlineData(0.005)]
    [InlineData(0.02)]
    [InlineData(0.2)]
    public void Plan_OverAllLooks_SpendsNoMoreThanTheChance(double share)
    {
        var plan = new ErrorBudget((decimal)share).Plan();

        var atBudget = plan.PassedBy(share)[^1];
        atBudget.ShouldBeInRange(0.045, 0.05);
        plan.PassedBy(share * 1.1)[^1].ShouldBeLessThan(atBudget);
        plan.PassedBy(share / 2)[^1].ShouldBeGreaterThan(0.97);
    }

    /// <summary>The same by throwing coins, so that nothing hangs on the sums above.</summary>
    [Fact]
    public void Plan_ThrownCoins_PassNoMoreOftenThanSaid()
    {
        var plan = new ErrorBudget(0.05m).Plan();
        var (random, passed) = (new Random(5), 0);
        for (var run = 0; run < 4_000; run++)
        {
            var (errors, count, did) = (0, 0, false);
            foreach (var look in plan.Looks.TakeWhile(look => look.Verdicts < 2_000))
            {
                for (; count < look.Verdicts; count++)
                {
                    errors += random.NextDouble() < 0.05 ? 1 : 0;
                }

                did |= errors <= look.Errors;
            }

            passed += did ? 1 : 0;
        }

        passed.ShouldBeInRange(100, 240);
    }

    [Fact]
    public void Plan_EveryLook_IsStricterThanTheExactBound() =>
        new ErrorBudget(0.02m).Plan().Looks.ShouldAllBe(look => ClopperPearson.Upper(look.Errors, look.Verdicts, 0.95m) <= 0.02m);

    [Fact]
    public void Chooses_ManyIds_TakesTheRateAndAlwaysTheSame()
    {
        var ids = Enumerable.Range(0, 20_000).Select(i => $"claim-{i}").ToList();
        var chosen = ids.Where(id => BlindSample.Chooses(id, "salt")).ToList();

        chosen.Count.ShouldBeInRange(1_850, 2_150);
        chosen.ShouldAllBe(id => BlindSample.Chooses(id, "salt", 0.5m));
        ids.Count(id => BlindSample.Chooses(id, "salt") && BlindSample.Chooses(id, "another")).ShouldBeInRange(140, 260);
        ids.ShouldAllBe(id => BlindSample.Chooses(id, "salt", 1) && !BlindSample.Chooses(id, "salt", 0));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Chooses_RateOutOfRange_IsRefused(double rate) =>
        Should.Throw<ArgumentOutOfRangeException>(() => BlindSample.Chooses("claim", "salt", (decimal)rate));

    [Fact]
    public void Cost_BeforeItIsSet_TellsVerdictsSharesAndMinutes()
    {
        var calibration = new Calibration("platt-12345678", new CalibrationCurve.Platt(1, 0), 400);
        Score[] scores = [.. Enumerable.Range(0, 1_000).Select(i => new Score(i < 300 ? 0.98m : i < 600 ? 0.9m : 0.5m))];

        BudgetCost.Of(new ErrorBudget(0.05m), scores, calibration, 1.5m)!.ShouldSatisfyAllConditions(
            cost => cost.StrictestShare.ShouldBe(0.3m),
            cost => cost.ExpectedErrors.ShouldBe(0.02m),
            cost => cost.WithoutError.ShouldBe(63),
            cost => cost.ReviewsWithoutError.ShouldBe(210),
            cost => cost.Verdicts!.Value.ShouldBeInRange(100, 400),
            cost => cost.Reviews.ShouldBe((int)Math.Ceiling(cost.Verdicts!.Value / 0.3m)),
            cost => cost.ReleasedShare.ShouldBe(0.3m),
            cost => cost.MinutesWithoutError.ShouldBe(315),
            cost => cost.Minutes.ShouldBe(1.5m * cost.Reviews),
            cost => cost.Provisional.ShouldBeFalse());
        BudgetCost.Of(new ErrorBudget(0.01m), scores, calibration)!.ShouldSatisfyAllConditions(
            cost => cost.Verdicts.ShouldBeNull(),
            cost => cost.Reviews.ShouldBeNull(),
            cost => cost.ReleasedShare.ShouldBe(0),
            cost => cost.MinutesWithoutError.ShouldBeNull());
        BudgetCost.Of(new ErrorBudget(0.2m), scores, Calibration.Prior)!.Provisional.ShouldBeTrue();
        BudgetCost.Of(new ErrorBudget(0.01m), [], calibration).ShouldBeNull();
    }
}
