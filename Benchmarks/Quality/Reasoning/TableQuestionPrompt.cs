using System.Text.RegularExpressions;
using Advisor.Kernel.LanguageModels.Prompts;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>A table question as the prompt <c>table-question</c> shows it.</summary>
internal static partial class TableQuestionPrompt
{
    public const string Name = "table-question";

    private const string None = "(none)";

    public static RenderedPrompt Render(PromptTemplate template, string callId, TableQuestion question) => template.Render(callId, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["literals"] = string.Join(", ", ExpressionParser.AllowedLiterals),
        ["question"] = question.Question,
        ["headings"] = OrNone(new TableHeadings(question.Table).HeadingRows.Select(row => string.Join(" | ", row))),
        ["numbers"] = OrNone(new TablePage(question, UnitReading.Narrow).Facts.Select(Line)),
        ["paragraphs"] = OrNone(question.Paragraphs),
    });

    /// <summary>The text of a field, without the marks around it; null where the prompt does not hold it.</summary>
    public static string? Shown(string prompt, string field) => Field().Matches(prompt).FirstOrDefault(match => match.Groups["field"].Value == field)?.Groups["text"].Value;

    /// <summary>The numbers that a prompt shows.</summary>
    public static IReadOnlyList<CitableNumber> Numbers(string prompt)
    {
        var numbers = new List<CitableNumber>();
        foreach (var line in (Shown(prompt, "numbers") ?? "").Split('\n'))
        {
            if (line.Split(" | ") is [var id, _, var printed, var unit] && PrintedNumber.TryParse(printed, out var number))
            {
                numbers.Add(new CitableNumber(id, number.Value, unit == "number" && TablePage.IsYear(printed)));
            }
        }

        return numbers;
    }

    private static string Line(Fact fact) => $"{fact.Id} | {fact.Label.Replace('|', '/').ReplaceLineEndings(" ")} | {fact.Printed} | {UnitOf(fact)}";

    private static string UnitOf(Fact fact) => fact.Unit switch
    {
        Unit.Percent => "percent",
        Unit.Currency => fact.Currency!,
        _ => "number",
    };

    private static string OrNone(IEnumerable<string> lines) => string.Join('\n', lines) is { Length: > 0 } text ? text : None;

    [GeneratedRegex(@"^<<data (?<marker>[0-9a-f]+) (?<field>[a-z_]+)>>\n(?<text>.*?)\n<<end \k<marker>>>$", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Field();
}
