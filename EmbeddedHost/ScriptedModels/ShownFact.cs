using System.Globalization;
using System.Text.RegularExpressions;

namespace Advisor.Embedded.ScriptedModels;

/// <summary>A fact as a prompt shows it: <c>- id | metric | label | period | value unit | statement</c>.</summary>
/// <param name="Value">Null where the text begins with no number.</param>
/// <param name="Unit">What stands after the number.</param>
internal sealed partial record ShownFact(string Id, string Metric, string Label, string Period, decimal? Value, string Unit)
{
    /// <summary>The facts of a prompt, in their order: lines in that form, with or without the dash, wherever they stand.</summary>
    public static IReadOnlyList<ShownFact> In(string prompt)
    {
        var facts = new List<ShownFact>();
        foreach (var line in prompt.Split('\n'))
        {
            var cells = line.TrimStart(' ', '-', '*').Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length < 5 || !FactId().IsMatch(cells[0]) || facts.Exists(fact => fact.Id == cells[0]))
            {
                continue;
            }

            var number = Number().Match(cells[4]);
            facts.Add(new ShownFact(
                cells[0], cells[1], cells[2], cells[3],
                number.Success && decimal.TryParse(number.Groups["number"].Value, NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) ? value : null,
                number.Success ? cells[4][number.Length..].Trim() : cells[4]));
        }

        return facts;
    }

    [GeneratedRegex(@"\A\[?f[A-Za-z0-9_-]*\]?\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FactId();

    [GeneratedRegex(@"\A[^0-9\-]{0,3}(?<number>-?[0-9][0-9,]*(\.[0-9]+)?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
