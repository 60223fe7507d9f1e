using Advisor.Documents.Contracts;
using Advisor.Insights.Analyst;
using Advisor.Insights.Contracts;
using Advisor.Insights.Corrections;
using Advisor.Insights.Proposing;
using Advisor.Insights.Replaying;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Expressions;
using Advisor.Kernel.Records;

namespace Advisor.Insights;

/// <summary>What an analysis came to.</summary>
public sealed record AnalysisOutcome(IReadOnlyList<InsightRecord> Insights, ReasoningChain Chain, int Rejected, IReadOnlyList<NotComputed> NotComputed, string? Finding)
{
    /// <summary>What became of a model's answer; null where none was asked.</summary>
    public ModelReview? Model { get; init; }

    /// <summary>Against the live analysis, for one in shadow; null for any other.</summary>
    public IReadOnlyList<AnalysisDifference>? Differences { get; init; }
}

/// <summary>Gathers facts, asks the built-in analyst, verifies, scores and routes; a function of its inputs but for the durations it notes.</summary>
public static class Reasoner
{
    /// <summary>Name and version of the built-in analyst.</summary>
    public const string ModelVersion = "built-in-analyst-1.0.0";

    /// <param name="terms">Bands, calibration, budget and limits that hold for the analysis.</param>
    /// <param name="model">What a language model was asked and answered; null where none was.</param>
    /// <param name="clock">Where durations come from; null measures them.</param>
    /// <param name="live">What to compare a shadow with; null for an analysis that is none.</param>
    public static AnalysisOutcome Reason(
        AnalysisRequest request, DocumentFindings findings, RoutingTerms terms, int most, DateTimeOffset now,
        ModelAnswers? model = null, StepClock? clock = null, LiveAnalysis? live = null)
    {
        clock ??= new StepClock();
        var context = new EvaluationContext(findings.Facts.ToDictionary(fact => fact.Id, StringComparer.Ordinal), findings.Company, findings.Form);
        var index = new MetricIndex(findings.Facts);
        var steps = new List<Action<ReasoningChainBuilder>>();
        Note(steps, clock, "Gather facts and run proofs", new { request.DocumentId, facts = findings.Facts.Select(fact => fact.Id), findings.MetricTableVersion, corrections = findings.Corrections.Count == 0 ? null : findings.Corrections }, new
        {
            facts = findings.Facts.Count,
            metrics = index.Metrics.Order(StringComparer.Ordinal),
            proofs_held = findings.Proofs.Count(proof => proof.Outcome == ProofOutcome.Holds),
            proofs_failed = findings.Proofs.Where(proof => proof.Outcome == ProofOutcome.Fails).Select(proof => proof.Id),
            unproven = findings.Proofs.Where(proof => proof.Outcome == ProofOutcome.Unproven).Select(proof => proof.Id),
        });

        var (report, claims) = ProposeClaims(request.AnalysisType, findings, index);
        Note(steps, clock, "Ask the built-in analyst for claims", index.Metrics.Order(StringComparer.Ordinal), new
        {
            claims = claims.Select(c => new { c.Proposal.Rule, c.Claim }),
            not_computed = report.NotComputed,
        });

        var verdicts = claims.ConvertAll(c => (c.Proposal, Verdict: ClaimVerifier.Verify(c.Claim, context)));
        var rejected = verdicts.Where(v => v.Verdict is RejectedClaim).Select(v => (v.Proposal, Verdict: (RejectedClaim)v.Verdict)).ToList();
        var held = verdicts.Where(v => v.Verdict is VerifiedClaim).Select(v => (v.Proposal, Claim: (VerifiedClaim)v.Verdict)).ToList();
        Note(steps, clock, "Verify every claim against the facts", claims.Select(c => c.Claim), new
        {
            accepted = verdicts.Count - rejected.Count,
            rejected = rejected.Select(r => new { r.Proposal.Rule, reasons = r.Verdict.Reasons.Select(reason => new { reason.Code, reason.Message }) }),
        });

        var review = model is null ? null : ModelProposals.Review(model, request.AnalysisType, context, [.. held.Select(item => (item.Proposal.Rule, item.Claim))]);
        if (model is not null)
        {
            steps.AddRange(ModelSteps.Of(model, review!, clock));
        }

        // A model's claims come after the built-in analyst's, and never take the place of one.
        var kept = held.Select(item => Assess(item.Proposal, item.Claim, null, findings, context, terms))
            .OrderByDescending(a => a.Proposal.Proofs.Count > 0).ThenByDescending(a => a.Proposal.Amount ?? 0).Take(most).ToList();
        kept.AddRange((review?.Accepted ?? []).Take(most).Select(item => Assess(ModelSteps.ProposalOf(item, model!.Question), item.Claim, item, findings, context, terms)));
        Note(steps, clock, "Score and route", held.Count + (review?.Accepted.Count ?? 0), kept.Select(a => new
        {
            a.Proposal.Rule,
            a.Claim.Text,
            a.Assessment,
            a.Route,
        }));

        // The chain is the model's where its answer could be used, and the built-in analyst's otherwise.
        var versions = new Versions($"{request.AnalysisType}-rules-v1.0.0", model is null ? "" : $"{model.Question.Prompt.Name}-v{model.Question.Prompt.Version}", review?.Model ?? "");
        var answered = review is { Failure: null };
        var chain = new ReasoningChainBuilder(
            DeterministicId.Of("chain", request.AnalysisId), request.AnalysisId, answered ? versions.Prompt : versions.Rules, answered ? versions.Model : ModelVersion);
        IReadOnlyList<InsightRecord> insights = [.. kept.Select((a, i) => ToRecord(request, findings, a, i + 1, DeterministicId.Of("chain", request.AnalysisId), versions, now) with
        {
            AlsoProposedBy = review?.Agreements.Any(agreement => a.Model is null && agreement.Rule == a.Proposal.Rule && agreement.Text == a.Claim.Text) == true ? versions.Prompt : null,
        })];
        var differences = live is null ? null : AnalysisDifferences.Of(live.Insights, insights);
        if (live is not null)
        {
            Note(steps, clock, "Compare with the live analysis", live.AnalysisId, new { live.AnalysisId, differences });
        }

        steps.ForEach(step => step(chain));
        // A model's claims move no figure but their own.
        var own = kept.FindAll(a => a.Model is null);
        Score? confidence = own.Count == 0 ? null : new Score(Math.Round(own.Average(a => a.Assessment.Probability.Value), 6));
        return new AnalysisOutcome(insights, chain.Close(confidence, now), rejected.Count + (review?.Refused.Count ?? 0), report.NotComputed, findings.Finding) { Model = review, Differences = differences };
    }

