namespace Advisor.Kernel.Screening;

/// <summary>One word or phrase of a rule.</summary>
/// <param name="Classes">It is of any of these.</param>
/// <param name="Gap">At most so many other words stand before it.</param>
internal sealed record RuleElement(WordClasses Classes, int Gap)
{
    /// <summary>Whatever word it is.</summary>
    public bool Any { get; init; }

    /// <summary>It stands where an order begins: after a sign or a word that leads to one.</summary>
    public bool Order { get; init; }

    /// <summary>It stands at the beginning of a line, a sentence or a quotation.</summary>
    public bool Opening { get; init; }

    /// <summary>It opens a clause: as <see cref="Opening"/>, but a line that merely goes on does not count.</summary>
    public bool Clause { get; init; }

    /// <summary>It is a number, whatever its digits.</summary>
    public bool Number { get; init; }

    /// <summary>It belongs to an address of mail or of the web.</summary>
    public bool Address { get; init; }

    /// <summary>The word behind it is of none of these.</summary>
    public WordClasses Not { get; init; }

    public Between Before { get; init; }

    public Between After { get; init; }
}

/// <summary>Words in an order, within one sentence.</summary>
/// <param name="Number">Its place in the grammar, from 0.</param>
/// <param name="Kind">Of a weak rule: two different kinds make a finding. Null for a strong one.</param>
internal sealed record GrammarRule(int Number, InstructionFamily Family, string? Kind, string Text, IReadOnlyList<RuleElement> Elements);

/// <summary>Finds the rules of a grammar in words. The work for a word is bounded by the rules alone.</summary>
internal sealed class RuleMatcher(InstructionGrammar grammar, List<ScreenedWord> words)
{
    private const Between Opening = Between.Start | Between.Stop | Between.Line | Between.Quote | Between.Open | Between.Close | Between.Sign;
    private const Between Ordering = Opening | Between.Colon | Between.Comma;

    // A rule has at most a handful of elements.
    private readonly (int First, int Last)[] _at = new (int, int)[12];

    // Where each rule was tried last, from 1: one may begin with several classes of a word.
    private readonly int[] _tried = new int[grammar.Rules.Count];

    /// <param name="Words">First and last word of each element.</param>
    public sealed record Match(GrammarRule Rule, IReadOnlyList<(int First, int Last)> Words);

    public IEnumerable<Match> All()
    {
        for (var i = 0; i < words.Count - 1; i++)
        {
            if (words[i].Classes.IsNone && !words[i].OpensPhrase)
            {
                continue;
            }

            var classes = words[i].Classes;
            if (words[i].OpensPhrase)
            {
                foreach (var (more, _) in Phrases(i))
                {
                    classes |= more;
                }
            }

            foreach (var rule in grammar.From(classes))
            {
                if (_tried[rule.Number] == i + 1)
                {
                    continue;
                }

                _tried[rule.Number] = i + 1;
                if (From(rule, 0, i))
                {
                    yield return new Match(rule, _at[..rule.Elements.Count]);
                }
            }
        }
    }

    /// <summary>Whether the rule's elements from this one on stand from this word on, the element at the word itself.</summary>
    private bool From(GrammarRule rule, int element, int word)
    {
        var wanted = rule.Elements[element];
        if ((wanted.Order && !IsOrder(word)) || (wanted.Opening && (words[word].Before & Opening) == Between.None)
            || (wanted.Clause && !OpensClause(word)) || (words[word].Before & wanted.Before) != wanted.Before)
        {
            return false;
        }

        if ((wanted.Any || (wanted.Number && words[word].IsNumber) || (wanted.Address && words[word].IsAddress) || words[word].Classes.Overlaps(wanted.Classes)) && Ends(rule, element, word, word))
        {
            return true;
        }

        foreach (var (classes, last) in words[word].OpensPhrase ? Phrases(word) : [])
        {
            if (classes.Overlaps(wanted.Classes) && Ends(rule, element, word, last))
            {
                return true;
            }
        }

        return false;
    }

    private bool Ends(GrammarRule rule, int element, int first, int last)
    {
        var wanted = rule.Elements[element];
        if ((words[last + 1].Before & wanted.After) != wanted.After || (!wanted.Not.IsNone && IsFollowed(last + 1, wanted.Not)))
        {
            return false;
        }

        _at[element] = (first, last);
        if (element + 1 == rule.Elements.Count)
        {
            return true;
        }

        var gap = rule.Elements[element + 1].Gap;
        for (var next = last + 1; next < words.Count - 1 && next <= last + 1 + gap && (words[next].Before & Between.Stop) == Between.None; next++)
        {
            if (From(rule, element + 1, next))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsFollowed(int next, WordClasses by) => (words[next].Before & Between.Stop) == Between.None
        && (words[next].Classes.Overlaps(by) || Phrases(next).Any(phrase => phrase.Classes.Overlaps(by)));

    private bool IsOrder(int word) => (words[word].Before & Ordering) != Between.None || (word > 0 && words[word - 1].Classes.Overlaps(grammar.Lead))
        || Leads(word);

    /// <summary>Lines of a page end anywhere: one opens a clause when it begins with a capital letter, or follows a number.</summary>
    private bool OpensClause(int word)
    {
        var before = words[word].Before;
        return word == 0 || (before & (Between.Start | Between.Stop | Between.Quote | Between.Open | Between.Close | Between.Colon)) != Between.None
            || ((before & Between.Line) != Between.None && (words[word].IsCapital || words[word - 1].IsNumber))
            || ((before & Between.Sign) != Between.None && words[word].Start - words[word - 1].End > 1 && (words[word].IsCapital || !words[word - 1].IsNumber));
    }

    private bool Leads(int word)
    {
        for (var first = Math.Max(0, word - 3); first < word - 1; first++)
        {
            foreach (var (classes, last) in Phrases(first))
            {
                if (last == word - 1 && classes.Overlaps(grammar.Lead))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private IEnumerable<(WordClasses Classes, int Last)> Phrases(int word)
    {
        if (!words[word].OpensPhrase)
        {
            yield break;
        }

        foreach (var phrase in grammar.Vocabulary.PhrasesFrom(words[word].Text))
        {
            var last = word;
            while (last - word < phrase.Rest.Count && last + 1 < words.Count - 1 && words[last + 1].Text == phrase.Rest[last - word] && (words[last + 1].Before & Between.Stop) == Between.None)
            {
                last++;
            }

            if (last - word == phrase.Rest.Count)
            {
                yield return (phrase.Classes, last);
            }
        }
    }
}
