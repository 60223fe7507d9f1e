using Advisor.Insights.Analyst;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Claims.Meaning;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Insights.Proposing;

/// <summary>What was asked of a model and what is recorded of its answer.</summary>
public sealed record ModelAnswers(ModelQuestion Question, ModelExchange Exchange);

/// <summary>A claim of a model that holds, in the product's words.</summary>
/// <param name="Signal">Share of the samples that make the same claim, where several were asked; else the geometric mean of the tokens' probabilities; null where neither is known.</param>
/// <param name="Amount">Money that it is about; null for none.</param>
public sealed record AcceptedProposal(
    VerifiedClaim Claim, VerifiedClaim? Explanation, string Category, Score? Signal, decimal? Amount, IReadOnlyList<Evidence> Evidence);

/// <summary>A claim of a model that the built-in analyst makes, too: it is shown once, in the analyst's words.</summary>
public sealed record Agreement(string Rule, string Text);

/// <summary>An explanation that did not hold; its claim stands without it.</summary>
public sealed record DroppedExplanation(string Claim, IReadOnlyList<RefusalReason> Reasons);

/// <summary>What became of a model's answers.</summary>
/// <param name="Failure">Why nothing of them could be used; null where something could be.</param>
/// <param name="Model">The model that answered, as the server names it.</param>
public sealed record ModelReview(
    IReadOnlyList<AcceptedProposal> Accepted, IReadOnlyList<RefusedClaim> Refused, IReadOnlyList<Agreement> Agreements, IReadOnlyList<DroppedExplanation> Dropped, ModelFailure? Failure, string? Model);

/// <summary>Verifies what a model proposes, and words it. A function of the recordings and the facts.</summary>
public static class ModelProposals
{
    /// <param name="said">The built-in analyst's verified claims with their rules.</param>
    public static ModelReview Review(ModelAnswers answers, string analysisType, EvaluationContext context, IReadOnlyList<(string Rule, VerifiedClaim Claim)> said)
    {
        var samples = answers.Exchange.Answered;
        if (samples.Count == 0)
        {
            return Fallen(answers.Exchange.Failure ?? new ModelFailure(ModelFailure.Unavailable, "No answer is recorded."), null);
        }

        var words = new ProposalWords(context);
        var refused = new List<RefusedClaim>();
        var held = new List<(int Sample, ProposedClaim Proposed, WordedClaim Claim, IReadOnlyList<string> Key)>();
        var usable = new List<ModelRecording>();
        foreach (var sample in samples)
        {
            if (ModelAnswer.Read(sample.Answer!, sample.Sample, analysisType) is not { } read)
            {
                continue;
            }

            usable.Add(sample);
            refused.AddRange(read.Refused);
            foreach (var proposed in read.Claims)
            {
                var (worded, faults) = words.Write(proposed.Claim);
                if (worded is not null)
                {
                    held.Add((sample.Sample, proposed, worded, ClaimKey.Of(worded.Claim.Claim)));
                }
                else
                {
                    refused.Add(new RefusedClaim(sample.Sample, proposed.Place, ModelAnswer.Shortened(proposed.Claim.Template), ReasonsOf(faults)));
                }
            }
        }

        if (usable.Count == 0)
        {
            return Fallen(new ModelFailure(ModelFailure.InvalidAnswer, "The answer holds no list of claims."), samples[0].Model);
        }

        var known = said.Select(item => (item.Rule, item.Claim.Text, Key: ClaimKey.Of(item.Claim.Claim))).ToList();
        var accepted = new List<AcceptedProposal>();
        var agreements = new List<Agreement>();
        var dropped = new List<DroppedExplanation>();
        foreach (var same in held.GroupBy(item => string.Join('\n', item.Key), StringComparer.Ordinal))
        {
            var first = same.First();
            if (known.Find(item => ClaimKey.IsWithin(first.Key, item.Key)) is { Rule: not null } other)
            {
                if (ClaimKey.ComputesMore(first.Key))
                {
                    agreements.Add(new Agreement(other.Rule, other.Text));
                }
                else
                {
                    // A value that the analyst tells on the way is no opinion of it.
                    refused.Add(new RefusedClaim(first.Sample, first.Proposed.Place, ModelAnswer.Shortened(first.Proposed.Claim.Template), [new RefusalReason("already_said", "The built-in analyst tells this value.")]));
                }

                continue;
            }

            var explanation = Explain(first.Proposed, first.Claim.Claim, words, dropped);
            var agreeing = same.Select(item => item.Sample).Distinct().Count();
            accepted.Add(new AcceptedProposal(
                first.Claim.Claim, explanation, first.Proposed.Category, SignalOf(agreeing, answers.Exchange.Samples.Count, usable.Find(sample => sample.Sample == first.Sample)!),
                AmountOf(first.Claim.Measures), EvidenceOf(first.Claim.Measures)));
        }

        return new ModelReview([.. accepted.DistinctBy(item => item.Claim.Text, StringComparer.Ordinal).OrderByDescending(item => item.Amount ?? 0)], refused, [.. agreements.Distinct()], dropped, null, usable[0].Model);
    }

