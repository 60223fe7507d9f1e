using System.Globalization;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>A formula as a tree, as far as it can be recomputed here.</summary>
internal abstract record FormulaExpression
{
    public sealed record Constant(decimal Value) : FormulaExpression;

    /// <param name="Sheet">Null for the formula's own sheet.</param>
    public sealed record Range(string? Sheet, CellRange Cells) : FormulaExpression;

    public sealed record Negation(FormulaExpression Operand) : FormulaExpression;

    public sealed record Operation(char Operator, FormulaExpression Left, FormulaExpression Right) : FormulaExpression;

    /// <param name="Name">Upper case.</param>
    public sealed record Call(string Name, IReadOnlyList<FormulaExpression> Arguments) : FormulaExpression;
}

/// <summary>Parses formulas by the precedence of workbooks: percent, sign, power, products, sums.</summary>
/// <remarks>In a workbook the sign binds tighter than the power: -2^2 is 4.</remarks>
internal sealed class FormulaParser
{
    private const int MaxDepth = 64;

    // A chain of operators is a tree as deep as it is long, and is walked by recursion.
    private const int MaxTokens = 2000;
    private readonly List<FormulaToken> _tokens;
    private int _at;
    private int _depth;

    private FormulaParser(string formula) => _tokens = FormulaLexer.Tokens(formula).FindAll(token => token.Kind != FormulaTokenKind.Space);

    /// <summary>The tree, or the reason why there is none: the construct that is not understood.</summary>
    public static FormulaExpression? TryParse(string formula, out string reason)
    {
        var parser = new FormulaParser(formula);
        if (parser._tokens.Count > MaxTokens)
        {
            reason = "a formula too long to follow";
            return null;
        }

        reason = "";
        var expression = parser.Sum();
        if (expression is not null && parser._at == parser._tokens.Count)
        {
            return expression;
        }

        reason = parser._at < parser._tokens.Count ? parser._tokens[parser._at].Text.TrimEnd('(') : "end of formula";
        return null;
    }

    private FormulaExpression? Sum()
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }

        var left = Product();
        while (left is not null && Operator("+-") is { } sign)
        {
            left = Product() is { } right ? new FormulaExpression.Operation(sign, left, right) : null;
        }

        _depth--;
        return left;
    }

    private FormulaExpression? Product()
    {
        var left = Power();
        while (left is not null && Operator("*/") is { } sign)
        {
            left = Power() is { } right ? new FormulaExpression.Operation(sign, left, right) : null;
        }

        return left;
    }

    private FormulaExpression? Power()
    {
        var left = Signed();
        while (left is not null && Operator("^") is { } sign)
        {
            left = Signed() is { } right ? new FormulaExpression.Operation(sign, left, right) : null;
        }

        return left;
    }

    private FormulaExpression? Signed()
    {
        var negative = false;
        while (Operator("+-") is { } sign)
        {
            negative ^= sign == '-';
        }

        var operand = Primary();
        while (operand is not null && Operator("%") is not null)
        {
            operand = new FormulaExpression.Operation('/', operand, new FormulaExpression.Constant(100));
        }

        return negative && operand is not null ? new FormulaExpression.Negation(operand) : operand;
    }

    private FormulaExpression? Primary()
    {
        if (_at >= _tokens.Count)
        {
            return null;
        }

        switch (_tokens[_at].Kind)
        {
            case FormulaTokenKind.Number when decimal.TryParse(_tokens[_at].Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                _at++;
                return new FormulaExpression.Constant(number);
            case FormulaTokenKind.Open:
                _at++;
                var inner = Sum();
                return inner is not null && Take(FormulaTokenKind.Close) ? inner : null;
            case FormulaTokenKind.Function:
                return Call();
            case FormulaTokenKind.SheetPrefix or FormulaTokenKind.Cell or FormulaTokenKind.Column or FormulaTokenKind.Row:
                return Reference();
            default:
                return null;
        }
    }

    private FormulaExpression.Call? Call()
    {
        var name = _tokens[_at].Text.ToUpperInvariant();
        if (!FormulaEvaluator.Knows(name))
        {
            return null;
        }

        _at++;
        if (!Take(FormulaTokenKind.Open))
        {
            return null;
        }

        var arguments = new List<FormulaExpression>();
        do
        {
            if (Sum() is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
        }
        while (Take(FormulaTokenKind.Comma));

        return Take(FormulaTokenKind.Close) ? new(name, arguments) : null;
    }

    private FormulaExpression.Range? Reference()
    {
        string? sheet = null;
        if (_tokens[_at].Kind == FormulaTokenKind.SheetPrefix)
        {
            sheet = _tokens[_at].Text[..^1];
            sheet = sheet.StartsWith('\'') ? sheet[1..^1].Replace("''", "'", StringComparison.Ordinal) : sheet;
            if (sheet.Contains('[') || sheet.Contains(':'))
            {
                // Another workbook, or several sheets at once.
                return null;
            }

            _at++;
        }

        if (End(out var first) is not { } from)
        {
            return null;
        }

        if (_at >= _tokens.Count || _tokens[_at] is not { Kind: FormulaTokenKind.Operator, Text: ":" })
        {
            return from == FormulaTokenKind.Cell ? new(sheet, first) : null;
        }

        _at++;
        if (End(out var last) != from)
        {
            return null;
        }

        return new(sheet, new(Math.Min(first.Top, last.Top), Math.Min(first.Left, last.Left), Math.Max(first.Bottom, last.Bottom), Math.Max(first.Right, last.Right)));
    }

    private FormulaTokenKind? End(out CellRange range)
    {
        range = default;
        if (_at >= _tokens.Count)
        {
            return null;
        }

        var (kind, text) = (_tokens[_at].Kind, _tokens[_at].Text);
        if (kind == FormulaTokenKind.Cell && CellAddress.TryParse(text, out var row, out var column))
        {
            range = new(row, column, row, column);
        }
        else if (kind == FormulaTokenKind.Column && CellAddress.TryParse(text + "1", out _, out column))
        {
            range = new(1, column, CellAddress.MaxRow, column);
        }
        else if (kind == FormulaTokenKind.Row && int.TryParse(text.TrimStart('$'), NumberStyles.None, CultureInfo.InvariantCulture, out row))
        {
            range = new(row, 1, row, CellAddress.MaxColumn);
        }
        else
        {
            return null;
        }

        _at++;
        return kind;
    }

    private char? Operator(string among)
    {
        if (_at < _tokens.Count && _tokens[_at] is { Kind: FormulaTokenKind.Operator, Text.Length: 1 } token && among.Contains(token.Text[0]))
        {
            _at++;
            return token.Text[0];
        }

        return null;
    }

    private bool Take(FormulaTokenKind kind)
    {
        if (_at < _tokens.Count && _tokens[_at].Kind == kind)
        {
            _at++;
            return true;
        }

        return false;
    }
}
