using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims.Meaning;
using static Advisor.Insights.Analyst.Holes;

namespace Advisor.Insights.Analyst;

/// <summary>The sentence of one line in two periods. Its words follow from the values alone.</summary>
public static class ChangeWords
{
    /// <summary>A change of less than this share shows in no amount that is rounded for prose.</summary>
    private const decimal Barely = 0.005m;

    /// <param name="current">Of the later period; one line, unit and length of period with <paramref name="prior"/>.</param>
    public static ClaimText Of(Fact current, Fact prior)
    {
        if (current.Value == prior.Value)
        {
            return $"{Label(current)} was unchanged at {Value(current)} {In(current)} {Period(current)} and {Period(prior)}.";
        }

        // The percentage of a percentage reads as points, and that of a loss as its opposite: both values say it.
        var isOutflow = Measures.IsOutflow(current);
        if (current.Unit == Unit.Percent || prior.Value == 0 || Math.Sign(current.Value) != Math.Sign(prior.Value) || (current.Value < 0 && !isOutflow))
        {
            return $"{Label(current)} went from {Value(prior)} {In(prior)} {Period(prior)} to {Value(current)} {In(current)} {Period(current)}.";
        }

        if (Math.Abs(current.Value - prior.Value) < Barely * Math.Abs(prior.Value))
        {
            return $"{Label(current)} barely changed, by {Change(current, prior)}: {Told(current)} {In(current)} {Period(current)}.";
        }

        var grew = Math.Abs(current.Value) > Math.Abs(prior.Value);
        var verb = new Verb(current.Value < 0 ? (grew ? "grew" : "shrank") : grew ? "rose" : "fell");
        return $"{Label(current)} {verb} {Change(current, prior)} to {Told(current)} {In(current)} {Period(current)}, from {Told(prior)} {In(prior)} {Period(prior)}.";
    }

    /// <summary>An outflow is told by its size; that it goes out is in its name.</summary>
    internal static Hole Told(Fact fact) => fact.Value < 0 && Measures.IsOutflow(fact) ? Size(fact) : Value(fact);
}
