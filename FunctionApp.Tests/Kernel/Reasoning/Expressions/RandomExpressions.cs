using Advisor.Kernel.Reasoning.Expressions;
using FsCheck;
using FsCheck.Fluent;

namespace Advisor.Tests.Kernel.Reasoning.Expressions;

/// <summary>Random expressions that keep the rules: each operation cites something.</summary>
internal static class RandomExpressions
{
    public static readonly string[] FactIds = ["f1", "f2", "f3a", "fX9", "form"];

    private static readonly string[] Variadic = ["sum", "avg", "min", "max"];

    public static Arbitrary<Expression> Any { get; } = Gen.Sized(size => Cited(Math.Min(size, 12))).ToArbitrary();

    private static Gen<Expression> Fact { get; } = Gen.Elements(FactIds).Select(id => (Expression)new Expression.FactReference(id));

    private static Gen<Expression> Leaf { get; } = Gen.OneOf(
        Fact,
        Fact,
        Gen.Elements(ExpressionParser.AllowedLiterals.ToArray()).Select(value => (Expression)new Expression.Literal(value)),
        Gen.Elements("altman.distress", "beneish.threshold").Select(name => (Expression)new Expression.ConstantReference(name)));

    private static Gen<Expression> Cited(int size)
    {
        if (size <= 1)
        {
            return Fact;
        }

        var cited = Cited(size / 2);
        var either = Gen.OneOf(cited, Leaf);
        var operation =
            from sign in Gen.Elements(Enum.GetValues<Operator>())
            from left in cited
            from right in either
            from swap in Gen.Elements(true, false)
            select (Expression)(swap ? new Expression.Operation(sign, right, left) : new Expression.Operation(sign, left, right));
        var call =
            from name in Gen.Elements(Variadic)
            from first in cited
            from rest in Gen.ListOf(either, 2)
            select (Expression)new Expression.Call(name, [first, .. rest]);
        var pair =
            from name in Gen.Elements("pct", "ratio", "share")
            from first in cited
            from second in either
            select (Expression)new Expression.Call(name, [first, second]);
        var negation = cited.Select(operand => (Expression)new Expression.Negation(operand));
        return Gen.OneOf(operation, operation, operation, call, pair, negation, Fact);
    }
}
