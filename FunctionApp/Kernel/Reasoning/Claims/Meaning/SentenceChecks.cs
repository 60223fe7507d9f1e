namespace Advisor.Kernel.Reasoning.Claims.Meaning;

/// <summary>Holds one sentence to what its expressions compute.</summary>
/// <param name="carried">The last name of the sentences before, for one that names none.</param>
/// <param name="told">Labels of the periods that the sentence states.</param>
/// <param name="isNewest">Whether a reader takes a line without a period to be this one.</param>
internal sealed class SentenceChecks(List<SentenceItem> items, SentenceItem? carried, IReadOnlySet<string> told, Func<Fact, bool> isNewest)
{
    private readonly HashSet<SentenceItem> _borne = new(ReferenceEqualityComparer.Instance);

    private bool NamesAYear => items.Exists(item => item is { Kind: ItemKind.Word, Text: "year" });

    public IReadOnlyList<ClaimRejection> Faults()
    {
        var faults = new List<ClaimRejection>();
        for (var at = 0; at < items.Count; at++)
        {
            var fault = items[at] switch
            {
                { Kind: ItemKind.Value } => Attribution(at) ?? PeriodRead(at) ?? PeriodTold(items[at].Measure!),
                { Kind: ItemKind.Time } => TimeBound(at),
                { Kind: ItemKind.Word, Measure: null } => WordHolds(at),
                _ => null,
            };
            if (fault is not null)
            {
                faults.Add(fault);
            }
        }

        if (faults.Count == 0 && Journey() is { } backwards)
        {
            faults.Add(backwards);
        }

        if (faults.Count == 0 && items.Find(item => item.Kind == ItemKind.Name && !_borne.Contains(item)) is { } bare)
        {
            faults.Add(Unsupported("metric_not_cited", $"'{bare.Text}' is named, and no value of it is cited with it."));
        }

        return faults;
    }

    /// <summary>"from {a} to {b}", in either order: a reader takes a to have come before b.</summary>
    private ClaimRejection.Unsupported? Journey()
    {
        var (from, to) = (ValuesAfter("from"), ValuesAfter("to"));
        return from.Count == 0 || to.Count == 0 || (from.Count == 1 && to.Count == 1 && Measures.KeyOf(from[0]) == Measures.KeyOf(to[0]) && from[0].Period!.Order < to[0].Period!.Order)
            ? null
            : Unsupported("reversed_periods", "'from' and 'to' do not lead from an earlier value of one line to a later one.");
    }

    private List<Fact> ValuesAfter(string word) =>
        [.. items.Zip(items.Skip(1)).Where(pair => pair.First is { Kind: ItemKind.Word } && pair.First.Text == word).Select(pair => pair.Second.Measure).OfType<Measure.Line>().Select(line => line.Fact)];

    /// <summary>Each number is of the line that the prose last named before it, or names right after it.</summary>
    private ClaimRejection.Unsupported? Attribution(int at)
    {
        var measure = items[at].Measure!;
        var own = Names.KeysOf(measure).ToHashSet(StringComparer.Ordinal);
        if (own.Count > 0 && Subject(at, measure.Facts is [_, var bottom] ? [Measures.KeyOf(bottom)] : []) is { } derived && derived.Keys.Overlaps(own))
        {
            Bear(derived);
            foreach (var name in After(at).Where(name => name.Keys.Contains(Measures.KeyOf(measure.Facts[1]))))
            {
                Bear(name);
            }

            return null;
        }

        return measure switch
        {
            Measure.Line line => Single(at, line.Fact),
            Measure.Change change => Single(at, change.Later),
            Measure.Part part => Pair(at, part.Top, part.Bottom, inOrder: true),
            Measure.Gap gap => Compared(at, gap),
            Measure.Total total => Sum(at, total),
            _ => null,
        };
    }

    private ClaimRejection.Unsupported? Single(int at, Fact fact)
    {
        var key = Measures.KeyOf(fact);
        if (Subject(at, []) is not { } subject || !subject.Keys.Contains(key))
        {
            return Misattributed(at, fact);
        }

        Bear(subject);
        return Adjacent(at) is { } of && !of.Keys.Contains(key) ? Misattributed(at, fact) : null;
    }

    /// <summary>"{top} ... was {part} of {bottom}", or "the ratio of {top} to {bottom} was {part}".</summary>
    private ClaimRejection.Unsupported? Pair(int at, Fact top, Fact bottom, bool inOrder)
    {
        var (over, under) = (Measures.KeyOf(top), Measures.KeyOf(bottom));
        var before = Before(at).ToList();
        if (Adjacent(at) is { } after && after.Keys.Contains(under) && before.Find(name => !name.Keys.Contains(under)) is var first && (first ?? carried) is { } subject && subject.Keys.Contains(over))
        {
            Bear(after);
            Bear(subject);
            return null;
        }

        if (before is [var last, var former, ..] && Adjacent(at) is null
            && ((last.Keys.Contains(under) && former.Keys.Contains(over)) || (!inOrder && last.Keys.Contains(over) && former.Keys.Contains(under))))
        {
            Bear(last);
            Bear(former);
            return null;
        }

        return Misattributed(at, top);
    }

