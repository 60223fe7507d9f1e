using Advisor.Kernel.Reasoning;

namespace Advisor.Kernel.Confidence;

/// <summary>How far two reviewers agree beyond what their habits alone would bring (Cohen, Educational and Psychological Measurement 20, 1960).</summary>
/// <param name="Kappa">1 is full agreement, 0 what chance gives, below 0 is less than that.</param>
/// <param name="StandardError">For large samples (Fleiss, Cohen and Everitt, Psychological Bulletin 72, 1969, formula 13).</param>
/// <param name="Agreement">Share of items on which they agree.</param>
/// <param name="Expected">Share expected of two who judge independently with the same habits.</param>
public sealed record CohensKappa(decimal Kappa, decimal StandardError, decimal Agreement, decimal Expected, int Count)
{
    /// <param name="pairs">One item each: the category either reviewer chose.</param>
    /// <returns>Null where it is undefined: no items, or both always chose the same one category, so that chance alone explains everything.</returns>
    public static CohensKappa? Of<TCategory>(IEnumerable<(TCategory First, TCategory Second)> pairs)
        where TCategory : notnull
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var items = pairs.ToList();
        decimal count = items.Count;
        var cells = items.GroupBy(pair => pair).ToDictionary(cell => cell.Key, cell => cell.Count() / count);
        var first = items.GroupBy(pair => pair.First).ToDictionary(cell => cell.Key, cell => cell.Count() / count);
        var second = items.GroupBy(pair => pair.Second).ToDictionary(cell => cell.Key, cell => cell.Count() / count);
        var agreement = cells.Where(cell => cell.Key.First.Equals(cell.Key.Second)).Sum(cell => cell.Value);
        var expected = first.Sum(category => category.Value * second.GetValueOrDefault(category.Key));
        if (items.Count == 0 || (first.Count == 1 && second.Count == 1 && agreement == 1))
        {
            return null;
        }

        var chance = 1 - expected;
        var disagreement = 1 - agreement;
        var sum = cells.Sum(cell =>
        {
            var ((one, other), share) = cell;
            var habits = second.GetValueOrDefault(one) + first.GetValueOrDefault(other);
            var weight = one.Equals(other) ? chance - (habits * disagreement) : habits * disagreement;
            return share * weight * weight;
        });
        var centre = (agreement * expected) - (2 * expected) + agreement;
        var variance = (sum - (centre * centre)) / (count * chance * chance * chance * chance);
        return new CohensKappa(
            decimal.Round((agreement - expected) / chance, 6),
            variance <= 0 ? 0 : decimal.Round(DecimalMath.Power(variance, 0.5m), 6),
            decimal.Round(agreement, 6),
            decimal.Round(expected, 6),
            items.Count);
    }
}
