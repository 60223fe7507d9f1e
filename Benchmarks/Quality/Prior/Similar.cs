namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>Whether two labels name the same row: the same words in their order, but for one letter in five, which recognition may get wrong.</summary>
/// <remarks>
/// A word more or less, another word, or a beginning that turns a word round ("non-current") makes another row however long the label is. Blanks may be lost or gained. Digits and signs count only where neither label has a letter: a
/// number that has slid into a label makes it no other row.
/// </remarks>
internal static class Similar
{
    private const int OneIn = 5;

    /// <summary>Words that one word may have been torn into.</summary>
    private const int MostPieces = 4;

    /// <summary>A speck reads as a letter or two; longer than that it is a word.</summary>
    private const int LongestSpeck = 2;

    private const int Another = 100_000;

    /// <summary>Beginnings that turn a word into its opposite.</summary>
    private static readonly string[] s_turns = ["non", "un", "in", "im", "ir", "dis", "de"];

    public static bool Are(string one, string other)
    {
        var (a, b) = (Words(one), Words(other));
        if (a.Count + b.Count == 0)
        {
            var (left, right) = (string.Concat(one.Where(char.IsDigit)), string.Concat(other.Where(char.IsDigit)));
            return left.Length > 0 && right.Length > 0 && Distance(left, right) * OneIn <= Math.Max(left.Length, right.Length);
        }

        return a.Count > 0 && b.Count > 0 && HaveSameInitials(a, b) && Wrong(a, b) * OneIn <= Math.Max(a.Sum(word => word.Length), b.Sum(word => word.Length));
    }

    /// <summary>"Class A" is not "class B"; a letter in one label alone may be a speck.</summary>
    private static bool HaveSameInitials(List<string> a, List<string> b)
    {
        var (one, other) = (a.FindAll(word => word.Length == 1), b.FindAll(word => word.Length == 1));
        return one.Count == 0 || other.Count == 0 || one.SequenceEqual(other);
    }

    private static List<string> Words(string label) =>
        [.. string.Concat(label.Select(c => char.IsLetter(c) ? char.ToLowerInvariant(c) : char.IsDigit(c) || c == '\'' ? '\0' : ' ')).Replace("\0", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Wrong letters, where the words are laid side by side as well as they can be; <see cref="Another"/> where they cannot.</summary>
    private static int Wrong(List<string> a, List<string> b)
    {
        var least = new int[a.Count + 1, b.Count + 1];
        for (var i = 0; i <= a.Count; i++)
        {
            for (var j = 0; j <= b.Count; j++)
            {
                var best = i + j == 0 ? 0 : Another;
                best = i > 0 && IsSpeck(a[i - 1]) ? Math.Min(best, least[i - 1, j] + a[i - 1].Length) : best;
                best = j > 0 && IsSpeck(b[j - 1]) ? Math.Min(best, least[i, j - 1] + b[j - 1].Length) : best;
                for (var m = 1; m <= Math.Min(i, MostPieces); m++)
                {
                    for (var n = 1; n <= Math.Min(j, m == 1 ? MostPieces : 1); n++)
                    {
                        best = Math.Min(best, least[i - m, j - n] + WrongInWord(string.Concat(a.Skip(i - m).Take(m)), string.Concat(b.Skip(j - n).Take(n))));
                    }
                }

                least[i, j] = Math.Min(best, Another);
            }
        }

        return least[a.Count, b.Count];
    }

    private static bool IsSpeck(string word) => word.Length <= LongestSpeck && word != "no" && !s_turns.Contains(word);

    /// <summary>A word may have one letter in five wrong, and one where it is shorter; a lone letter none.</summary>
    private static int WrongInWord(string a, string b)
    {
        var (wrong, length) = (Distance(a, b), Math.Max(a.Length, b.Length));
        return wrong > (length == 1 ? 0 : (length + OneIn - 1) / OneIn) || AreOpposed(a, b, wrong) ? Another : wrong;
    }

    private static bool AreOpposed(string a, string b, int wrong) => (
        from one in s_turns.Append("").Where(turn => a.StartsWith(turn, StringComparison.Ordinal))
        from other in s_turns.Append("").Where(turn => b.StartsWith(turn, StringComparison.Ordinal))
        where one != other && Distance(a[one.Length..], b[other.Length..]) + Math.Max(one.Length, other.Length) == wrong
        select one).Any();

    /// <summary>Letters to insert, delete or replace (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var above = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }

            above = row;
        }

        return above[b.Length];
    }
}
