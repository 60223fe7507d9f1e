using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Insights;

/// <summary>An insight's sentence as it would read if one of its facts had another value. Pure.</summary>
/// <param name="Text">Written by the code that writes every sentence, so that it is as well-formed as the right one.</param>
/// <param name="Because">What is wrong with it, in a sentence.</param>
internal sealed record WrongTwin(string Text, string Because)
{
    /// <summary>A number that differs by less could pass for a matter of rounding.</summary>
    private const decimal LeastDifference = 0.04m;

    /// <summary>As shares of the fact's value: large enough to be seen, small enough to be believed. Tried in an order that follows from the insight.</summary>
    private static readonly IReadOnlyList<decimal> s_shifts = [0.1m, -0.1m, 0.2m, -0.2m, 0.06m, -0.06m, 0.35m, -0.3m];

    /// <returns>Null where no value can be moved without making the sentence contradict itself.</returns>
    public static WrongTwin? Of(InsightRecord insight)
    {
        var first = insight.Id.Sum(letter => letter);
        for (var i = 0; i < insight.Facts.Count * s_shifts.Count; i++)
        {
            var (fact, shift) = (insight.Facts[(first + i) % insight.Facts.Count], s_shifts[(first + (i / insight.Facts.Count)) % s_shifts.Count]);
            if (Of(insight, fact, Rounded(fact, fact.Value * (1 + shift))) is { } twin)
            {
                return twin;
            }
        }

        return null;
    }

    private static WrongTwin? Of(InsightRecord insight, Fact fact, decimal value)
    {
        var others = insight.Facts.Where(other => other.Id != fact.Id && other.Unit == fact.Unit);

        // What rose must not have fallen: the words around the numbers stay as they are.
        if (value == fact.Value || Math.Sign(value) != Math.Sign(fact.Value) || others.Any(other => fact.Value.CompareTo(other.Value) != value.CompareTo(other.Value)))
        {
            return null;
        }

        var facts = insight.Facts.Select(known => known.Id == fact.Id ? known with { Value = value } : known).ToDictionary(known => known.Id, StringComparer.Ordinal);
        if (ClaimVerifier.Verify(insight.Claim.Claim, new EvaluationContext(facts, insight.Company, insight.Form)) is not VerifiedClaim claim)
        {
            return null;
        }

        var pieces = insight.Claim.Placeholders.Zip(claim.Placeholders, (right, wrong) => (Right: right, Wrong: wrong)).ToList();
        var amounts = pieces.Where(piece => piece.Right.Value is ExpressionValue.Amount && piece.Wrong.Value is ExpressionValue.Amount)
            .Select(piece => (Right: (ExpressionValue.Amount)piece.Right.Value, Wrong: (ExpressionValue.Amount)piece.Wrong.Value)).ToList();
        var isCoherent = amounts.TrueForAll(one => Math.Sign(one.Right.Value) == Math.Sign(one.Wrong.Value)
            && amounts.TrueForAll(other => other.Right.Unit != one.Right.Unit || one.Right.Value.CompareTo(other.Right.Value) == one.Wrong.Value.CompareTo(other.Wrong.Value)));
        var (said, given) = pieces.Where(piece => piece.Right.Text != piece.Wrong.Text && Differ(piece.Right, piece.Wrong)).Select(piece => (piece.Wrong.Text, piece.Right.Text)).FirstOrDefault();
        return isCoherent && said is not null ? new WrongTwin(claim.Text, $"It says {said} where its facts give {given}.") : null;
    }

    private static bool Differ(Placeholder right, Placeholder wrong) =>
        right.Value is ExpressionValue.Amount { Value: var one } && wrong.Value is ExpressionValue.Amount { Value: var other } && Math.Abs(one - other) >= LeastDifference * Math.Abs(one);

    /// <summary>To the digits in which the fact is printed: more of them would tell.</summary>
    private static decimal Rounded(Fact fact, decimal value) => decimal.Round(value / fact.Scale, Digits(fact.Value / fact.Scale)) * fact.Scale;

    /// <summary>Digits after the point, without zeros at the end.</summary>
    private static int Digits(decimal value) => (value / 1.0000000000000000000000000000m).Scale;
}
