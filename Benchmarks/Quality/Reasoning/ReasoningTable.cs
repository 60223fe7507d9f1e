using System.Globalization;
using Advisor.Embedded.Cli;
using Spectre.Console;

namespace Advisor.Benchmarks.Quality.Reasoning;

/// <summary>What a model made of table questions, for people.</summary>
internal static class ReasoningTable
{
    public static void Write(ReasoningReport report, CliConsole console) => console.DrawOutput(draw =>
    {
        if (report.Scripted)
        {
            draw.WriteLine($"Answered by a script ({Names(report.AnsweredBy)}), which knows the key: this says nothing of any language model.");
        }

        draw.Write(Counts(report));
        draw.WriteLine($"Value right            {Share(report.ValueRightShare)}");
        draw.WriteLine($"Value and scale right  {Share(report.ValueAndScaleRightShare)}");
        Reasons(draw, "Rejected for", report.RejectedFor);
        Reasons(draw, "Failed for", report.FailedFor);
        draw.WriteLine($"{Number(report.Tokens.Input)} tokens in, {Number(report.Tokens.Output)} out, {Cost(report)}; {report.Recorded} of {report.Questions} were recorded before; {Seconds(report.ElapsedMs)} s.");
        draw.WriteLine($"Model {TerminalText.Of(report.Model)}, answered by {(report.AnsweredBy.Count == 0 ? "none" : Names(report.AnsweredBy))}; prompt {report.Prompt}.");
    });

    private static Table Counts(ReasoningReport report)
    {
        var table = new Table { Border = TableBorder.Horizontal };
        table.AddColumn(new TableColumn("Kind").NoWrap());
        foreach (var name in new[] { "Questions", "Value right", "With scale", "Wrong", "Rejected", "Unanswered", "Failed" })
        {
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        }

        foreach (var (kind, counts) in report.ByKind.Select(pair => (pair.Key, pair.Value)).Append(("all", report)))
        {
            int[] numbers = [counts.Questions, counts.ValueRight, counts.ValueAndScaleRight, counts.Wrong, counts.Rejected, counts.Unanswered, counts.Failed];
            table.AddRow(numbers.Select(number => new Text(Number(number))).Prepend(new Text(TerminalText.Of(kind))));
        }

        return table;
    }

    private static void Reasons(IAnsiConsole draw, string title, IReadOnlyDictionary<string, int> reasons)
    {
        if (reasons.Count > 0)
        {
            draw.WriteLine($"{title}: {string.Join(", ", reasons.OrderByDescending(reason => reason.Value).Select(reason => $"{reason.Key} {Number(reason.Value)}"))}.");
        }
    }

    private static string Cost(ReasoningReport report) => report.Cost is { } cost
        ? string.Create(CultureInfo.InvariantCulture, $"{cost:0.0000} US dollars")
        : "no price set (LanguageModels:Prices)";

    private static string Names(IReadOnlyList<string> models) => TerminalText.Of(string.Join(", ", models));

    private static string Share(MeasuredShare share) => string.Create(CultureInfo.InvariantCulture, $"{share.Share:0.000} (95 %: {share.Lower:0.000} to {share.Upper:0.000})");

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString("0.0", CultureInfo.InvariantCulture);
}
