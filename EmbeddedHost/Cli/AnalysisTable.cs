using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Advisor.Embedded.Cli;

/// <summary>The result of one file for people: its insights with their sources, then its proofs.</summary>
internal static class AnalysisTable
{
    private const int MostSpots = 4;

    public static void Write(FileAnalysis analysis, CliConsole console)
    {
        var file = TerminalText.Of(analysis.File);
        if (analysis.Error is { } error)
        {
            console.Error.WriteLine($"{file}: {TerminalText.Of(error.Sentence)}");
            return;
        }

        console.DrawOutput(draw => Draw(analysis, file, draw));
    }

    private static void Draw(FileAnalysis analysis, string file, IAnsiConsole draw)
    {
        draw.WriteLine();
        draw.Write(new Text(file, new Style(decoration: Decoration.Bold)));
        draw.WriteLine();
        if (analysis.Insights.Count > 0)
        {
            draw.Write(Insights(analysis.Insights));
        }

        if (analysis.Finding is { } finding)
        {
            draw.WriteLine(TerminalText.Of(finding));
        }

        foreach (var model in analysis.Insights.Where(IsModelProposed).GroupBy(insight => Text(insight, "model_version") ?? "a language model"))
        {
            draw.WriteLine(TerminalText.Of($"* proposed by {model.Key}: {Count(model.Count(), "insight")}. Computed and worded here; they wait for a person."));
        }

        draw.WriteLine(Counts(analysis));
        foreach (var proof in analysis.Proofs.Where(proof => Text(proof, "outcome") == "fails"))
        {
            draw.Write(new Text(Failure(proof!), new Style(Color.Red)));
            draw.WriteLine();
        }
    }

    /// <summary>What waits for a person comes first.</summary>
    private static readonly string[] s_bands = ["low", "medium", "high"];

    private static Table Insights(JsonArray insights)
    {
        var table = new Table { Border = TableBorder.Horizontal, Expand = true };
        table.AddColumn(new TableColumn("Band").NoWrap());
        table.AddColumn(new TableColumn("Confidence").RightAligned().NoWrap());
        table.AddColumn("Insight");
        table.AddColumn("Sources");
        foreach (var insight in insights.OrderBy(insight => Array.IndexOf(s_bands, Text(insight, "band"))))
        {
            var band = Text(insight, "band") ?? "";
            table.AddRow(
                new Text(TerminalText.Of(band), Colour(band)),
                new Text(Number(insight, "confidence") is { } confidence ? confidence.ToString("0.00", CultureInfo.InvariantCulture) : ""),
                new Text(TerminalText.Of((Text(insight, "summary") ?? "") + (IsModelProposed(insight) ? " *" : ""))),
                new Text(TerminalText.Of(Sources(insight?["source_refs"] as JsonArray))));
        }

        return table;
    }

    /// <summary>A person is told whose words they read.</summary>
    private static bool IsModelProposed(JsonNode? insight) => Text(insight, "proposed_by") == "model";

    private static string Counts(FileAnalysis analysis)
    {
        var held = analysis.Proofs.Count(proof => Text(proof, "outcome") == "holds");
        var failed = analysis.Proofs.Count(proof => Text(proof, "outcome") == "fails");
        var seconds = (analysis.ElapsedMs / 1000m).ToString("0.0", CultureInfo.InvariantCulture);
        return $"{Count(analysis.Insights.Count, "insight")}, {Count(analysis.Facts.Count, "fact")}, {Count(held, "proof")} held, {failed} failed, in {seconds} s.";
    }

    private static string Failure(JsonNode proof)
    {
        var text = $"Failed proof: {(Text(proof, "statement") ?? Text(proof, "kind") ?? "").TrimEnd('.')}";
        if (Number(proof, "found") is { } found && Number(proof, "expected") is { } expected)
        {
            text += $"; found {Amount(found)}, expected {Amount(expected)}";
        }

        if (Number(proof, "difference") is { } difference)
        {
            text += $" (difference {Amount(difference)})";
        }

        // The first place is the total's or the left-hand side's: where one looks first.
        if (proof["cells"] is JsonArray { Count: > 0 } cells)
        {
            text += $"; see {Place(cells[0])}";
        }

        return TerminalText.Of(Text(proof, "explanation") is { } explanation ? $"{text}. {explanation.TrimEnd('.')}." : $"{text}.");
    }

    /// <summary>Places in the file, each once: <c>p.4, p.7</c> or <c>Q3!B12</c>; a long list is cut, the API has it whole.</summary>
    private static string Sources(JsonArray? places)
    {
        var spots = (places ?? []).Select(Spot).Distinct(StringComparer.Ordinal).ToList();
        return spots.Count <= MostSpots ? string.Join(", ", spots) : $"{string.Join(", ", spots.Take(MostSpots))} and {spots.Count - MostSpots} more";
    }

    private static string Place(JsonNode? place) => Number(place, "page") is not null && Text(place, "cell") is { } cell
        ? $"{Document(place)} {Spot(place)} {cell}".Trim()
        : $"{Document(place)} {Spot(place)}".Trim();

    private static string Document(JsonNode? place) => Text(place, "doc") ?? Text(place, "document_name") ?? "";

    private static string Spot(JsonNode? place) => Number(place, "page") is { } page
        ? $"p.{page.ToString(CultureInfo.InvariantCulture)}"
        : string.Join('!', new[] { Text(place, "sheet"), Text(place, "cell") }.OfType<string>());

    private static Style Colour(string band) => band switch
    {
        "high" => new Style(Color.Green),
        "medium" => new Style(Color.Yellow),
        "low" => new Style(Color.Red),
        _ => Style.Plain,
    };

    private static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count.ToString("#,0", CultureInfo.InvariantCulture)} {thing}s";

    private static string Amount(decimal amount) => amount.ToString("#,0.############", CultureInfo.InvariantCulture);

    private static string? Text(JsonNode? node, string name) =>
        node is JsonObject found && found[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static decimal? Number(JsonNode? node, string name) =>
        node is JsonObject found && found[name] is JsonValue value && value.TryGetValue<decimal>(out var number) ? number : null;
}
