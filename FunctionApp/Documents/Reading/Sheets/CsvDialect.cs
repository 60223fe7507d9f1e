namespace Advisor.Documents.Reading.Sheets;

/// <summary>How a text was taken apart into fields.</summary>
/// <param name="Delimiter">Comma, semicolon, tab or pipe.</param>
/// <param name="Encoding">The encoding's web name: <c>utf-8</c>, <c>utf-16</c>, <c>utf-16BE</c>, <c>windows-1252</c>.</param>
/// <param name="DecimalCommas">Columns, from 1, whose numbers are written 1.234,56.</param>
public sealed record CsvDialect(char Delimiter, string Encoding, IReadOnlyList<int> DecimalCommas)
{
    private const int SampleRecords = 200;
    private const string Candidates = ",;\t|";

    /// <summary>The delimiter on whose count the first records agree best; a comma where there is none at all.</summary>
    /// <remarks>A field in quotes may hold delimiters and line ends. Earlier of comma, semicolon, tab, pipe wins a tie.</remarks>
    public static char DetectDelimiter(ReadOnlySpan<char> text)
    {
        // Excel writes the delimiter into a first line of its own.
        if (SeparatorLine(text) is { } stated)
        {
            return stated;
        }

        var (best, bestScore) = (',', 0.0);
        foreach (var candidate in Candidates)
        {
            var score = Score(text, candidate);
            if (score > bestScore)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        return best;
    }

    /// <summary>The delimiter of a first line such as <c>sep=;</c>, or null.</summary>
    internal static char? SeparatorLine(ReadOnlySpan<char> text) =>
        text.Length > 5 && text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text[5] is '\r' or '\n' ? text[4] : null;

    /// <summary>Whether most records hold the same number of fields, at least two, under some delimiter.</summary>
    internal static bool AgreesOnDelimiter(ReadOnlySpan<char> text)
    {
        foreach (var candidate in Candidates)
        {
            var counts = Counts(text, candidate);
            if (counts.Count >= 2 && Mode(counts) is var (count, share) && count >= 1 && share >= 0.8)
            {
                return true;
            }
        }

        return false;
    }

    private static double Score(ReadOnlySpan<char> text, char delimiter)
    {
        var counts = Counts(text, delimiter).FindAll(count => count > 0);
        if (counts.Count == 0)
        {
            return 0;
        }

        // Agreement matters more than frequency: decimal commas are frequent too, but their number varies.
        var (count, share) = Mode(counts);
        var coverage = counts.Count / (double)Math.Max(1, Counts(text, delimiter).Count);
        return share * share * coverage * coverage * Math.Min(count, 20) / (Math.Min(count, 20) + 1.0);
    }

    private static (int Count, double Share) Mode(List<int> counts)
    {
        var mode = counts.GroupBy(count => count).OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).First();
        return (mode.Key, mode.Count() / (double)counts.Count);
    }

    /// <summary>Delimiters outside quotes in each of the first records that are not blank.</summary>
    private static List<int> Counts(ReadOnlySpan<char> text, char delimiter)
    {
        var counts = new List<int>();
        var (count, quoted, atStart, blank) = (0, false, true, true);
        foreach (var c in text)
        {
            if (c == '"' && (quoted || atStart))
            {
                quoted = !quoted;
                (blank, atStart) = (false, true);
            }
            else if (quoted)
            {
                continue;
            }
            else if (c is '\n' or '\r')
            {
                if (!blank)
                {
                    counts.Add(count);
                }

                if (counts.Count >= SampleRecords)
                {
                    return counts;
                }

                (count, atStart, blank) = (0, true, true);
            }
            else if (c == delimiter)
            {
                count++;
                (atStart, blank) = (true, false);
            }
            else
            {
                atStart = false;
                blank &= char.IsWhiteSpace(c);
            }
        }

        // A last record may be cut off by the end of the sample; it counts only when it is the only one.
        if (!blank && counts.Count == 0)
        {
            counts.Add(count);
        }

        return counts;
    }
}