    /// <summary>Why the built-in analyst works alone, for people.</summary>
    public static string InWords(ModelFailure failure) => "The built-in analyst works alone: " + failure.Code switch
    {
        ModelFailure.NoModel => "no language model is configured.",
        ModelFailure.BudgetExceeded => "the language model's budget is spent.",
        ModelFailure.Unavailable => "the language model could not be reached.",
        ModelFailure.RateLimited => "the language model takes no more requests for now.",
        ModelFailure.TimedOut => "the language model did not answer in time.",
        ModelFailure.Refused => "the language model declined.",
        ModelFailure.ContentFiltered => "the language model's server withheld the prompt or the answer.",
        ModelFailure.CutOff => "the language model's answer broke off.",
        ModelFailure.TooLong => "the language model's answer did not end.",
        ModelFailure.InvalidAnswer => "the language model's answer is not what was asked for.",
        ModelFailure.ToolCall => "the language model tried to call a tool, and has none.",
        ModelFailure.PromptTooLong => "the document's facts do not fit into a prompt.",
        ModelFailure.NotRecorded => "asking the language model failed.",
        _ => $"there is no answer of the language model ({failure.Code}).",
    };

    private static ModelReview Fallen(ModelFailure failure, string? model) => new([], [], [], [], failure, model);

    private static VerifiedClaim? Explain(ProposedClaim proposed, VerifiedClaim claim, ProposalWords words, List<DroppedExplanation> dropped)
    {
        if (proposed.Explanation is null)
        {
            return null;
        }

        var (worded, faults) = words.Write(proposed.Explanation);
        if (worded is { Claim: var explained } && explained.FactIds.All(claim.FactIds.Contains))
        {
            return explained.Text == claim.Text ? null : explained;
        }

        dropped.Add(new DroppedExplanation(claim.Text, worded is null ? ReasonsOf(faults) : [new RefusalReason("other_facts", "The explanation cites facts that its claim does not.")]));
        return null;
    }

    private static List<RefusalReason> ReasonsOf(IReadOnlyList<ClaimRejection> faults) => [.. faults.Select(reason => new RefusalReason(reason.Code, ModelAnswer.Shortened(reason.Message)))];

    private static Score? SignalOf(int agreeing, int asked, ModelRecording answer) =>
        asked > 1 ? new Score(Math.Round((decimal)agreeing / asked, 6))
            : answer.MeanLogProbability is { } mean ? Score.Clamp(Math.Round((decimal)Math.Exp((double)Math.Min(mean, 0)), 6))
            : null;

    /// <summary>The largest change, difference or sum of money that the claim computes, else its largest value.</summary>
    private static decimal? AmountOf(IReadOnlyList<Measure> measures)
    {
        var moved = measures.Where(measure => measure.Facts.Count > 0 && measure.Facts.All(fact => fact.Unit == Unit.Currency)).ToList();
        var computed = moved.Select(measure => measure switch
        {
            Measure.Change change => (decimal?)Math.Abs(change.Later.Value - change.Earlier.Value),
            Measure.Gap gap => Math.Abs(Math.Abs(gap.Left.Value) - Math.Abs(gap.Right.Value)),
            _ => null,
        }).Max();
        return computed ?? moved.SelectMany(measure => measure.Facts).Select(fact => (decimal?)Math.Abs(fact.Value)).Max();
    }

    private static IReadOnlyList<Evidence> EvidenceOf(IReadOnlyList<Measure> measures) =>
    [
        .. measures.Select(measure => measure switch
        {
            Measure.Change change => Evidence.Of(NameOf(change.Later), change.Later.Value, change.Earlier.Value),
            Measure.Part { Bottom.Value: not 0 } part => Evidence.Of($"{NameOf(part.Top)} / {NameOf(part.Bottom)}", Math.Round(part.Top.Value / part.Bottom.Value, 6), null),
            Measure.Gap gap => Evidence.Of(NameOf(gap.Left), gap.Left.Value, gap.Right.Value),
            Measure.Line line => Evidence.Of(NameOf(line.Fact), line.Fact.Value, null),
            _ => null,
        }).OfType<Evidence>().Distinct(),
    ];

    private static string NameOf(Fact fact) => fact.Metric ?? fact.Label;
}