    private ClaimRejection.Unsupported? Compared(int at, Measure.Gap gap)
    {
        var hasOrder = items.Exists(item => item.Kind == ItemKind.Word && Vocabulary.Comparatives.ContainsKey(item.Text));
        var isNamedGap = items.Exists(item => item is { Kind: ItemKind.Word, Text: "difference" or "gap" });
        if (!hasOrder && !isNamedGap)
        {
            return Unsupported("misattributed", $"{items[at].Text} is a difference between two lines, and the sentence does not say so.");
        }

        if (items[at].Text.StartsWith('-'))
        {
            return Unsupported("hidden_sign", $"{items[at].Text} is told as a size: use abs().");
        }

        var names = items.FindAll(item => item.Kind == ItemKind.Name);
        var (left, right) = (names.Find(name => name.Keys.Contains(Measures.KeyOf(gap.Left))), names.Find(name => name.Keys.Contains(Measures.KeyOf(gap.Right))));
        if (left is null || right is null || names.Count != 2)
        {
            return Misattributed(at, left is null ? gap.Left : gap.Right);
        }

        Bear(left);
        Bear(right);
        return null;
    }

    private ClaimRejection.Unsupported? Sum(int at, Measure.Total total)
    {
        if (!items.Exists(item => item is { Kind: ItemKind.Word, Text: "sum" or "total" or "together" or "combined" or "totalled" or "totaled" }))
        {
            return Unsupported("misattributed", $"{items[at].Text} is a sum, and the sentence does not say so.");
        }

        var names = items.FindAll(item => item.Kind == ItemKind.Name);
        if (names.Count != total.Lines.Count)
        {
            return Unsupported("misattributed", $"{items[at].Text} is the sum of {total.Lines.Count} lines, and the sentence names {names.Count}.");
        }

        foreach (var fact in total.Lines)
        {
            if (names.Find(name => name.Keys.Contains(Measures.KeyOf(fact))) is not { } name)
            {
                return Misattributed(at, fact);
            }

            Bear(name);
        }

        return null;
    }

    /// <summary>A reader takes a number to be of the next period that the sentence names, or else of the last one before it.</summary>
    private ClaimRejection.Unsupported? PeriodRead(int at)
    {
        var read = items.Skip(at).FirstOrDefault(item => item.Kind == ItemKind.Time) ?? items.Take(at).LastOrDefault(item => item.Kind == ItemKind.Time);
        return read?.Measure is not Measure.Time time || items[at].Measure!.Facts.Any(fact => fact.Period is null || Measures.AreOfOneTime(fact, time.Fact))
            ? null
            : Unsupported("period_mismatch", $"{items[at].Text} is not of {time.Fact.Period!.Label}, which the sentence says with it.");
    }

    /// <summary>A reader must be able to tell which period a number is of.</summary>
    private ClaimRejection.Unsupported? PeriodTold(Measure measure)
    {
        if (measure is Measure.Change change && NamesAYear)
        {
            return Measures.AreAYearApart(change) && (isNewest(change.Later) || told.Contains(change.Later.Period!.Label)) ? null
                : Unsupported("time_in_prose", $"{change.Later.Period!.Label} and {change.Earlier.Period!.Label} are not a year apart, or the later one is not said.");
        }

        var untold = measure.Facts.FirstOrDefault(fact => fact.Period is { } period && !told.Contains(period.Label)
            && !(isNewest(fact) || (measure is Measure.Part or Measure.Gap && measure.Facts.Any(other => other.Period is { } same && told.Contains(same.Label)))));
        return untold is null ? null : Unsupported("period_not_told", $"The sentence does not say that {untold.Id} is of {untold.Period!.Label}: cite period({untold.Id}).");
    }

