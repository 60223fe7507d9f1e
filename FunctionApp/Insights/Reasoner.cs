using System.Diagnostics;
using Advisor.Documents.Contracts;
using Advisor.Insights.Analyst;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Expressions;
using Advisor.Kernel.Records;

namespace Advisor.Insights;

/// <summary>What an analysis came to.</summary>
public sealed record AnalysisOutcome(IReadOnlyList<InsightRecord> Insights, ReasoningChain Chain, int Rejected, IReadOnlyList<NotComputed> NotComputed, string? Finding);

/// <summary>Gathers facts, asks the built-in analyst, verifies, scores and routes; a function of its inputs but for the durations it notes.</summary>
public static class Reasoner
{
    /// <summary>Name and version of the built-in analyst.</summary>
    public const string ModelVersion = "built-in-analyst-1.0.0";

    public static AnalysisOutcome Reason(AnalysisRequest request, DocumentFindings findings, BandPolicy policy, int most, DateTimeOffset now)
    {
        var templateVersion = $"{request.AnalysisType}-rules-v1.0.0";
        var chain = new ReasoningChainBuilder(DeterministicId.Of("chain", request.AnalysisId), request.AnalysisId, templateVersion, ModelVersion);
        var clock = Stopwatch.StartNew();

        var index = new MetricIndex(findings.Facts);
        chain.Add("Gather facts and run proofs", new { request.DocumentId, facts = findings.Facts.Select(fact => fact.Id), findings.MetricTableVersion }, new
        {
            facts = findings.Facts.Count,
            metrics = index.Metrics.Order(StringComparer.Ordinal),
            proofs_held = findings.Proofs.Count(proof => proof.Outcome == ProofOutcome.Holds),
            proofs_failed = findings.Proofs.Where(proof => proof.Outcome == ProofOutcome.Fails).Select(proof => proof.Id),
            unproven = findings.Proofs.Where(proof => proof.Outcome == ProofOutcome.Unproven).Select(proof => proof.Id),
        }, Lap(clock));

        var report = Propose(request.AnalysisType, findings, index);
        var claims = report.Proposals.Select(proposal => (Proposal: proposal, Claim: new Claim
        {
            Template = proposal.Text.Template,
            Expressions = proposal.Text.Expressions,
            Type = request.AnalysisType,
        })).ToList();
        chain.Add("Ask the built-in analyst for claims", index.Metrics.Order(StringComparer.Ordinal), new
        {
            claims = claims.Select(c => new { c.Proposal.Rule, c.Claim }),
            not_computed = report.NotComputed,
        }, Lap(clock));

        var context = new EvaluationContext(findings.Facts.ToDictionary(fact => fact.Id, StringComparer.Ordinal), findings.Company, findings.Form);
        var verdicts = claims.ConvertAll(c => (c.Proposal, Verdict: ClaimVerifier.Verify(c.Claim, context)));
        var rejected = verdicts.Where(v => v.Verdict is RejectedClaim).Select(v => (v.Proposal, Verdict: (RejectedClaim)v.Verdict)).ToList();
        chain.Add("Verify every claim against the facts", claims.Select(c => c.Claim), new
        {
            accepted = verdicts.Count - rejected.Count,
            rejected = rejected.Select(r => new { r.Proposal.Rule, reasons = r.Verdict.Reasons.Select(reason => new { reason.Code, reason.Message }) }),
        }, Lap(clock));

        var assessed = verdicts.Where(v => v.Verdict is VerifiedClaim).Select(v => Assess(v.Proposal, (VerifiedClaim)v.Verdict, findings, context, policy)).ToList();
        var kept = assessed.OrderByDescending(a => a.Proposal.Proofs.Count > 0).ThenByDescending(a => a.Proposal.Amount ?? 0).Take(most).ToList();
        chain.Add("Score and route", verdicts.Count - rejected.Count, kept.Select(a => new
        {
            a.Proposal.Rule,
            a.Claim.Text,
            a.Assessment,
            a.Route,
        }), Lap(clock));

        Score? confidence = kept.Count == 0 ? null : new Score(Math.Round(kept.Average(a => a.Assessment.Probability.Value), 6));
        var closed = chain.Close(confidence, now);
        return new AnalysisOutcome(
            [.. kept.Select((a, i) => ToRecord(request, findings, a, i + 1, closed, templateVersion, now))],
            closed, rejected.Count, report.NotComputed, findings.Finding);
    }

