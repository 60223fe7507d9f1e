namespace Advisor.Kernel.Screening;

/// <summary>Finds text that is written for a machine to obey: orders to ignore instructions, pretended turns and system messages, dictated answers, tool calls.</summary>
/// <remarks>
/// Deterministic, in time linear in the text; safe to call from many threads. What it finds may only make a route stricter, and what it does
/// not find is no proof of innocence: text from documents is data wherever it goes.
/// </remarks>
public static class InstructionScreen
{
    /// <summary>Findings of one text beyond which it is not looked at further: the text is hostile, and no one reads a longer list.</summary>
    public const int MostFindings = 50;

    /// <summary>Characters over which weak signs add up.</summary>
    private const int Neighbourhood = 320;

    private const int LongestExcerpt = 100;

    /// <summary>Characters that are looked at together: memory is bounded by it, however long the text is.</summary>
    private const int Window = 32_768;

    /// <summary>Characters that two windows share. A finding counts in the window that holds what stands around its beginning.</summary>
    private const int Overlap = 4_096;

    /// <summary>Version of the grammar; part of what a result rests on.</summary>
    public static string Version => InstructionGrammar.Default.Version;

    /// <summary>The findings in the order of the text, overlapping ones of one family made one.</summary>
    public static IReadOnlyList<InstructionFinding> Look(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        return [.. Merged(Windows(text)).Take(MostFindings)];
    }

    /// <summary>The cues that are findings, in their order.</summary>
    private static IEnumerable<Cue> Windows(string text)
    {
        var known = new KnownWords(InstructionGrammar.Default.Vocabulary);
        for (int start = 0, end; ; start = end - Overlap)
        {
            end = End(text, start);
            var isLast = end == text.Length;
            var (from, to) = (start == 0 ? 0 : start + (Overlap / 2), isLast ? end : end - (Overlap / 2));
            foreach (var cue in Strong(Sorted(Cues(isLast && start == 0 ? text : text[start..end], known, decode: true))))
            {
                if (start + cue.Start >= from && start + cue.Start < to)
                {
                    yield return cue with { Start = start + cue.Start };
                }
            }

            if (isLast)
            {
                yield break;
            }
        }
    }

    /// <summary>Where the window ends: between two words, if there is such a place near.</summary>
    private static int End(string text, int start)
    {
        var end = start + Window;
        if (end >= text.Length)
        {
            return text.Length;
        }

        var space = text.AsSpan(end - (Overlap / 4), Overlap / 4).LastIndexOfAny(' ', '\n');
        return space < 0 ? end : end - (Overlap / 4) + space;
    }

    private static List<Cue> Sorted(IEnumerable<Cue> cues) => [.. cues.OrderBy(cue => cue.Start).ThenByDescending(cue => cue.Kind is null)];

    private static IEnumerable<Cue> Cues(string text, KnownWords known, bool decode)
    {
        var folded = FoldedText.Of(text);
        foreach (var concealed in folded.Concealed)
        {
            yield return new Cue(InstructionFamily.Concealment, null, concealed.Excerpt, concealed.Start, concealed.Length, concealed.Excerpt);
        }

        var words = new WordReader(folded, text, known).Read();
        foreach (var match in new RuleMatcher(InstructionGrammar.Default, words).All())
        {
            var (start, end) = (folded.Origin(words[match.Words[0].First].Start), folded.Origin(words[match.Words[^1].Last].End));
            yield return new Cue(match.Rule.Family, match.Rule.Kind, words[match.Words[0].First].Text, start, end - start, Excerpt(words, match));
        }

        foreach (var cue in MarkupCues.In(folded))
        {
            yield return cue;
        }

        foreach (var payload in decode ? EncodedText.In(text) : [])
        {
            foreach (var inner in Strong(Sorted(Cues(payload.Decoded, known, decode: false))))
            {
                yield return inner with { Start = payload.Start, Length = payload.Length };
            }
        }
    }

    /// <summary>The cues that are findings: the strong ones, and the first of weak ones that stand together.</summary>
    private static IEnumerable<Cue> Strong(List<Cue> cues)
    {
        for (var i = 0; i < cues.Count; i++)
        {
            if (cues[i].Kind is null)
            {
                yield return cues[i];
                continue;
            }

            for (var j = i + 1; j < cues.Count && cues[j].Start - cues[i].Start <= Neighbourhood; j++)
            {
                if (cues[j].Kind is not null && cues[i].Supports(cues[j]))
                {
                    yield return cues[i] with { Kind = null, Length = cues[j].Start + cues[j].Length - cues[i].Start, Excerpt = $"{cues[i].Excerpt} … {cues[j].Excerpt}" };
                    break;
                }
            }
        }
    }

    private static IEnumerable<InstructionFinding> Merged(IEnumerable<Cue> cues)
    {
        InstructionFinding? last = null;
        foreach (var cue in cues)
        {
            var excerpt = cue.Excerpt.Length > LongestExcerpt ? cue.Excerpt[..LongestExcerpt] + "…" : cue.Excerpt;
            if (last is not null && cue.Start < last.Start + last.Length)
            {
                last = last with { Length = Math.Max(last.Length, cue.Start + cue.Length - last.Start) };
                continue;
            }

            if (last is not null)
            {
                yield return last;
            }

            last = new InstructionFinding(cue.Family, cue.Start, cue.Length, excerpt);
        }

        if (last is not null)
        {
            yield return last;
        }
    }

    private static string Excerpt(List<ScreenedWord> words, RuleMatcher.Match match)
    {
        var parts = new List<string>();
        var expected = match.Words[0].First;
        foreach (var (first, last) in match.Words)
        {
            if (first > expected)
            {
                parts.Add("…");
            }

            parts.AddRange(Enumerable.Range(first, last - first + 1).Select(i => words[i].Text));
            expected = last + 1;
        }

        return string.Join(' ', parts);
    }
}

/// <summary>One sign of an instruction.</summary>
/// <param name="Kind">Of a weak one; null for one that is a finding by itself.</param>
/// <param name="Word">The first word: two speakers are two signs.</param>
internal sealed record Cue(InstructionFamily Family, string? Kind, string Word, int Start, int Length, string Excerpt)
{
    private const string Speaker = "speaker";
    private const string Turn = "turn";

    /// <summary>Whether two weak signs make a finding together. Names of speakers do only where both say something.</summary>
    public bool Supports(Cue other) => Start != other.Start && (Kind is Speaker or Turn && other.Kind is Speaker or Turn ? Kind == Turn && other.Kind == Turn && Word != other.Word : Kind != other.Kind);
}
