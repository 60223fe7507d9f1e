using System.Text.Json;
using System.Text.Json.Serialization;
using Advisor.Kernel.Http;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>A question over a table of a report, with the arithmetic that answers it.</summary>
/// <param name="Kind">Sort of arithmetic, such as <c>pct_change</c>; results are also given by it.</param>
/// <param name="Table">Rows of cells as printed; rows may differ in length.</param>
/// <param name="Paragraphs">The text around the table; may be empty.</param>
/// <param name="Derivation">The arithmetic over printed numbers: <c>(44.1-56.7)/56.7</c>.</param>
/// <param name="Value">Result of <paramref name="Derivation"/>, unrounded.</param>
/// <param name="Answer">The published answer in <paramref name="Scale"/>, rounded to two decimals; where the scale is percent, <paramref name="Value"/> may be its hundredth.</param>
/// <param name="Scale">Empty, <c>percent</c>, <c>thousand</c>, <c>million</c> or <c>billion</c>.</param>
internal sealed record TableQuestion(
    [property: JsonRequired] string Id,
    [property: JsonRequired] string Kind,
    [property: JsonRequired] string Question,
    [property: JsonRequired] IReadOnlyList<IReadOnlyList<string>> Table,
    [property: JsonRequired] IReadOnlyList<string> Paragraphs,
    [property: JsonRequired] string Derivation,
    [property: JsonRequired] double Value,
    [property: JsonRequired] double Answer,
    [property: JsonRequired] string Scale)
{
    /// <summary>The folder within a folder of evaluation data.</summary>
    public const string FolderName = "table-arithmetic";

    /// <summary>All questions of the <c>*.jsonl</c> files of a folder, or of its <see cref="FolderName"/>, by file name and line.</summary>
    /// <exception cref="InvalidDataException">There is no such file, or a line is no question; the message says which.</exception>
    public static IReadOnlyList<TableQuestion> ReadAll(string folder)
    {
        var within = Path.Combine(folder, FolderName);
        var files = new[] { folder, within }.Where(Directory.Exists).Select(one => Directory.GetFiles(one, "*.jsonl")).FirstOrDefault(found => found.Length > 0)
            ?? throw new InvalidDataException($"There are no questions: neither {folder} nor {within} holds *.jsonl files.");
        return [.. files.Order(StringComparer.Ordinal).SelectMany(Read)];
    }

    private static IEnumerable<TableQuestion> Read(string file)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            TableQuestion? question;
            try
            {
                question = JsonSerializer.Deserialize<TableQuestion>(line, AdvisorJson.Options);
            }
            catch (JsonException fault)
            {
                throw new InvalidDataException($"{file}, line {number} is no table question: {fault.Message}", fault);
            }

            if (question is not { Id: not null, Kind: not null, Question: not null, Table: not null, Paragraphs: not null, Derivation: not null, Scale: not null }
                || AnswerScale.Of(question.Scale) is null || question.Paragraphs.Any(text => text is null) || question.Table.Any(row => row is null || row.Any(cell => cell is null)))
            {
                throw new InvalidDataException($"{file}, line {number} is no table question: it needs a table of texts, and a scale that is empty, percent, thousand, million or billion.");
            }

            yield return question;
        }
    }
}

/// <summary>In what an answer is given.</summary>
internal static class AnswerScale
{
    public const string Percent = "percent";

    /// <summary>As a model names them; data write none as an empty text.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", Percent, "thousand", "million", "billion"];

    /// <summary>The scale by its name, or null where there is none of that name.</summary>
    public static string? Of(string text) => text.Length == 0 ? Names[0] : Names.FirstOrDefault(name => name == text);
}
