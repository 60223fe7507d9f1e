using System.Globalization;
using System.Text.Json.Serialization;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Verdicts;

/// <summary>How well scores have done against verdicts, what is released because of it, and what a budget would cost.</summary>
public sealed class CalibrationTriggers(IRecordStore records, CalibrationDesk desk, PolicyDesk policies, ReviewTimes times)
{
    [AllowAnyRole]
    [QueryParameters("kind")]
    [Function("GetCalibration")]
    public async Task<IResult> GetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/calibration")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (tenant, asked) = (request.Caller().Tenant, request.Query["kind"].ToString());
        var policy = await policies.CurrentAsync(tenant, cancellationToken);
        var views = new List<CalibrationView>();
        foreach (var kind in (await times.KindsAsync(tenant, cancellationToken)).Where(kind => asked.Length == 0 || kind.Kind == asked))
        {
            var (terms, record) = await desk.TermsAsync(tenant, policy, kind.Kind, cancellationToken);
            var verdicts = await desk.VerdictsAsync(tenant, kind.Kind, cancellationToken);
            views.Add(CalibrationView.Of(kind.Kind, policy, terms, record, verdicts));
        }

        return asked.Length > 0 && views.Count == 0 ? Problem.NotFound("kind of review", asked) : Answer.Ok(new CalibrationList(views));
    }

    [AllowAnyRole]
    [QueryParameters("budget", "kind")]
    [Function("GetCalibrationPlan")]
    public async Task<IResult> PlanAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/calibration/plan")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (tenant, asked) = (request.Caller().Tenant, request.Query["kind"].ToString());
        if (!decimal.TryParse(request.Query["budget"].ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) || ErrorBudget.FaultOf(share, 0.95m) is not null)
        {
            return Problem.Invalid("budget", string.Create(CultureInfo.InvariantCulture, $"'budget' is the share that may be wrong among what is released, from {ErrorBudget.Least} to {ErrorBudget.Most}: 0.02 is 2 %."));
        }

        var (budget, policy) = (new ErrorBudget(share), await policies.CurrentAsync(tenant, cancellationToken));
        var plans = new List<BudgetPlanView>();
        foreach (var kind in (await times.KindsAsync(tenant, cancellationToken)).Where(kind => asked.Length == 0 || kind.Kind == asked))
        {
            var (terms, record) = await desk.TermsAsync(tenant, policy, kind.Kind, cancellationToken);
            var cost = BudgetCost.Of(budget, await desk.RecentAsync(tenant, kind.Kind, cancellationToken), terms.Calibration, kind.Times.Count >= ReviewWorth.LeastTimes ? kind.MedianMinutes : null);
            plans.Add(new BudgetPlanView(kind.Kind, record?.Budget, cost));
        }

        return asked.Length > 0 && plans.Count == 0
            ? Problem.NotFound("kind of review", asked)
            : Answer.Ok(new PlanList(share, budget.Confidence, budget.Plan().Fewest, plans));
    }

    [AllowAnyRole]
    [QueryParameters("kind", "limit", "continuation")]
    [Function("GetCalibrationHistory")]
    public async Task<IResult> HistoryAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/calibration/history")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        if (problem is not null)
        {
            return problem;
        }

        if (request.Query["kind"].ToString() is not { Length: > 0 } kind)
        {
            return Problem.Invalid("kind", "'kind' is one of the kinds that GET /api/v1/calibration names, such as insight/trend.");
        }

        try
        {
            var query = new RecordQuery([new RecordFilter("kind", RecordOperator.Equal, kind)], "version", Descending: true, limit, Paging.Continuation(request));
            var page = await records.QueryAsync(CalibrationRecord.History, request.Caller().Tenant, query, cancellationToken);
            return Answer.Ok(new HistoryList([.. page.Items.Select(item => ThresholdView.Of(item.Value))], Paging.Next(request, page.Continuation)));
        }
        catch (InvalidContinuationException fault)
        {
            return Paging.BadContinuation(fault);
        }
    }

    private sealed record CalibrationList(IReadOnlyList<CalibrationView> Calibrations);

    private sealed record PlanList(decimal Budget, decimal Confidence, int FewestVerdicts, IReadOnlyList<BudgetPlanView> Plans);

    private sealed record HistoryList(IReadOnlyList<ThresholdView> History, Pagination Pagination);
}

