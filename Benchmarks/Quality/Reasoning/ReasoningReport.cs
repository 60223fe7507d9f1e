using System.Text.Json.Serialization;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.LanguageModels;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>How many questions came to what.</summary>
internal record ReasoningCounts
{
    public ReasoningCounts(IReadOnlyCollection<QuestionOutcome> outcomes)
    {
        int Count(AnswerOutcome outcome) => outcomes.Count(one => one.Outcome == outcome);
        Questions = outcomes.Count;
        ValueAndScaleRight = Count(AnswerOutcome.ValueAndScaleRight);
        ValueRight = ValueAndScaleRight + Count(AnswerOutcome.ValueRight);
        Wrong = Count(AnswerOutcome.Wrong);
        Rejected = Count(AnswerOutcome.Rejected);
        Unanswered = Count(AnswerOutcome.Unanswered);
        Failed = Count(AnswerOutcome.Failed);
    }

    public int Questions { get; }

    /// <summary>Whether or not the scale is right.</summary>
    public int ValueRight { get; }

    public int ValueAndScaleRight { get; }

    public int Wrong { get; }

    public int Rejected { get; }

    public int Unanswered { get; }

    public int Failed { get; }
}

/// <summary>A share with its 95 % Wilson interval.</summary>
internal sealed record MeasuredShare(decimal Share, decimal Lower, decimal Upper)
{
    public static MeasuredShare Of(int count, int total)
    {
        var interval = WilsonInterval.Of(count, total);
        return new MeasuredShare(total == 0 ? 0 : Math.Round((decimal)count / total, 4), Math.Round(interval.Lower, 4), Math.Round(interval.Upper, 4));
    }
}

/// <summary>As the servers counted; answers of unknown length are left out.</summary>
internal sealed record MeasuredTokens(long Input, long Output);

/// <summary>A question that got no value.</summary>
internal sealed record Refusal(string Id, AnswerOutcome Outcome, string Code, string Detail);

/// <summary>What a model made of table questions.</summary>
internal sealed record ReasoningReport : ReasoningCounts
{
    public ReasoningReport(IReadOnlyCollection<QuestionOutcome> outcomes, string model, string prompt, TimeSpan elapsed)
        : base(outcomes)
    {
        var recordings = outcomes.Select(one => one.Recording).OfType<ModelRecording>().ToList();
        Model = model;
        AnsweredBy = [.. recordings.Select(recording => recording.Model).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Prompt = prompt;
        ValueRightShare = MeasuredShare.Of(ValueRight, Questions);
        ValueAndScaleRightShare = MeasuredShare.Of(ValueAndScaleRight, Questions);
        Tokens = new MeasuredTokens(recordings.Sum(recording => recording.InputTokens ?? 0), recordings.Sum(recording => recording.OutputTokens ?? 0));
        Cost = recordings.Any(recording => recording is { InputTokens: not null, CostUsd: null }) || Tokens.Input == 0 ? null : recordings.Sum(recording => recording.CostUsd ?? 0);
        Recorded = outcomes.Count(one => one.WasRecorded);
        ElapsedMs = (long)elapsed.TotalMilliseconds;
        RejectedFor = Reasons(AnswerOutcome.Rejected);
        FailedFor = Reasons(AnswerOutcome.Failed);
        Units = Counted(outcomes.Where(one => one.Units is not null).Select(one => one.Units!.Value.ToString().ToLowerInvariant()));
        ByKind = new SortedDictionary<string, ReasoningCounts>(outcomes.GroupBy(one => one.Question.Kind).ToDictionary(group => group.Key, group => new ReasoningCounts([.. group])), StringComparer.Ordinal);
        Refusals = [.. outcomes.Where(one => one.Code is not null).Select(one => new Refusal(one.Question.Id, one.Outcome, one.Code!, one.Detail!))];

        IReadOnlyDictionary<string, int> Reasons(AnswerOutcome outcome) => Counted(outcomes.Where(one => one.Outcome == outcome).Select(one => one.Code!));
    }

    public MeasuredShare ValueRightShare { get; }

    public MeasuredShare ValueAndScaleRightShare { get; }

    public MeasuredTokens Tokens { get; }

    /// <summary>US dollars by the price list; null where the model has no price or the tokens are not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public decimal? Cost { get; }

    /// <summary>The model that was asked for.</summary>
    public string Model { get; }

    /// <summary>Those that answered, as the server names them.</summary>
    public IReadOnlyList<string> AnsweredBy { get; }

    /// <summary>Whether a script answered: then the figures say nothing of any language model.</summary>
    public bool Scripted => AnsweredBy.Any(model => model.StartsWith("scripted-", StringComparison.Ordinal));

    /// <summary>Name and version.</summary>
    public string Prompt { get; }

    /// <summary>Questions that an earlier run had asked, and that cost nothing this time; their tokens are counted all the same.</summary>
    public int Recorded { get; }

    public long ElapsedMs { get; }

    /// <summary>Codes with how many.</summary>
    public IReadOnlyDictionary<string, int> RejectedFor { get; }

    public IReadOnlyDictionary<string, int> FailedFor { get; }

    /// <summary>By which reading of units the values came; see <see cref="UnitReading"/>.</summary>
    public IReadOnlyDictionary<string, int> Units { get; }

    public IReadOnlyDictionary<string, ReasoningCounts> ByKind { get; }

    /// <summary>In the order of the questions.</summary>
    public IReadOnlyList<Refusal> Refusals { get; }

    private static SortedDictionary<string, int> Counted(IEnumerable<string> codes) =>
        new(codes.GroupBy(code => code, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()), StringComparer.Ordinal);
}