    /// <summary>A period belongs to the number before it, or to the first one after it.</summary>
    private ClaimRejection.Unsupported? TimeBound(int at)
    {
        var fact = ((Measure.Time)items[at].Measure!).Fact;
        var label = fact.Period!.Label;
        var word = items.Skip(Math.Max(0, at - 3)).Take(Math.Min(at, 3)).LastOrDefault(item => item.Kind == ItemKind.Word && item.Text is not ("the" or "year" or "in" or "at" or "for" or "during"))?.Text ?? "";
        var isBase = Vocabulary.PrepositionsOfBase.Contains(word);
        var values = items.Where(item => item.Kind == ItemKind.Value).ToList();
        var before = items.Take(at).LastOrDefault(item => item.Kind == ItemKind.Value);
        var anchor = before ?? values.FirstOrDefault();
        if (anchor is null)
        {
            return Unsupported("period_mismatch", $"No value stands with {label}.");
        }

        var holds = anchor.Measure switch
        {
            Measure.Change change when word is "between" or "and" => label == change.Later.Period!.Label || label == change.Earlier.Period!.Label,
            Measure.Change change => label == (isBase ? change.Earlier : change.Later).Period!.Label,
            var measure => measure!.Facts.Any(cited => cited.Period?.Label == label)
                || (isBase && items.Take(at).LastOrDefault(item => item.Measure is Measure.Change)?.Measure is Measure.Change against && label == against.Earlier.Period!.Label),
        };
        return holds ? null : Unsupported("period_mismatch", $"{anchor.Text} is not of {label}.");
    }

    private ClaimRejection.Unsupported? WordHolds(int at)
    {
        var word = items[at].Text;
        if (Vocabulary.Directions.TryGetValue(word, out var direction))
        {
            // "higher than in FY2021" is a direction, "higher than net income" puts one line over another.
            return items.Skip(at + 1).FirstOrDefault(item => item.Kind != ItemKind.Word) is { Kind: ItemKind.Name } && word is "higher" or "lower" or "larger" or "smaller" or "greater"
                && items.Count > at + 1 && items[at + 1].Text == "than"
                ? Over(at, direction)
                : Moved(at, direction);
        }

        var next = at + 1 < items.Count ? items[at + 1] : null;
        return Vocabulary.Comparatives.TryGetValue(word, out var sign) ? Over(at, sign)
            // "the company changed the reported figure" accuses; "revenue changed by" does not.
            : word is "changed" or "moved" or "went" && next is not { Kind: ItemKind.Word, Text: "by" or "from" or "to" or "in" } ? Unsupported("unverifiable_wording", $"'{word}' is followed by no figure.")
            : word == "change" && next is not { Kind: ItemKind.Word, Text: "of" or "in" } ? Unsupported("unverifiable_wording", "'change' is followed by no figure.")
            : word == "year" && !items.Exists(item => item.Measure is Measure.Change) ? Unsupported("time_in_prose", "No change over a year is computed.")
            : word == "since" && !(at + 1 < items.Count && items[at + 1].Kind == ItemKind.Time) ? Unsupported("causal_wording", "'since' is followed by no period.")
            : null;
    }

    /// <summary>The word says where the line went: its values in two periods must say the same.</summary>
    private ClaimRejection.Unsupported? Moved(int at, int direction)
    {
        var word = items[at].Text;
        if (Subject(at, []) is not { } subject)
        {
            return Unsupported("direction_not_computed", $"'{word}' is said of no line.");
        }

        // "Assets and liabilities rose" says it of both.
        var said = items.FindLastIndex(Math.Max(0, at - 1), item => item.Kind == ItemKind.Word && Vocabulary.Directions.ContainsKey(item.Text) && !ReferenceEquals(item, items[at]));
        foreach (var name in items.Take(at).Skip(said + 1).Where(name => name.Kind == ItemKind.Name && !name.Keys.SetEquals(subject.Keys)))
        {
            if (MovedAs(name, word, direction) is { } other)
            {
                return other;
            }
        }

        return MovedAs(subject, word, direction);
    }

    private ClaimRejection.Unsupported? MovedAs(SentenceItem subject, string word, int direction)
    {
        var moves = Moves(subject).ToList();
        if (moves.Count == 0)
        {
            return Unsupported("direction_not_computed", $"'{word}' is said of {subject.Text}, whose values in two periods are not both cited.");
        }

        if (moves.Exists(move => move.Earlier <= 0 || move.Later <= 0))
        {
            return Unsupported("direction_of_negatives", $"'{word}' can be taken both ways where a value is not above zero: state both values.");
        }

        if (moves.Exists(move => Math.Sign(move.Later - move.Earlier) != direction))
        {
            return Unsupported("direction", $"'{word}' is not where {subject.Text} went.");
        }

        // "fell -5 %" denies itself.
        return items.Exists(item => item.Measure is Measure.Change && item.Text.StartsWith('-'))
            ? Unsupported("hidden_sign", $"A change told by '{word}' is told by its size: use abs().")
            : null;
    }

