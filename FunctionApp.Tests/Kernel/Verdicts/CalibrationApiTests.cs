using System.Globalization;
using System.Net;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Verdicts;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Kernel.Reviews;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Verdicts;

/// <summary>What verdicts teach, over HTTP.</summary>
public sealed class CalibrationApiTests : IAsyncLifetime
{
    private const string Kind = "sample/thing";

    private ReviewHost? _host;
    private ApiClient? _cfo;

    private ReviewHost Host => _host!;

    private ApiClient Cfo => _cfo!;

    private CalibrationDesk Desk => Host.Advisor.Services.GetRequiredService<CalibrationDesk>();

    public async ValueTask InitializeAsync()
    {
        _host = await ReviewHost.StartAsync();
        _cfo = await Host.Advisor.ClientAsync(Role.Cfo);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    [Fact]
    public async Task Verdict_Settled_IsCountedOnceAndTakenIn()
    {
        var id = await Host.OpenAsync();
        (await ReviewHost.DecideAsync(Cfo, id, "reject")).Status.ShouldBe(HttpStatusCode.OK);
        await Host.UntilAsync(id, review => review.Status == ReviewStatus.Settled);
        var calibration = await UntilAsync(record => record.Verdicts == 1);
        (calibration.Version, calibration.Calibration.Version, calibration.Cause).ShouldBe((1, Calibration.Prior.Version, "verdicts"));

        // The step that told of it is repeated after a crash.
        await Desk.EndedAsync(ReviewHost.Tenant, await Host.ReviewAsync(id), TestContext.Current.CancellationToken);
        var shown = (await Cfo.GetAsync($"/api/v1/calibration?kind={Kind}"))["calibrations"][0];
        (shown.GetProperty("verdicts").GetInt32(), shown.GetProperty("wrong").GetInt32(), shown.GetProperty("provisional").GetBoolean()).ShouldBe((1, 1, true));
        shown.GetProperty("why").GetString().ShouldBe("No error budget is set: the bands of the policy decide.");
        (await Cfo.GetAsync("/api/v1/calibration?kind=sample/nothing")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Report_ManyVerdicts_IsWhatTheirScoresAndOutcomesMake()
    {
        var verdicts = await GiveAsync(400, new Random(3));
        var record = await UpdateAsync();
        record.Calibration.Version.ShouldStartWith("platt-");
        var shown = (await Cfo.GetAsync($"/api/v1/calibration?kind={Kind}"))["calibrations"][0];
        var expected = ConfidenceReport.Of([.. verdicts.Select(verdict => new Graded(verdict.Probability, verdict.Correct))], 0.85m);
        var report = shown.GetProperty("report");
        report.GetProperty("ece").GetDecimal().ShouldBe(expected.Ece);
        report.GetProperty("brier").GetDecimal().ShouldBe(expected.Brier);
        report.GetProperty("auroc").GetDecimal().ShouldBe(expected.Auroc!.Value);
        report.GetProperty("accepted").GetInt32().ShouldBe(expected.Accepted);
        shown.GetProperty("calibration").GetString().ShouldBe(record.Calibration.Version);
        var history = (await Cfo.GetAsync($"/api/v1/calibration/history?kind={Kind}"))["history"];
        history[0].GetProperty("calibration").GetString().ShouldBe(record.Calibration.Version);
        (await Cfo.GetAsync("/api/v1/calibration/history")).ShouldBlame("kind");
    }

    /// <summary>The first verdicts of a kind: one right and one wrong, in either order of score.</summary>
    [Theory]
    [InlineData(0.2, 0.9)]
    [InlineData(0.9, 0.2)]
    [InlineData(0.5, 0.5)]
    public async Task Report_OneRightAndOneWrong_IsShown(double right, double wrong)
    {
        var verdicts = await GiveAsync(2, new Random(1), wrong: 1);
        var raws = new[] { Score.Clamp((decimal)wrong), Score.Clamp((decimal)right) };
        await Host.Records.PutManyAsync(VerdictRecord.Container, ReviewHost.Tenant, [.. verdicts.Select((verdict, i) => (verdict.Id, verdict with { Raw = raws[i], Probability = raws[i] }))], TestContext.Current.CancellationToken);
        var shown = await Cfo.GetAsync($"/api/v1/calibration?kind={Kind}");
        shown.Status.ShouldBe(HttpStatusCode.OK, string.Join("; ", Host.Advisor.Complaints.Lines));
        shown["calibrations"][0].GetProperty("ranking").GetProperty("right").GetInt32().ShouldBe(1);
    }

    /// <summary>Computed again from the same verdicts, nothing is another version.</summary>
    [Fact]
    public async Task Update_NothingNew_WritesNothing()
    {
        await GiveAsync(60, new Random(4));
        var first = await UpdateAsync();
        (await UpdateAsync()).ShouldBe(first with { Calibration = first.Calibration }, "the same version");
        (await Cfo.GetAsync($"/api/v1/calibration/history?kind={Kind}"))["history"].GetArrayLength().ShouldBe(1);
    }

    /// <summary>A kind with a few verdicts from before another prior was shipped.</summary>
    [Fact]
    public async Task Terms_RecordUnderAnOlderPrior_AreThoseOfThePriorOfToday()
    {
        await GiveAsync(3, new Random(9));
        var record = await UpdateAsync();
        record.Calibration.IsProvisional.ShouldBeTrue();
        await PutAsync(record with { Calibration = Calibration.JudgedPrior });
        (await TermsAsync()).Terms.Calibration.ShouldBeSameAs(Calibration.Prior);

        var fitted = Calibration.JudgedPrior with { Version = "platt-1", Verdicts = 40 };
        await PutAsync(record with { Calibration = fitted });
        (await TermsAsync()).Terms.Calibration.Version.ShouldBe("platt-1");

        async Task PutAsync(CalibrationRecord held) =>
            await Host.Records.PutManyAsync(CalibrationRecord.Container, ReviewHost.Tenant, [(CalibrationRecord.IdOf(Kind), held)], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Budget_SetAndEarned_ReleasesFromItsThreshold()
    {
        await GiveAsync(2_000, new Random(5), wrong: 0);
        await SetBudgetAsync(0.02m);
        var (terms, record) = await TermsAsync();
        (terms.Budget!.Status, record!.Cause).ShouldBe((AutomationStatus.Releasing, "policy"));
        Router.Route(new Score(0.5m), terms.Budget.Threshold!.Value, new RouteOverrides(), terms).ShouldSatisfyAllConditions(
            route => route.Band.ShouldBe(Band.High), route => route.Reasons.ShouldBe([RouteReason.WithinBudget]));
        var shown = (await Cfo.GetAsync($"/api/v1/calibration?kind={Kind}"))["calibrations"][0];
        shown.GetProperty("budget").GetProperty("status").GetString().ShouldBe("releasing");
        shown.GetProperty("why").GetString().ShouldStartWith("Released from a raw score of ");
        var changed = (await (await Host.Advisor.ClientAsync(Role.Admin)).GetAsync("/api/v1/audit?action=calibration.changed"))["entries"][0];
        changed.GetProperty("result").GetString().ShouldBe("releasing");
    }

    [Fact]
    public async Task Budget_TooFewVerdicts_LeavesTheBandsAndJudgesEverything()
    {
        await GiveAsync(20, new Random(6), wrong: 0);
        await SetBudgetAsync(0.02m);
        var (terms, record) = await TermsAsync();
        (terms.Budget!.Status, terms.Budget.Threshold, record!.SampleRate).ShouldBe((AutomationStatus.Gathering, null, 1m));
        Router.Route(new Score(0.9m), new Score(0.9m), new RouteOverrides(), terms).Band.ShouldBe(Band.High);
    }

    /// <summary>Every combination of how a review can end: what is kept of it, and whether it counts for a budget.</summary>
    [Fact]
    public void VerdictOf_EveryEnd_CountsWhatItMay()
    {
        foreach (var status in Enum.GetValues<ReviewStatus>())
        {
            foreach (var decision in Enum.GetValues<ReviewDecision>().Cast<ReviewDecision?>().Append(null))
            {
                foreach (var (sampled, alone) in new[] { (true, true), (true, false), (false, true), (false, false) })
                {
                    var review = SampleReviews.Open(DateTimeOffset.UnixEpoch) with
                    {
                        Status = status, Sampled = sampled, ByScoreAlone = alone, Outcome = new ReviewOutcome(decision, [], [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, ""),
                    };
                    var kept = VerdictRecord.Of(review);
                    var counts = sampled && alone;
                    (kept is not null).ShouldBe((status, decision) switch
                    {
                        (ReviewStatus.Settled, not null) => true,
                        (ReviewStatus.Expired, not null) => true,
                        (ReviewStatus.Expired, null) => counts,
                        _ => false,
                    }, $"{status} {decision} {sampled} {alone}");
                    if (kept is not null)
                    {
                        (kept.Correct, kept.Counts, kept.IsMissing).ShouldBe((decision == ReviewDecision.Approve, counts, decision is null));
                    }

                    VerdictRecord.Of(review with { Planted = ReviewDecision.Reject }).ShouldBeNull();
                    VerdictRecord.Of(review with { RawScore = null }).ShouldBeNull();
                }
            }
        }
    }

    /// <summary>Whoever lets the doubtful ones lie earns no budget by it, and teaches the scores nothing.</summary>
    [Fact]
    public async Task Budget_SampledClaimsThatExpired_CountAsErrors()
    {
        var verdicts = await GiveAsync(2_000, new Random(5), wrong: 0);
        var missing = verdicts.Take(400).Select(verdict => (verdict.Id, verdict with { Decision = null, Correct = false })).ToList();
        await Host.Records.PutManyAsync(VerdictRecord.Container, ReviewHost.Tenant, missing, TestContext.Current.CancellationToken);
        await SetBudgetAsync(0.02m);
        var (terms, record) = await TermsAsync();
        terms.Budget!.Status.ShouldBe(AutomationStatus.Testing);
        (record!.Verdicts, record.Calibration.Version).ShouldBe((1_600, Calibration.Prior.Version));
    }

    [Fact]
    public async Task Plan_BeforeABudgetIsSet_SaysWhatItCosts()
    {
        await Host.OpenAsync();
        await Desk.NoteAsync(ReviewHost.Tenant, Kind, [.. Enumerable.Range(0, 300).Select(i => ($"claim-{i}", 0.5m + (i / 600m)))], TestContext.Current.CancellationToken);
        var plan = await Cfo.GetAsync($"/api/v1/calibration/plan?budget=0.02&kind={Kind}");
        plan.Status.ShouldBe(HttpStatusCode.OK, plan.Text);
        plan["fewest_verdicts"].GetInt32().ShouldBe(new ErrorBudget(0.02m).Plan().Fewest);
        var cost = plan["plans"][0].GetProperty("cost");
        cost.GetProperty("without_error").GetInt32().ShouldBe(new ErrorBudget(0.02m).Plan().Fewest);
        cost.GetProperty("provisional").GetBoolean().ShouldBeTrue();
        (await Cfo.GetAsync("/api/v1/calibration/plan?budget=0.0001")).ShouldBlame("budget");
        (await Cfo.GetAsync("/api/v1/calibration/plan")).ShouldBlame("budget");
    }

    [Fact]
    public async Task AnotherTenant_HasNoneOfIt()
    {
        await Host.OpenAsync();
        await GiveAsync(40, new Random(8));
        await UpdateAsync();
        var other = await Host.Advisor.ClientOfEveryRoleAsync("southwind");
        (await other.GetAsync("/api/v1/calibration"))["calibrations"].GetArrayLength().ShouldBe(0);
        (await other.GetAsync($"/api/v1/calibration/history?kind={Kind}"))["history"].GetArrayLength().ShouldBe(0);
    }

    /// <summary>Verdicts on claims whose scores are true: a claim of raw score x is right with a chance near x.</summary>
    private async Task<List<VerdictRecord>> GiveAsync(int count, Random random, int? wrong = null)
    {
        await Host.Advisor.Services.GetRequiredService<ReviewTimes>().NoteAsync(ReviewHost.Tenant, Kind, TestContext.Current.CancellationToken);
        var verdicts = new List<VerdictRecord>();
        for (var i = 0; i < count; i++)
        {
            var raw = Score.Clamp(decimal.Round((decimal)random.NextDouble(), 6));
            var correct = wrong is null ? random.NextDouble() < (double)raw.Value : i >= wrong;
            verdicts.Add(new VerdictRecord(
                $"review-{i}", Kind, $"claim-{i}", raw, Calibration.Prior.Curve.Apply(raw), correct, true, true, correct ? ReviewDecision.Approve : ReviewDecision.Reject, ["ann"],
                DateTimeOffset.Parse("2026-01-01", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() + i, $"claim-{i}"));
        }

        await Host.Records.PutManyAsync(VerdictRecord.Container, ReviewHost.Tenant, [.. verdicts.Select(verdict => (verdict.Id, verdict))], TestContext.Current.CancellationToken);
        return verdicts;
    }

    private async Task SetBudgetAsync(decimal share)
    {
        var before = await Cfo.GetAsync("/api/v1/policy");
        var (proposer, policy) = (await Host.Advisor.ClientAsync(Role.Admin), Host.Advisor.Services.GetRequiredService<PolicyDesk>());
        var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/policy")
        {
            Content = new StringContent(
                $$$"""
                {"bands": {"high": 0.85, "medium": 0.6}, "error_budgets": {"{{{Kind}}}": {{{share.ToString(CultureInfo.InvariantCulture)}}}}, "chain": [{"role": "reviewer", "hours": 24}],
                 "remind_after": 0.5, "claim_minutes": 30, "sampling": {"high_band_rate": 0.05, "seeded_rate": 0}, "reason": "let scores earn their release"}
                """, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", before.Headers.ETag!.ToString());
        var proposed = await proposer.SendAsync(request);
        proposed.Status.ShouldBe(HttpStatusCode.Accepted, proposed.Text);
        var pending = await Cfo.GetAsync("/api/v1/policy/pending");
        var approval = new HttpRequestMessage(HttpMethod.Post, "/api/v1/policy/pending/approve");
        approval.Headers.TryAddWithoutValidation("If-Match", pending.Headers.ETag!.ToString());
        (await Cfo.SendAsync(approval)).Status.ShouldBe(HttpStatusCode.OK);
        (await policy.CurrentAsync(ReviewHost.Tenant, TestContext.Current.CancellationToken)).ErrorBudgetFor(Kind).ShouldBe(share);
    }

    private async Task<CalibrationRecord> UpdateAsync() => await Desk.UpdateAsync(
        ReviewHost.Tenant, await Host.Advisor.Services.GetRequiredService<PolicyDesk>().CurrentAsync(ReviewHost.Tenant, TestContext.Current.CancellationToken), Kind, TestContext.Current.CancellationToken);

    private async Task<(RoutingTerms Terms, CalibrationRecord? Record)> TermsAsync() => await Desk.TermsAsync(
        ReviewHost.Tenant, await Host.Advisor.Services.GetRequiredService<PolicyDesk>().CurrentAsync(ReviewHost.Tenant, TestContext.Current.CancellationToken), Kind, TestContext.Current.CancellationToken);

    private async Task<CalibrationRecord> UntilAsync(Func<CalibrationRecord, bool> wanted)
    {
        for (var look = 0; look < 1_000; look++)
        {
            if (await Host.Records.FindAsync(CalibrationRecord.Container, ReviewHost.Tenant, CalibrationRecord.IdOf(Kind), TestContext.Current.CancellationToken) is { Value: var record } && wanted(record))
            {
                return record;
            }

            Host.Clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The verdict was not taken in.");
    }
}
