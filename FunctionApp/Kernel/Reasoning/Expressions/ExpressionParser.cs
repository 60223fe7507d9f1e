using System.Globalization;

namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>Reads expression text by recursive descent. Never throws: any text gives an expression or an error.</summary>
/// <remarks>
/// Names are compared exactly, lower case for functions and constants. Whether functions, facts and constants exist is seen on
/// evaluation; that literals are among the allowed, that something is cited and that no operator works on literals alone is seen here.
/// </remarks>
public static class ExpressionParser
{
    /// <summary>Longest text in characters.</summary>
    public const int MaximumLength = 2048;

    /// <summary>Deepest nesting of parentheses, calls and signs.</summary>
    public const int MaximumDepth = 32;

    /// <summary>The only numbers that may be typed: structure (a half, a year's months and days, a percentage), never data.</summary>
    public static IReadOnlyList<decimal> AllowedLiterals { get; } = [0, 1, 2, 4, 12, 100, 365];

    public static ParseResult Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaximumLength)
        {
            return new ParseResult.Failed(new ExpressionError.TooLong(MaximumLength));
        }

        var reader = new Reader(text);
        var expression = reader.ReadAll();
        var error = expression is null ? reader.Error! : Citations.Check(expression);
        return error is null ? new ParseResult.Parsed(expression!) : new ParseResult.Failed(error);
    }

    private ref struct Reader(string text)
    {
        private int at;
        private int depth;

        public ExpressionError? Error { get; private set; }

        public Expression? ReadAll()
        {
            var expression = ReadSum();
            SkipBlanks();
            return expression is null || at == text.Length ? expression : Fail("the end or an operator");
        }

        private Expression? ReadSum()
        {
            if (++depth > MaximumDepth)
            {
                return Fail(new ExpressionError.TooDeep(MaximumDepth));
            }

            var left = ReadProduct();
            while (left is not null && (Take('+') ? Operator.Add : Take('-') ? Operator.Subtract : (Operator?)null) is { } sign)
            {
                left = ReadProduct() is { } right ? new Expression.Operation(sign, left, right) : null;
            }

            depth--;
            return left;
        }

        private Expression? ReadProduct()
        {
            var left = ReadUnary();
            while (left is not null && (Take('*') ? Operator.Multiply : Take('/') ? Operator.Divide : (Operator?)null) is { } sign)
            {
                left = ReadUnary() is { } right ? new Expression.Operation(sign, left, right) : null;
            }

            return left;
        }

        private Expression? ReadUnary()
        {
            if (!Take('-'))
            {
                return ReadPrimary();
            }

            if (++depth > MaximumDepth)
            {
                return Fail(new ExpressionError.TooDeep(MaximumDepth));
            }

            var operand = ReadUnary();
            depth--;
            return operand is null ? null : new Expression.Negation(operand);
        }

        private Expression? ReadPrimary()
        {
            SkipBlanks();
            if (at == text.Length)
            {
                return Fail("a value");
            }

            if (char.IsAsciiDigit(text[at]))
            {
                return ReadLiteral();
            }

            if (char.IsAsciiLetter(text[at]))
            {
                return ReadName();
            }

            if (!Take('('))
            {
                return Fail("a value");
            }

            var inner = ReadSum();
            return inner is null || Take(')') ? inner : Fail("')'");
        }

        private Expression? ReadLiteral()
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '_'))
            {
                at++;
            }

            var literal = text[start..at];
            foreach (var allowed in AllowedLiterals)
            {
                if (literal == allowed.ToString(CultureInfo.InvariantCulture))
                {
                    return new Expression.Literal(allowed);
                }
            }

            return Fail(new ExpressionError.LiteralNotAllowed(literal));
        }

        private Expression? ReadName()
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '_'))
            {
                at++;
            }

            var name = text[start..at];
            if (Take('('))
            {
                return ReadArguments(name);
            }

            if (name.Contains('.'))
            {
                return new Expression.ConstantReference(name);
            }

            if (IsFactId(name))
            {
                return new Expression.FactReference(name);
            }

            at = start;
            return Fail("a fact id, a named constant or a function");
        }

        private Expression? ReadArguments(string function)
        {
            var arguments = new List<Expression>();
            if (Take(')'))
            {
                return new Expression.Call(function, arguments);
            }

            do
            {
                if (ReadSum() is not { } argument)
                {
                    return null;
                }

                arguments.Add(argument);
            }
            while (Take(','));

            return Take(')') ? new Expression.Call(function, arguments) : Fail("',' or ')'");
        }

        private bool Take(char sign)
        {
            SkipBlanks();
            if (at < text.Length && text[at] == sign)
            {
                at++;
                return true;
            }

            return false;
        }

        private void SkipBlanks()
        {
            while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
            {
                at++;
            }
        }

        private Expression? Fail(string expected) => Fail(new ExpressionError.Syntax(at, expected));

        private Expression? Fail(ExpressionError error)
        {
            Error ??= error;
            return null;
        }
    }

    /// <summary>True for <c>f</c> followed by ASCII letters and digits: the form of every <see cref="Fact.Id"/> and alias.</summary>
    public static bool IsFactId(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 1 && name[0] == 'f' && name.All(char.IsAsciiLetterOrDigit);
    }
}