    /// <summary>The values of a line, or of a measure with a name of its own, in two periods, as far as the sentence cites them.</summary>
    private IEnumerable<(decimal Later, decimal Earlier)> Moves(SentenceItem subject)
    {
        foreach (var change in items.Select(item => item.Measure).OfType<Measure.Change>().Where(change => subject.Keys.Contains(Measures.KeyOf(change.Later))))
        {
            yield return (change.Later.Value, change.Earlier.Value);
        }

        var points = items.Select(item => item.Measure).OfType<Measure>()
            .Select(measure => measure switch
            {
                Measure.Line line when subject.Keys.Contains(Measures.KeyOf(line.Fact)) => new Point(line.Fact.Period, "line", line.Fact.Value),
                Measure.Part part when Names.KeysOf(part).Any(subject.Keys.Contains) => new Point(part.Top.Period, "part", Ratio(part)),
                Measure.Gap gap when Names.KeysOf(gap).Any(subject.Keys.Contains) => new Point(gap.Left.Period, "gap", gap.Left.Value - Math.Abs(gap.Right.Value)),
                _ => null,
            })
            .OfType<Point>()
            .Where(point => point is { Time: not null, Value: not null })
            .ToList();
        foreach (var pair in from a in points from b in points where a.Kind == b.Kind && a.Time!.Months == b.Time!.Months && a.Time.Order > b.Time.Order select (Later: a, Earlier: b))
        {
            yield return (pair.Later.Value!.Value, pair.Earlier.Value!.Value);
        }
    }

    private sealed record Point(Period? Time, string Kind, decimal? Value);

    private static decimal? Ratio(Measure.Part part) => part.Bottom.Value == 0 ? null : part.Top.Value / Math.Abs(part.Bottom.Value);

    /// <summary>The word puts the line before it over or under the line after it: their values of one time must say the same.</summary>
    private ClaimRejection.Unsupported? Over(int at, int sign)
    {
        var word = items[at].Text;
        if (items.FindAll(item => item.Kind == ItemKind.Name).DistinctBy(name => string.Join('\n', name.Keys.Order(StringComparer.Ordinal))).Count() > 2)
        {
            return Unsupported("unverifiable_comparison", $"The sentence names more than the two lines that '{word}' can stand between.");
        }

        var (first, second) = (items.Take(at).LastOrDefault(item => item.Kind == ItemKind.Name), items.Skip(at).FirstOrDefault(item => item.Kind == ItemKind.Name));
        if (first is null || second is null || items.Skip(at).TakeWhile(item => item.Kind != ItemKind.Name).Any(item => item.Kind == ItemKind.Value))
        {
            return Unsupported("unverifiable_comparison", $"'{word}' does not stand between two lines.");
        }

        var facts = items.SelectMany(item => item.Measure?.Facts ?? []).Distinct().ToList();
        var pairs = (from a in facts
                     where first.Keys.Contains(Measures.KeyOf(a))
                     from b in facts
                     where second.Keys.Contains(Measures.KeyOf(b)) && Measures.AreOfOneTime(a, b) && (a.Unit, a.Currency) == (b.Unit, b.Currency)
                     from order in new[] { a.Value.CompareTo(b.Value), Math.Abs(a.Value).CompareTo(Math.Abs(b.Value)) }
                     select order).ToList();
        return pairs.Count == 0 ? Unsupported("unverifiable_comparison", $"'{word}' stands between two lines whose values of one period are not both cited.")
            : pairs.TrueForAll(order => order == sign) ? null
            : Unsupported("comparison", $"'{word}' is not how {first.Text} and {second.Text} stand.");
    }

    /// <summary>The name that a number or a word is said of: the last before it, else the first after it, else that of the sentence before.</summary>
    private SentenceItem? Subject(int at, IReadOnlyList<string> skipped) =>
        Before(at).FirstOrDefault(name => !skipped.Any(name.Keys.Contains)) ?? (Before(at).Any() ? null : After(at).FirstOrDefault()) ?? carried;

    /// <summary>The name that follows a number in "{0} of revenue", "{0} times the revenue", "{0} in revenue".</summary>
    private SentenceItem? Adjacent(int at)
    {
        for (var i = at + 1; i < items.Count; i++)
        {
            if (items[i].Kind != ItemKind.Word || items[i].Text is not ("of" or "times" or "the" or "its" or "days" or "in"))
            {
                return items[i].Kind == ItemKind.Name && i > at + 1 ? items[i] : null;
            }
        }

        return null;
    }

    private IEnumerable<SentenceItem> Before(int at) => items.Take(at).Reverse().Where(item => item.Kind == ItemKind.Name);

    private IEnumerable<SentenceItem> After(int at) => items.Skip(at + 1).Where(item => item.Kind == ItemKind.Name);

    private void Bear(SentenceItem name) => _borne.Add(name);

    private ClaimRejection.Unsupported Misattributed(int at, Fact fact) =>
        Unsupported("misattributed", $"{items[at].Text} is a value of {fact.Metric ?? fact.Label}, and the prose does not say so.");

    private static ClaimRejection.Unsupported Unsupported(string code, string message) => new(code, message);
}
