using System.Text.Json;
using Advisor.Benchmarks.Quality.Reasoning;
using Advisor.Kernel.Http;

namespace Advisor.Tests.Benchmarks.Quality.Reasoning;

/// <summary>Table questions of our own making, so that the measuring is tried where no data is.</summary>
internal static class OwnQuestions
{
    private static readonly IReadOnlyList<IReadOnlyList<string>> s_mill =
    [
        ["", "Years ended May 31,", ""],
        ["", "2031", "2030"],
        ["", "(in millions)", ""],
        ["Flour:", "", ""],
        ["Orders", "$ 48.0", "$ 40.0"],
        ["Returns", "(3.0)", "(2.0)"],
        ["Freight", "(7.0)", "(7.0)"],
        ["Bran:", "", ""],
        ["Orders", "9.6", "9.0"],
        ["Yield", "12.5%", "10.0%"],
    ];

    private static readonly IReadOnlyList<string> s_text = ["At the end of the year the mill had 250 people, of whom 50 work nights.", "Output was 4.2 thousand tonnes\n(1,900 by rail)."];

    /// <summary>One of every kind; ids <c>own-0</c> and on.</summary>
    public static IReadOnlyList<TableQuestion> All { get; } =
    [
        .. new (string Kind, string Question, string Derivation, double Value, double Answer, string Scale)[]
        {
            ("pct_change", "By how much did flour orders grow?", "(48.0-40.0)/40.0", 0.2, 20, "percent"),
            ("difference", "How did the yield of bran change?", "12.5% - 10.0%", 2.5, 2.5, "percent"),
            ("difference", "What is the change in flour orders?", "48.0-40.0", 8, 8, "million"),
            ("average", "What were flour orders on average?", "(48.0+40.0)/2", 44, 44, "million"),
            ("average", "What are orders of 2031 and bran orders of 2030 on average?", "(48.0+9.6+9.0)/3", 22.2, 22.2, "million"),
            ("sum", "What came back in both years?", "3.0+2.0", 5, 5, "million"),
            ("share", "What part of the flour orders of 2031 came back?", "3.0/48.0", 0.0625, 6.25, "percent"),
            ("ratio", "How many times the flour orders of 2030 are those of 2031?", "48.0/40.0", 1.2, 1.2, ""),
            ("share", "What part of the people work nights?", "50/250", 0.2, 20, "percent"),
            ("pct_change", "By how much did freight change?", "(7.0-7.0)/7.0", 0, 0, "percent"),
            ("other", "What was bran ordered for a year, over the years shown?", "(9.6+9.0)/2", 9.3, 9.3, "million"),
        }.Select((one, n) => new TableQuestion($"own-{n}", one.Kind, one.Question, s_mill, s_text, one.Derivation, one.Value, one.Answer, one.Scale)),
    ];

    /// <summary>Writes them as data is written, one a line.</summary>
    public static async Task WriteAsync(string file, IEnumerable<TableQuestion> questions)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllLinesAsync(file, questions.Select(question => JsonSerializer.Serialize(question, AdvisorJson.Options)));
    }
}
