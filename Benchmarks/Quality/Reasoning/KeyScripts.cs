using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Advisor.Embedded.ScriptedModels;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>What a scripted model does to a question's key before it answers.</summary>
internal enum KeyFault
{
    None,

    /// <summary>One fact alone, whose value is far from the answer.</summary>
    WrongFact,

    /// <summary>A number typed into the expression.</summary>
    Literal,

    /// <summary>A number that cites facts and does not come from them.</summary>
    EmptyCitation,

    UnknownFact,

    WrongScale,

    InvalidJson,

    Unanswerable,
}

/// <summary>Scripted models that know the answers: they look a question up in the data that is being measured, and are no language models.</summary>
/// <remarks>
/// They see what a model would see, and cite the numbers that the prompt shows. So <c>answer-key</c> measures what facts, language and evaluator
/// can reach together, and <c>faulty-key</c> measures the measuring: it errs in known ways, by a hash of the question's id.
/// </remarks>
internal sealed class KeyScripts
{
    public const string AnswerKey = "answer-key";
    public const string FaultyKey = "faulty-key";

    private readonly ILookup<string, TableQuestion> _questions;

    public KeyScripts(IEnumerable<TableQuestion> questions) => _questions = questions.ToLookup(question => Folded(question.Question), StringComparer.Ordinal);

    public static IReadOnlyList<string> Names { get; } = [AnswerKey, FaultyKey];

    /// <summary>The way in which <see cref="FaultyKey"/> answers the question.</summary>
    public static KeyFault FaultOf(string questionId) => (KeyFault)(SHA256.HashData(Encoding.UTF8.GetBytes(questionId))[0] % (int)(KeyFault.Unanswerable + 1));

    /// <exception cref="ArgumentException">There is no such script.</exception>
    public Func<ScriptedRequest, ScriptedAnswer> Find(string name) => name switch
    {
        AnswerKey => request => Answer(request, AnswerKey, _ => KeyFault.None),
        FaultyKey => request => Answer(request, FaultyKey, question => FaultOf(question.Id)),
        _ => throw new ArgumentException($"There is no script '{name}'; the scripts are {string.Join(", ", Names)}.", nameof(name)),
    };

    private ScriptedAnswer Answer(ScriptedRequest request, string script, Func<TableQuestion, KeyFault> faultOf)
    {
        var numbers = TableQuestionPrompt.Numbers(request.User);
        var question = _questions[Folded(TableQuestionPrompt.Shown(request.User, "question") ?? "")]
            .FirstOrDefault(one => new TablePage(one, UnitReading.Narrow).Facts.Select(fact => fact.Value).SequenceEqual(numbers.Select(number => number.Value)));
        return question is null
            ? Completion.Of(request, script, Json("", AnswerScale.Names[0], unanswerable: true))
            : Completion.Of(request, script, Content(question, numbers, faultOf(question)));
    }

    private static string Content(TableQuestion question, IReadOnlyList<CitableNumber> numbers, KeyFault fault)
    {
        var expression = Derivation.Translate(question.Derivation, numbers);
        var scale = AnswerScale.Of(question.Scale)!;
        return fault switch
        {
            KeyFault.WrongFact => Json(FarFrom(question, numbers), scale),
            KeyFault.Literal => Json($"{expression} + 7", scale),
            KeyFault.EmptyCitation => Json($"{numbers[0].Id} - {numbers[0].Id} + 12", scale),
            KeyFault.UnknownFact => Json("f1 + f999999", scale),
            KeyFault.WrongScale => Json(expression, AnswerScale.Names[(AnswerScale.Names.ToList().IndexOf(scale) + 1) % AnswerScale.Names.Count]),
            KeyFault.InvalidJson => $"The answer is {expression}",
            KeyFault.Unanswerable => Json("", AnswerScale.Names[0], unanswerable: true),
            _ => Json(expression, scale),
        };
    }

    /// <summary>Farther than any rounding or scale of percent brings it back.</summary>
    private static string FarFrom(TableQuestion question, IReadOnlyList<CitableNumber> numbers) =>
        numbers.First(number => number.Value != 0 && new[] { question.Value, question.Value * 100, question.Value / 100, question.Answer }.All(near => Math.Abs((double)number.Value - near) > 0.01 * (1 + Math.Abs(near)))).Id;

    private static string Json(string expression, string scale, bool unanswerable = false) =>
        new JsonObject { ["unanswerable"] = unanswerable, ["expression"] = expression, ["scale"] = scale }.ToJsonString();

    /// <summary>Without what the way into a prompt may change: blanks, marks and invisible characters.</summary>
    private static string Folded(string text) => new([.. text.Where(char.IsAsciiLetterOrDigit)]);
}
