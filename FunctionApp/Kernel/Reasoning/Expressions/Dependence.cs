namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>Sees that a number comes from the facts it cites, and does not merely mention them ("f1 / f1 * 12 * 4").</summary>
/// <remarks>
/// The expression, and every quotient within it, is evaluated again over two sets of other values for its facts: one that stays the same both
/// times is not theirs. Other values that give no result (a division by zero, say) count as a difference, since the facts matter then, too.
/// An expression without a fact's value may be a named constant, the years between two facts, or a name; arithmetic of these alone is refused,
/// within a larger expression as well.
/// What this cannot see: two facts that happen to be equal, such as one figure printed twice, divided by each other.
/// </remarks>
public static class Dependence
{
    /// <summary>Null when all numbers are those of the facts; else why one is not. For expressions that have a value.</summary>
    public static ExpressionError? Check(Expression expression, EvaluationContext context)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(context);
        return Citations.Walk(expression).Any(part => IsIndependent(part, ReferenceEquals(part, expression), context))
            ? new ExpressionError.IndependentOfFacts()
            : null;
    }

    private static bool IsIndependent(Expression part, bool isWhole, EvaluationContext context)
    {
        if (part is not (Expression.Operation or Expression.Call or Expression.Negation))
        {
            return false;
        }

        var cited = Citations.ValuesOf(part).Select(context.Resolve).Distinct(StringComparer.Ordinal).ToList();
        if (cited.Count == 0)
        {
            return part is Expression.Operation or Expression.Call { Function: not ("period" or "label" or "company" or "form" or "years") };
        }

        var isQuotient = part is Expression.Operation { Operator: Operator.Divide } or Expression.Call { Function: "ratio" or "share" or "pct" };
        return (isWhole || isQuotient) && IsSame(cited.Order(StringComparer.Ordinal)) && IsSame(cited.OrderDescending(StringComparer.Ordinal));

        bool IsSame(IEnumerable<string> order)
        {
            var others = Citations.FactsOf(part).Select(context.Resolve).Distinct(StringComparer.Ordinal).ToDictionary(id => id, id => context.Facts[id], StringComparer.Ordinal);
            var rank = 0;
            foreach (var id in order)
            {
                rank++;
                others[id] = others[id] with { Value = OtherThan(others[id].Value, rank) };
            }

            return ExpressionEvaluator.Evaluate(part, context with { Facts = others }) is EvaluationResult.Evaluated other
                && ExpressionEvaluator.Evaluate(part, context) is EvaluationResult.Evaluated now
                && other.Value == now.Value;
        }
    }

    // Halved so that the largest values stay decimals; far enough apart to show through round().
    private static decimal OtherThan(decimal value, int rank) => (value / (2 + (3 * rank * rank))) + (17 * rank);
}
