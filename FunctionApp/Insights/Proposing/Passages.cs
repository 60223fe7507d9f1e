using System.Text.RegularExpressions;
using Advisor.Documents.Contracts;

namespace Advisor.Insights.Proposing;

/// <summary>A piece of a document's prose.</summary>
/// <param name="Section">The heading it stands under; empty before the first.</param>
/// <param name="Page">Of its first line.</param>
public sealed record Passage(string Section, int Page, string Text);

/// <summary>Finds the sections of a document by their headings, and in them the passages that speak of what is asked.</summary>
/// <remarks>Rows of tables are left out: their numbers come as facts. The same lines and words give the same passages.</remarks>
public static partial class Passages
{
    /// <summary>Words of a passage, about a paragraph or two.</summary>
    private const int MaxWords = 160;

    private const int MinWords = 12;

    /// <summary>A line that stands on this many pages is their running head or foot.</summary>
    private const int RunningHead = 3;

    /// <summary>Usual parameters of BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009.</summary>
    private const double Saturation = 1.2;

    private const double LengthWeight = 0.75;

    /// <summary>The document's prose in passages, in reading order.</summary>
    public static IReadOnlyList<Passage> Of(IReadOnlyList<PrintedLine> lines)
    {
        var running = lines.GroupBy(line => Digits().Replace(line.Text, "#"), StringComparer.Ordinal)
            .Where(same => same.Select(line => line.Page).Distinct().Count() >= RunningHead).Select(same => same.Key).ToHashSet(StringComparer.Ordinal);
        var body = lines.Where(line => !running.Contains(Digits().Replace(line.Text, "#"))).ToList();
        var size = body.Count == 0 ? 0 : body.Select(line => line.Height).Order().ElementAt(body.Count / 2);

        var passages = new List<Passage>();
        var (section, words, page) = ("", new List<string>(), 0);
        foreach (var line in body)
        {
            if (IsHeading(line, size))
            {
                End();
                section = line.Text.Trim();
            }
            else if (IsProse(line.Text))
            {
                page = words.Count == 0 ? line.Page : page;
                words.AddRange(line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                if (words.Count >= MaxWords)
                {
                    End();
                }
            }
        }

        End();
        return passages;

        void End()
        {
            if (words.Count >= MinWords)
            {
                passages.Add(new Passage(section, page, string.Join(' ', words)));
            }

            words.Clear();
        }
    }

    /// <summary>The passages that speak most of the words asked for, in reading order; fewer where fewer speak of any, or the room ends.</summary>
    /// <param name="tokens">Room for all of them, by <see cref="Tokens"/>.</param>
    public static IReadOnlyList<Passage> Choose(IReadOnlyList<Passage> passages, IEnumerable<string> about, int most, int tokens)
    {
        var terms = about.SelectMany(Terms).Distinct(StringComparer.Ordinal).ToList();
        var counts = passages.Select(passage => Terms($"{passage.Section} {passage.Text}").GroupBy(term => term, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Count(), StringComparer.Ordinal)).ToList();
        var mean = counts.Count == 0 ? 0 : counts.Average(count => (double)count.Values.Sum());
        var ranked = counts.Select((count, i) => (Place: i, Score: terms.Sum(term => Score(count, term)))).Where(item => item.Score > 0)
            .OrderByDescending(item => item.Score).ThenBy(item => item.Place);
        var chosen = new List<int>();
        foreach (var (place, _) in ranked)
        {
            var cost = Tokens.Of(passages[place].Text) + Tokens.Of(passages[place].Section);
            if (chosen.Count < most && cost <= tokens)
            {
                chosen.Add(place);
                tokens -= cost;
            }
        }

        return [.. chosen.Order().Select(place => passages[place])];

        double Score(Dictionary<string, int> count, string term)
        {
            if (!count.TryGetValue(term, out var frequency))
            {
                return 0;
            }

            var holders = counts.Count(other => other.ContainsKey(term));
            var rarity = Math.Log(1 + ((counts.Count - holders + 0.5) / (holders + 0.5)));
            return rarity * frequency * (Saturation + 1) / (frequency + (Saturation * (1 - LengthWeight + (LengthWeight * count.Values.Sum() / mean))));
        }
    }

    /// <summary>A short line in larger type, in capitals, or numbered as notes and items are.</summary>
    private static bool IsHeading(PrintedLine line, double size)
    {
        var text = line.Text.Trim();
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 14 || !text.Any(char.IsLetter) || text[^1] is '.' or ',' or ';' || words.Count(word => word.Any(char.IsDigit)) > 2)
        {
            return false;
        }

        var isShouted = text.Count(char.IsLetter) >= 4 && !text.Any(char.IsLower);
        return Numbered().IsMatch(text) || (char.IsUpper(text[0]) && (line.Height >= size * 1.15 || isShouted));
    }

    private static bool IsProse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 4 && words.Count(word => word.Any(char.IsDigit) || !word.Any(char.IsLetter)) * 3 < words.Length;
    }

    private static IEnumerable<string> Terms(string text) => Word().Matches(text.ToLowerInvariant()).Select(match => match.Value.TrimEnd('s')).Where(term => !s_stop.Contains(term));

    private static readonly HashSet<string> s_stop = new(
        "the and for from with that this which are was were our its has have been not other including such may will these their than under per any all certain".Split(' '), StringComparer.Ordinal);

    [GeneratedRegex(@"\p{L}{3,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();

    [GeneratedRegex(@"\A(note|item)\s+[0-9]+[A-Z]?\b|\A[0-9]{1,2}(\.[0-9]{1,2})*\.?\s+\p{Lu}\p{L}+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbered();
}
