namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>What an expression stands on: the facts and named constants in it, and the rule that it must stand on some.</summary>
public static class Citations
{
    /// <summary>Ids of the facts, each once, in order of first appearance.</summary>
    public static IReadOnlyList<string> FactsOf(Expression expression) =>
        [.. Walk(expression).OfType<Expression.FactReference>().Select(fact => fact.Id).Distinct(StringComparer.Ordinal)];

    /// <summary>Ids of the facts whose values enter, not only their period or label; each once, in order of first appearance.</summary>
    public static IReadOnlyList<string> ValuesOf(Expression expression) =>
        [.. Walk(expression, into: part => part is not Expression.Call { Function: "period" or "label" or "years" })
            .OfType<Expression.FactReference>().Select(fact => fact.Id).Distinct(StringComparer.Ordinal)];

    /// <summary>Names of the constants, each once, in order of first appearance.</summary>
    public static IReadOnlyList<string> ConstantsOf(Expression expression) =>
        [.. Walk(expression).OfType<Expression.ConstantReference>().Select(constant => constant.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>Null when the expression, and every operation in it, cites a fact, a named constant or a name of the document.</summary>
    internal static ExpressionError? Check(Expression expression)
    {
        if (!Cites(expression))
        {
            return new ExpressionError.CitesNothing();
        }

        var uncited = Walk(expression).FirstOrDefault(part => part is Expression.Operation or Expression.Call && !Cites(part));
        return uncited is null ? null : new ExpressionError.LiteralArithmetic(ExpressionPrinter.Print(uncited));
    }

    private static bool Cites(Expression expression) => Walk(expression).Any(part =>
        part is Expression.FactReference or Expression.ConstantReference or Expression.Call { Function: "company" or "form" });

    /// <summary>The expression and all its parts, from the outside in and from the left; without what is inside the calls that <paramref name="into"/> refuses.</summary>
    internal static IEnumerable<Expression> Walk(Expression root, Func<Expression, bool>? into = null)
    {
        var pending = new Stack<Expression>([root]);
        while (pending.TryPop(out var part))
        {
            yield return part;
            switch (part)
            {
                case Expression.Negation negation:
                    pending.Push(negation.Operand);
                    break;
                case Expression.Operation operation:
                    pending.Push(operation.Right);
                    pending.Push(operation.Left);
                    break;
                case Expression.Call call when into?.Invoke(call) ?? true:
                    foreach (var argument in call.Arguments.Reverse())
                    {
                        pending.Push(argument);
                    }

                    break;
            }
        }
    }
}
