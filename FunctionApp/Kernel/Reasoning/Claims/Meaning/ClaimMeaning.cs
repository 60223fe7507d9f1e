using System.Text.RegularExpressions;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Kernel.Reasoning.Claims.Meaning;

/// <summary>Sees that a sentence whose numbers are true is true itself: that each number is of the line, the period and the direction that the prose says.</summary>
/// <remarks>
/// For claims that a language model proposes; the built-in analyst's sentences are written with their rules. Pure. It can only refuse. What it
/// cannot see is listed in <c>docs/reasoning.md</c>.
/// </remarks>
public sealed partial class ClaimMeaning
{
    /// <summary>Longest prose in characters, labels written out: a label is as long as the document makes it.</summary>
    private const int MaximumText = 2000;

    private readonly EvaluationContext _context;
    private readonly Names _names;
    private readonly ILookup<string, Period> _periods;

    /// <param name="context">All facts of the document: a name of any of them is a name.</param>
    public ClaimMeaning(EvaluationContext context)
    {
        _context = context;
        _names = new Names(context.Facts.Values);
        _periods = context.Facts.Values.Where(fact => fact.Period is not null).ToLookup(Measures.KeyOf, fact => fact.Period!, StringComparer.Ordinal);
    }

    /// <summary>What the expressions of a claim compute, in their order.</summary>
    public IReadOnlyList<Measure> MeasuresOf(Claim claim)
    {
        var context = _context with { Aliases = claim.Facts };
        return [.. claim.Expressions.Select(text => Measures.Of(((ParseResult.Parsed)ExpressionParser.Parse(text)).Expression, context))];
    }

    /// <summary>Why a verified claim, or with <paramref name="explains"/> a verified explanation, is refused; empty when it may stand.</summary>
    public IReadOnlyList<ClaimRejection> FaultsOf(VerifiedClaim verified, bool explains = false)
    {
        ArgumentNullException.ThrowIfNull(verified);
        var measures = MeasuresOf(verified.Claim);
        var faults = measures.OfType<Measure.None>().Select(ClaimRejection (none) => new ClaimRejection.Unsupported(none.Code, none.Message)).ToList();
        if (verified.Text.Length > MaximumText)
        {
            faults.Add(new ClaimRejection.TooLong("characters when its names and numbers are written out", MaximumText));
        }
        else if (Link().IsMatch(verified.Text))
        {
            faults.Add(new ClaimRejection.Unsupported("link", "The prose holds a link, an address or markup."));
        }

        if (measures.SelectMany(measure => measure.Facts).FirstOrDefault(fact => fact.Period is null) is { } timeless)
        {
            faults.Add(new ClaimRejection.Unsupported("unknown_period", $"The period of {timeless.Id} is not printed, so no sentence can say when its value held."));
        }

        if (measures.All(measure => measure is Measure.Time or Measure.Label or Measure.DocumentName))
        {
            faults.Add(new ClaimRejection.Unsupported("states_nothing", "The claim states no value."));
        }

        if (faults.Count > 0)
        {
            return faults;
        }

        var sentences = Sentence.Of(ClaimTemplate.Parse(verified.Claim.Template).Parts, measures, verified.Placeholders, _names, explains, faults);
        if (faults.Count > 0)
        {
            return faults;
        }

        SentenceItem? subject = null;
        foreach (var sentence in sentences)
        {
            // A reader does not look for a number's period in another sentence.
            var told = sentence.Select(item => item.Measure).OfType<Measure.Time>().Select(time => time.Fact.Period!.Label).ToHashSet(StringComparer.Ordinal);
            var checks = new SentenceChecks(sentence, subject, told, IsNewest);
            faults.AddRange(checks.Faults());
            if (!sentence.Exists(item => item.Kind == ItemKind.Value))
            {
                faults.Add(new ClaimRejection.Unsupported("states_nothing", "A sentence of the claim states no value."));
            }

            subject = sentence.LastOrDefault(item => item.Kind == ItemKind.Name) ?? subject;
        }

        return [.. faults.DistinctBy(fault => fault.Message, StringComparer.Ordinal)];
    }

    /// <summary>The newest period of the line, where no period of another length can be meant.</summary>
    private bool IsNewest(Fact fact)
    {
        var periods = _periods[Measures.KeyOf(fact)].ToList();
        return periods.TrueForAll(period => period.Months == fact.Period!.Months && period.Order <= fact.Period.Order);
    }

    [GeneratedRegex(
        @"https?:|www\.|\w@\w|mailto:|\b[\w-]+\.(com|net|org|io|info|biz|co|ru|cn|uk|de|app|dev|me|xyz)\b|[<>\[\]`|\\]|\*\*|__",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
