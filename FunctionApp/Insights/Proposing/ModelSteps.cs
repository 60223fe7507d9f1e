using Advisor.Insights.Analyst;
using Advisor.Insights.Replaying;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Reasoning.Chains;

namespace Advisor.Insights.Proposing;

/// <summary>What a chain tells of a model: what it was shown and at what price, what it answered, and what became of each claim.</summary>
internal static class ModelSteps
{
    public const string RulePrefix = "model/";

    private static readonly ClaimText s_none = $"";

    /// <summary>The claim as a proposal of the rule <c>model/{prompt}</c>.</summary>
    public static Proposal ProposalOf(AcceptedProposal accepted, ModelQuestion question) => new(RulePrefix + question.Prompt.Name, s_none, accepted.Amount, accepted.Evidence, []);

    public static IEnumerable<Action<ReasoningChainBuilder>> Of(ModelAnswers answers, ModelReview review, StepClock clock)
    {
        var (question, exchange) = answers;
        // What the model took is in its recordings; the step's own time is that of reading them.
        var asked = clock.Lap();
        yield return chain => chain.Add(
            "Ask a language model for claims",
            exchange.Samples.Select(sample => sample.PromptHash).ToList(),
            new
            {
                prompt = question.Prompt,
                question.Model,
                shown = new
                {
                    facts = question.Facts.Count,
                    facts_left_out = question.FactsLeftOut,
                    passages = question.Passages,
                    passages_left_out = question.PassagesLeftOut,
                },
                calls = exchange.Samples.Select(CallOf).ToList(),
                fallback = review.Failure is { } failure ? new { failure.Code, in_words = ModelProposals.InWords(failure) } : null,
            },
            asked,
            Sum(exchange, sample => sample.InputTokens + sample.OutputTokens),
            exchange.Samples.Any(sample => sample.CostUsd is not null) ? exchange.Samples.Sum(sample => sample.CostUsd ?? 0) : null);
        if (review.Failure is null)
        {
            var verified = clock.Lap();
            yield return chain => chain.Add(
                "Verify what the language model proposed",
                exchange.Answered.Select(sample => sample.OutputHash).ToList(),
                new
                {
                    accepted = review.Accepted.Select(item => new { item.Claim.Text, item.Claim.Claim, item.Category, explanation = item.Explanation?.Text }).ToList(),
                    agreed = review.Agreements,
                    // What was refused stays in the recording, which goes with the document and is read by few: a chain is kept for seven years and read by all.
                    rejected = review.Refused.Select(claim => new { claim.Sample, claim.Place, reasons = claim.Reasons.Select(reason => new { reason.Code }).Distinct() }).ToList(),
                    explanations_dropped = review.Dropped.Select(dropped => new { dropped.Claim, reasons = dropped.Reasons.Select(reason => new { reason.Code }).Distinct() }).ToList(),
                },
                verified);
        }
    }

    /// <summary>The same in brief, for the analysis; null where no model was asked.</summary>
    public static ModelOutcome? OutcomeOf(ModelAnswers? answers, ModelReview? review) => answers is null || review is null ? null : new ModelOutcome(
        $"{answers.Question.Prompt.Name}-v{answers.Question.Prompt.Version}", review.Model ?? answers.Question.Model, review.Failure?.Code ?? "answered",
        review.Accepted.Count, review.Agreements.Count, review.Refused.Count, [.. answers.Exchange.Samples.Select(sample => sample.Id)]);

    private static object CallOf(ModelRecording sample) => new
    {
        recording = sample.Id,
        model = sample.Model,
        sample.ModelAsked,
        sample.Temperature,
        sample.Seed,
        sample.MaxOutputTokens,
        prompt_hash = sample.PromptHash,
        output_hash = sample.OutputHash,
        sample.FinishReason,
        sample.InputTokens,
        sample.OutputTokens,
        sample.CostUsd,
        sample.DurationMs,
        sample.Attempts,
        sample.MeanLogProbability,
        sample.Redactions,
        failure = sample.Failure?.Code,
    };

    private static long? Sum(ModelExchange exchange, Func<ModelRecording, long?> tokens) =>
        exchange.Samples.Any(sample => tokens(sample) is not null) ? exchange.Samples.Sum(sample => tokens(sample) ?? 0) : null;
}
