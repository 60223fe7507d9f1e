namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>Evaluates expressions in decimals. Pure: the same expression over the same facts gives the same value, digit for digit.</summary>
public static class ExpressionEvaluator
{
    /// <summary>Parses and evaluates. Never throws for what the text says; every failure is an <see cref="ExpressionError"/>.</summary>
    public static EvaluationResult Evaluate(string text, EvaluationContext context) => ExpressionParser.Parse(text) switch
    {
        ParseResult.Parsed parsed => Evaluate(parsed.Expression, context),
        ParseResult.Failed failed => new EvaluationResult.Failed(failed.Error),
        _ => throw new InvalidOperationException("Unknown parse result."),
    };

    /// <summary>Evaluates a parsed expression. Its values are applied values; no scale enters.</summary>
    public static EvaluationResult Evaluate(Expression expression, EvaluationContext context)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(context);
        Outcome outcome;
        try
        {
            outcome = ValueOf(expression, context);
        }
        catch (OverflowException)
        {
            // Decimal arithmetic has no other way to tell.
            outcome = new ExpressionError.Overflow();
        }

        return outcome.Value is null
            ? new EvaluationResult.Failed(outcome.Error!)
            : new EvaluationResult.Evaluated(
                outcome.Value,
                [.. Citations.FactsOf(expression).Select(context.Resolve).Distinct(StringComparer.Ordinal)],
                Citations.ConstantsOf(expression));
    }

    internal static Outcome ValueOf(Expression expression, EvaluationContext context) => expression switch
    {
        Expression.Literal literal => new ExpressionValue.Amount(literal.Value, Unit.Number),
        Expression.FactReference reference => ValueOf(reference, context),
        Expression.ConstantReference constant => NamedConstants.Find(constant.Name) is { } found
            ? new ExpressionValue.Amount(found.Value, found.Unit)
            : new ExpressionError.UnknownConstant(constant.Name),
        Expression.Negation negation => ValueOf(negation, context),
        Expression.Operation operation => ValueOf(operation, context),
        Expression.Call call => ExpressionFunctions.Call(call, context),
        _ => throw new InvalidOperationException("Unknown kind of expression."),
    };

    private static Outcome ValueOf(Expression.FactReference reference, EvaluationContext context) => context.Find(reference.Id) is { } fact
        ? new ExpressionValue.Amount(fact.Value, fact.Unit, fact.Unit is Unit.Currency or Unit.CurrencyPerShare ? fact.Currency : null)
        : new ExpressionError.UnknownFact(reference.Id);

    private static Outcome ValueOf(Expression.Negation negation, EvaluationContext context)
    {
        var operand = ValueOf(negation.Operand, context);
        return operand.Value switch
        {
            null => operand,
            ExpressionValue.Amount amount => amount with { Value = -amount.Value },
            _ => new ExpressionError.TextIsNoNumber("-"),
        };
    }

    private static Outcome ValueOf(Expression.Operation operation, EvaluationContext context)
    {
        var left = ValueOf(operation.Left, context);
        if (left.Value is null)
        {
            return left;
        }

        var right = ValueOf(operation.Right, context);
        if (right.Value is null)
        {
            return right;
        }

        var sign = operation.Operator switch
        {
            Operator.Add => "+",
            Operator.Subtract => "-",
            Operator.Multiply => "*",
            _ => "/",
        };
        if (left.Value is not ExpressionValue.Amount a || right.Value is not ExpressionValue.Amount b)
        {
            return new ExpressionError.TextIsNoNumber(sign);
        }

        return operation.Operator switch
        {
            Operator.Add => UnitArithmetic.Add(a, b, sign),
            Operator.Subtract => UnitArithmetic.Subtract(a, b, sign),
            Operator.Multiply => UnitArithmetic.Multiply(a, b),
            _ => UnitArithmetic.Divide(a, b, sign),
        };
    }
}