    private sealed record Assessed(Proposal Proposal, VerifiedClaim Claim, IReadOnlyList<Fact> Facts, Assessment Assessment, Route Route);

    private static AnalystReport Propose(string type, DocumentFindings findings, MetricIndex index)
    {
        var report = type switch
        {
            AnalysisTypes.Anomaly => AnomalyRules.Apply(findings.Facts, findings.Proofs, index),
            AnalysisTypes.Trend => TrendRules.Apply(index),
            AnalysisTypes.Risk => RiskRules.Apply(index),
            _ => throw new InvalidOperationException($"There is no analysis '{type}'."),
        };
        return report with { Proposals = AnomalyRules.Limit(report.Proposals) };
    }

    private static Assessed Assess(Proposal proposal, VerifiedClaim claim, DocumentFindings findings, EvaluationContext context, BandPolicy policy)
    {
        IReadOnlyList<Fact> cited = [.. claim.FactIds.Select(id => context.Facts[id])];
        var assessment = Calibration.Prior.Assess(InsightScoring.SignalsOf(cited, proposal.Proofs, findings));
        var overrides = RouteOverrides.Of(assessment.Signals);
        overrides = overrides with { InjectedInstruction = findings.Instructions.Count > 0, UnknownGrounding = overrides.UnknownGrounding || assessment.Signals.Grounding < Score.One };
        var route = Router.Route(assessment.Probability, overrides, policy);
        return new Assessed(proposal, claim, cited, assessment, proposal.IsSuspicion ? route with { Band = Band.Low } : route);
    }

    private static InsightRecord ToRecord(
        AnalysisRequest request, DocumentFindings findings, Assessed item, int rank, ReasoningChain chain, string templateVersion, DateTimeOffset now) => new(
        DeterministicId.Of("insight", request.AnalysisId, item.Proposal.Rule, item.Claim.Text),
        request.AnalysisId, request.IngestionId, request.DocumentId, request.RunId, request.AnalysisType, item.Proposal.Rule,
        item.Claim.Text,
        item.Assessment.Probability.Value, item.Assessment.Raw.Value, item.Assessment.Provisional, item.Assessment.Signals,
        item.Route.Band,
        item.Route.Band switch
        {
            Band.High => InsightStatus.Published,
            Band.Medium => InsightStatus.AwaitingApproval,
            _ => InsightStatus.InReview,
        },
        item.Route.Band == Band.High ? Classification.Informational : Classification.ReviewRequired,
        [.. item.Route.Reasons.Select(InsightScoring.InWords).OfType<string>(), .. item.Proposal.IsSuspicion ? ["it points at a pattern, which a person judges"] : Array.Empty<string>()],
        item.Proposal.Evidence,
        [.. item.Facts.Select(SourceReference.Of)],
        item.Proposal.Proofs,
        item.Claim,
        item.Facts,
        findings.Company, findings.Form,
        item.Proposal.Amount, rank, chain.Id, ModelVersion, templateVersion,
        item.Assessment.ModelVersion, item.Assessment.CalibrationVersion, now,
        InsightRecord.SortKeyOf(now, request.AnalysisType, rank))
    {
        Metrics = [.. item.Facts.Select(fact => fact.Metric).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
    };

    private static TimeSpan Lap(Stopwatch clock)
    {
        var lap = clock.Elapsed;
        clock.Restart();
        return lap;
    }
}