/// <summary>What a budget would cost for a kind.</summary>
/// <param name="InForce">The budget that is set; absent where the bands decide.</param>
/// <param name="Cost">Absent while no claim of the kind has been scored.</param>
public sealed record BudgetPlanView(string Kind, decimal? InForce, BudgetCost? Cost);

/// <summary>A version of what was in force.</summary>
public sealed record ThresholdView(
    int Version, string Calibration, CalibrationCurve Curve, decimal? Budget, AutomationStatus? Status, decimal? Threshold, decimal SampleRate, string Why, int Verdicts, string Cause, string By, DateTimeOffset At)
{
    public static ThresholdView Of(CalibrationRecord record) => new(
        record.Version, record.Calibration.Version, record.Calibration.Curve, record.Budget, record.Status, record.Threshold?.Value, record.SampleRate, record.Why, record.Verdicts, record.Cause, record.By, record.At);
}

/// <summary>How well the scores of a kind have done.</summary>
/// <param name="Provisional">No verdict stands behind the calibration yet.</param>
/// <param name="Report">Against the probability that each claim had when it was routed; accepted are those of the high band's threshold in force.</param>
/// <param name="Ranking">The AUROC of the raw scores with its 95 % interval; absent while all were right or all wrong.</param>
/// <param name="Budget">Absent where the bands decide.</param>
/// <param name="Why">What is released without a person at present, and why.</param>
public sealed record CalibrationView(
    string Kind, string Calibration, bool Provisional, int Verdicts, int Right, int Wrong, ConfidenceReport Report, AurocInterval? Ranking, BandsView Bands, BudgetView? Budget, string Why,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    /// <summary>Points of the risk-coverage curve that are shown: enough to draw it.</summary>
    public const int MostPoints = 100;

    public static CalibrationView Of(string kind, TenantPolicy policy, RoutingTerms terms, CalibrationRecord? record, IReadOnlyList<VerdictRecord> all)
    {
        var verdicts = all.Where(verdict => !verdict.IsMissing).ToList();
        List<Graded> graded = [.. verdicts.Select(verdict => new Graded(verdict.Probability, verdict.Correct))];
        var right = graded.Count(item => item.Correct);
        var query = Uri.EscapeDataString(kind);
        return new CalibrationView(
            kind, terms.Calibration.Version, terms.Calibration.IsProvisional, graded.Count, right, graded.Count - right,
            Thinned(ConfidenceReport.Of(graded, terms.Bands.High)), AurocInterval.Of([.. verdicts.Select(verdict => new Graded(verdict.Raw, verdict.Correct))]),
            new BandsView(terms.Bands.High, terms.Bands.Medium),
            terms.Budget is { } budget ? new BudgetView(budget.Share, budget.Status, budget.Threshold?.Value, CalibrationDesk.RateOf(policy, record)) : null,
            record?.Why ?? "No verdict has been given yet: the bands of the policy decide, on scores that are provisional.",
            new Dictionary<string, Link>
            {
                ["history"] = new($"/api/v1/calibration/history?kind={query}"),
                ["reviews"] = new($"/api/v1/reviews?kind={query}"),
                ["policy"] = new("/api/v1/policy"),
            });
    }

    /// <summary>Every so many points of a long curve, and the last: the area is of all of them.</summary>
    private static ConfidenceReport Thinned(ConfidenceReport report)
    {
        var points = report.RiskCoverage.Points;
        var step = (points.Count + MostPoints - 1) / MostPoints;
        return points.Count <= MostPoints ? report : report with
        {
            RiskCoverage = report.RiskCoverage with { Points = [.. points.Where((_, i) => (points.Count - 1 - i) % step == 0)] },
        };
    }
}

/// <summary>The thresholds on the calibrated probability, both inclusive.</summary>
public sealed record BandsView(decimal High, decimal Medium);

/// <param name="Threshold">On the raw score; absent while nothing is released under the budget.</param>
/// <param name="SampleRate">Share of all claims that a person judges blindly.</param>
public sealed record BudgetView(decimal Share, AutomationStatus Status, decimal? Threshold, decimal SampleRate);
