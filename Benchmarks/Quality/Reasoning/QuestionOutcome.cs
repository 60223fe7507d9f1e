using System.Text.Json;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>What came of a question.</summary>
internal enum AnswerOutcome
{
    ValueAndScaleRight,

    /// <summary>The value is right and its scale is not.</summary>
    ValueRight,

    Wrong,

    /// <summary>The expression has no value.</summary>
    Rejected,

    /// <summary>The model said that the page does not answer it.</summary>
    Unanswered,

    /// <summary>There is no answer.</summary>
    Failed,
}

/// <summary>What came of one question.</summary>
/// <param name="Code">For rejected ones the code of an <see cref="ExpressionError"/> or <c>unknown_scale</c>; for failed ones that of a <see cref="ModelFailure"/>.</param>
/// <param name="Recording">Null where nothing was recorded.</param>
/// <param name="WasRecorded">Whether an earlier run had asked it.</param>
internal sealed record QuestionOutcome(TableQuestion Question, AnswerOutcome Outcome, string? Code, string? Detail, UnitReading? Units, ModelRecording? Recording, bool WasRecorded)
{
    /// <summary>Judges an answer. What it says is only ever an expression; every number is computed here, or printed on the page.</summary>
    /// <param name="answer">JSON of the members that the prompt's schema names, each of its type.</param>
    public static QuestionOutcome Of(TableQuestion question, string answer, ModelRecording? recording, bool wasRecorded)
    {
        using var json = JsonDocument.Parse(answer);
        if (json.RootElement.GetProperty("unanswerable").GetBoolean())
        {
            return Outcome(AnswerOutcome.Unanswered);
        }

        var scale = json.RootElement.GetProperty("scale").GetString()!;
        if (!AnswerScale.Names.Contains(scale))
        {
            return Outcome(AnswerOutcome.Rejected, "unknown_scale", "The scale is none of the prompt's.");
        }

        var (result, units) = TablePage.Evaluate(question, json.RootElement.GetProperty("expression").GetString()!);
        return result switch
        {
            EvaluationResult.Failed failed => Outcome(AnswerOutcome.Rejected, failed.Error.Code, failed.Error.Message),
            EvaluationResult.Evaluated { Value: ExpressionValue.Amount amount } when !AnswerJudgement.IsRight(amount.Value, amount.Unit, question) => Outcome(AnswerOutcome.Wrong) with { Units = units },
            EvaluationResult.Evaluated { Value: ExpressionValue.Amount } => Outcome(scale == AnswerScale.Of(question.Scale) ? AnswerOutcome.ValueAndScaleRight : AnswerOutcome.ValueRight) with { Units = units },
            _ => Outcome(AnswerOutcome.Rejected, "text_is_no_number", "The expression gives text, not a number."),
        };

        QuestionOutcome Outcome(AnswerOutcome outcome, string? code = null, string? detail = null) => new(question, outcome, code, detail, null, recording, wasRecorded);
    }

    public static QuestionOutcome Of(TableQuestion question, ModelFailure failure, ModelRecording? recording, bool wasRecorded) =>
        new(question, AnswerOutcome.Failed, failure.Code, failure.Detail, null, recording, wasRecorded);
}
