using System.Globalization;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.LanguageModels.Prompts;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>Asks a model table questions through the product's own gateway.</summary>
/// <param name="server">Where the model is: another server of the same model name is asked anew.</param>
internal sealed class ReasoningRun(ModelGateway gateway, PromptTemplate template, string server)
{
    private const string Name = "quality-reasoning";

    private static readonly TenantId s_tenant = new("quality");

    /// <summary>Failures that say nothing of the model: another time there may be an answer.</summary>
    private static readonly HashSet<string> s_passing = [ModelFailure.Unavailable, ModelFailure.RateLimited, ModelFailure.TimedOut, ModelFailure.BudgetExceeded];

    /// <summary>Whether asking another time may give an answer.</summary>
    public static bool IsPassing(QuestionOutcome outcome) => outcome.Outcome == AnswerOutcome.Failed && s_passing.Contains(outcome.Code!);

    /// <summary>What came of each question, in their order.</summary>
    /// <param name="report">Told of each as it comes, by any thread.</param>
    public async Task<IReadOnlyList<QuestionOutcome>> AskAsync(IReadOnlyList<TableQuestion> questions, int concurrency, Action<QuestionOutcome> report, CancellationToken cancellationToken)
    {
        var outcomes = new QuestionOutcome[questions.Count];
        await Parallel.ForAsync(0, questions.Count, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken }, async (index, token) =>
        {
            outcomes[index] = await AskAsync(questions[index], token);
            report(outcomes[index]);
        });
        return outcomes;
    }

    /// <summary>Takes what is recorded, and asks at most once: what only failed in passing is asked again, as another call.</summary>
    private async Task<QuestionOutcome> AskAsync(TableQuestion question, CancellationToken cancellationToken)
    {
        // The prompt without its own marks stands for the template, the schema, the data and the way they are read.
        var shown = TableQuestionPrompt.Render(template, Name, question).Hash;
        for (var attempt = 1; ; attempt++)
        {
            var id = DeterministicId.Of(Name, server, gateway.DefaultModel ?? "", question.Id, shown, attempt.ToString(CultureInfo.InvariantCulture));
            var recorded = await gateway.RecordedAsync(s_tenant, id, cancellationToken);
            if (recorded is not null && Judged(question, recorded, wasRecorded: true) is var known && !IsPassing(known))
            {
                return known;
            }

            if (recorded is null)
            {
                // Each question is a run, so that the limits of a run do not grow with the data; those of the day hold for all together.
                var call = new ModelCall(s_tenant, $"{Name}.{id}", id, TableQuestionPrompt.Render(template, id, question)) { Samples = 1 };
                return Judged(question, await gateway.AskAsync(call, cancellationToken), wasRecorded: false);
            }
        }
    }

    private static QuestionOutcome Judged(TableQuestion question, ModelExchange exchange, bool wasRecorded) => exchange.First is { } answered
        ? QuestionOutcome.Of(question, answered.Answer!, answered, wasRecorded)
        : QuestionOutcome.Of(question, exchange.Failure!, exchange.Samples.Count > 0 ? exchange.Samples[0] : null, wasRecorded);
}
