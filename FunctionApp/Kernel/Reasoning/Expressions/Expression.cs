namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>A parsed expression over facts. Closed: the six kinds below are all there are.</summary>
/// <remarks>
/// Grammar (blanks between tokens are free):
/// <code>
/// expression = term { ("+" | "-") term }
/// term       = unary { ("*" | "/") unary }
/// unary      = "-" unary | primary
/// primary    = literal | fact | constant | call | "(" expression ")"
/// literal    = "0" | "1" | "2" | "4" | "12" | "100" | "365"
/// fact       = "f" { letter | digit }
/// constant   = name "." name
/// call       = name "(" [ expression { "," expression } ] ")"
/// </code>
/// Operators of one rank group from the left.
/// </remarks>
public abstract record Expression
{
    private protected Expression()
    {
    }

    /// <summary>One of <see cref="ExpressionParser.AllowedLiterals"/>; never negative.</summary>
    public sealed record Literal(decimal Value) : Expression;

    /// <summary>The value of a fact, scale and sign applied.</summary>
    public sealed record FactReference(string Id) : Expression;

    /// <summary>An entry of <see cref="NamedConstants"/>.</summary>
    public sealed record ConstantReference(string Name) : Expression;

    public sealed record Negation(Expression Operand) : Expression;

    public sealed record Operation(Operator Operator, Expression Left, Expression Right) : Expression;

    /// <summary>A function of <see cref="ExpressionFunctions"/> by its name.</summary>
    public sealed record Call(string Function, IReadOnlyList<Expression> Arguments) : Expression
    {
        public bool Equals(Call? other) => other is not null && Function == other.Function && Arguments.SequenceEqual(other.Arguments);

        public override int GetHashCode() => HashCode.Combine(Function, Arguments.Count);
    }
}

public enum Operator
{
    Add,
    Subtract,
    Multiply,
    Divide,
}
