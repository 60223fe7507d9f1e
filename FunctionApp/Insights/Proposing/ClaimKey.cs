using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Insights.Proposing;

/// <summary>What a claim says, whatever its words: the values that it computes, in one form.</summary>
public static class ClaimKey
{
    /// <summary>The claim's value expressions over fact ids, without signs that abs() hides and without texts; in order, each once.</summary>
    public static IReadOnlyList<string> Of(Claim claim) =>
    [
        .. claim.Expressions.Select(ExpressionParser.Parse).OfType<ParseResult.Parsed>()
            .Select(parsed => Canonical(parsed.Expression, claim))
            .Where(expression => Citations.ValuesOf(expression).Count > 0)
            .Select(ExpressionPrinter.Print)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether all that one claim says is said by the other.</summary>
    public static bool IsWithin(IReadOnlyList<string> claim, IReadOnlyList<string> other) => claim.Count > 0 && claim.All(other.Contains);

    /// <summary>Whether anything is computed beyond values as they are printed.</summary>
    public static bool ComputesMore(IReadOnlyList<string> claim) => claim.Any(expression => !ExpressionParser.IsFactId(expression));

    private static Expression Canonical(Expression expression, Claim claim) => expression switch
    {
        Expression.FactReference fact => new Expression.FactReference(claim.Facts.TryGetValue(fact.Id, out var id) ? id : fact.Id),
        Expression.Call { Function: "abs", Arguments: [var inner] } => Canonical(inner, claim),
        Expression.Negation negation => Canonical(negation.Operand, claim),
        Expression.Operation operation => operation with { Left = Canonical(operation.Left, claim), Right = Canonical(operation.Right, claim) },
        Expression.Call { Function: "sum" or "avg" or "min" or "max" } call =>
            call with { Arguments = [.. call.Arguments.Select(argument => Canonical(argument, claim)).OrderBy(ExpressionPrinter.Print, StringComparer.Ordinal)] },
        Expression.Call call => call with { Arguments = [.. call.Arguments.Select(argument => Canonical(argument, claim))] },
        _ => expression,
    };
}