    /// <summary>What the built-in analyst says of a document, verified: its prose with the facts that it cites.</summary>
    public static IReadOnlyList<(string Text, IReadOnlyList<string> FactIds)> Said(string analysisType, DocumentFindings findings)
    {
        var context = new EvaluationContext(findings.Facts.ToDictionary(fact => fact.Id, StringComparer.Ordinal), findings.Company, findings.Form);
        return [.. ProposeClaims(analysisType, findings, new MetricIndex(findings.Facts)).Claims
            .Select(item => ClaimVerifier.Verify(item.Claim, context)).OfType<VerifiedClaim>().Select(claim => (claim.Text, claim.FactIds))];
    }

    private sealed record Assessed(Proposal Proposal, VerifiedClaim Claim, AcceptedProposal? Model, IReadOnlyList<Fact> Facts, Assessment Assessment, Route Route);

    /// <param name="Rules">Of the built-in analyst.</param>
    /// <param name="Prompt">Name and version of the prompt; empty where no model was asked.</param>
    private sealed record Versions(string Rules, string Prompt, string Model);

    private static void Note<TInputs, TResult>(List<Action<ReasoningChainBuilder>> steps, StepClock clock, string action, TInputs inputs, TResult result)
    {
        var lap = clock.Lap();
        steps.Add(chain => chain.Add(action, inputs, result, lap));
    }

    private static (AnalystReport Report, List<(Proposal Proposal, Claim Claim)> Claims) ProposeClaims(string type, DocumentFindings findings, MetricIndex index)
    {
        var report = Propose(type, findings, index);
        return (report, [.. report.Proposals.Select(proposal => (proposal, new Claim
        {
            Template = proposal.Text.Template,
            Expressions = proposal.Text.Expressions,
            Type = type,
        }))]);
    }

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

    /// <param name="model">The proposal of a model; null for the built-in analyst's.</param>
    private static Assessed Assess(Proposal proposal, VerifiedClaim claim, AcceptedProposal? model, DocumentFindings findings, EvaluationContext context, RoutingTerms terms)
    {
        IReadOnlyList<Fact> cited = [.. claim.FactIds.Select(id => context.Facts[id])];
        var signals = InsightScoring.SignalsOf(cited, proposal.Proofs, findings);
        var (assessment, without) = (terms.Calibration.Assess(signals with { Model = model?.Signal }), terms.Calibration.Assess(signals));
        var overrides = RouteOverrides.Of(assessment.Signals);
        overrides = overrides with { MaterialAmount = terms.IsMaterial(proposal.Amount), InjectedInstruction = findings.Instructions.Count > 0, UnknownGrounding = overrides.UnknownGrounding || assessment.Signals.Grounding < Score.One };
        // How sure a model is comes from its server: it may make a route stricter, and never looser.
        var route = Router.Route(Score.Min(without.Probability, assessment.Probability), Score.Min(without.Raw, assessment.Raw), overrides, terms);
        route = proposal.IsSuspicion ? route with { Band = Band.Low } : route;
        route = CorrectedFacts.Held(route, cited, findings);
        return new Assessed(proposal, claim, model, cited, assessment, model is not null && route.Band == Band.High ? route with { Band = Band.Medium } : route);
    }

    private static InsightRecord ToRecord(
        AnalysisRequest request, DocumentFindings findings, Assessed item, int rank, string chainId, Versions versions, DateTimeOffset now) => new(
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
        [
            .. item.Route.Reasons.Select(InsightScoring.InWords).OfType<string>(),
            .. CorrectedFacts.ReasonsOf(item.Facts),
            .. item.Proposal.IsSuspicion ? ["it points at a pattern, which a person judges"] : Array.Empty<string>(),
            .. item.Model is not null ? ["it was proposed by a language model"] : Array.Empty<string>(),
        ],
        CorrectedFacts.Marked(item.Proposal.Evidence, item.Facts),
        [.. item.Facts.Select(SourceReference.Of)],
        item.Proposal.Proofs,
        item.Claim,
        item.Facts,
        findings.Company, findings.Form,
        item.Proposal.Amount, rank, chainId, item.Model is null ? ModelVersion : versions.Model, item.Model is null ? versions.Rules : versions.Prompt,
        item.Assessment.ModelVersion, item.Assessment.CalibrationVersion, now,
        InsightRecord.SortKeyOf(now, request.AnalysisType, rank))
    {
        Metrics = [.. item.Facts.Select(fact => fact.Metric).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Category = item.Model?.Category,
        Explanation = item.Model?.Explanation,
        ByScoreAlone = item.Route.Reasons.Count == 1 && !item.Proposal.IsSuspicion && item.Model is null && !CorrectedFacts.ReasonsOf(item.Facts).Any(),
    };
}
