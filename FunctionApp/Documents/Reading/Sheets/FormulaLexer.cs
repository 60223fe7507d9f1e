using System.Globalization;

namespace Advisor.Documents.Reading.Sheets;

internal enum FormulaTokenKind
{
    Number,
    Text,
    Error,
    Boolean,

    /// <summary>A1, $A$1.</summary>
    Cell,

    /// <summary>One end of a whole-column range: A in A:C.</summary>
    Column,

    /// <summary>One end of a whole-row range: 1 in 1:3.</summary>
    Row,

    /// <summary>Sheet1!, 'My sheet'!, [1]Sheet1!, with the exclamation mark.</summary>
    SheetPrefix,
    Function,

    /// <summary>A defined name or a structured reference.</summary>
    Name,
    Operator,
    Open,
    Close,

    /// <summary>A comma between arguments or as union.</summary>
    Comma,
    Space,

    /// <summary>An array constant or anything that is not understood.</summary>
    Other,
}

/// <summary>A piece of a formula; the pieces put together are the formula.</summary>
internal readonly record struct FormulaToken(FormulaTokenKind Kind, string Text);

/// <summary>Where a reference points: each part relative or fixed by a dollar sign.</summary>
internal readonly record struct CellReference(int Row, bool RowFixed, int Column, bool ColumnFixed);

/// <summary>Takes formulas apart as files store them: English function names, commas, points.</summary>
/// <remarks>Never fails; what it does not understand comes out as <see cref="FormulaTokenKind.Other"/>.</remarks>
internal static class FormulaLexer
{
    public static List<FormulaToken> Tokens(string formula)
    {
        var tokens = new List<FormulaToken>();
        for (var at = 0; at < formula.Length;)
        {
            var kind = Next(formula, at, out var length);
            var text = formula.Substring(at, length);
            at += length;
            tokens.Add(new(kind, text));
        }

        return tokens;
    }

    /// <summary>Reads "$C7"; false for anything else.</summary>
    public static bool TryReference(ReadOnlySpan<char> text, out CellReference reference)
    {
        reference = default;
        if (!CellAddress.TryParse(text, out var row, out var column))
        {
            return false;
        }

        reference = new(row, text[1..].Contains('$'), column, text[0] == '$');
        return true;
    }

    private static FormulaTokenKind Next(string formula, int at, out int length)
    {
        var c = formula[at];
        length = 1;
        switch (c)
        {
            case '"':
                length = Quoted(formula, at, '"');
                return FormulaTokenKind.Text;
            case '\'':
                length = Quoted(formula, at, '\'');
                if (at + length < formula.Length && formula[at + length] == '!')
                {
                    length++;
                    return FormulaTokenKind.SheetPrefix;
                }

                return FormulaTokenKind.Other;
            case '{':
                var close = formula.IndexOf('}', at);
                length = (close < 0 ? formula.Length : close + 1) - at;
                return FormulaTokenKind.Other;
            case '(':
                return FormulaTokenKind.Open;
            case ')':
                return FormulaTokenKind.Close;
            case ',':
                return FormulaTokenKind.Comma;
            case '#':
                return Error(formula, at, out length);
            case '<' or '>':
                length = at + 1 < formula.Length && formula[at + 1] is '=' or '>' ? 2 : 1;
                return FormulaTokenKind.Operator;
            case '+' or '-' or '*' or '/' or '^' or '&' or '=' or '%' or ':' or '@':
                return FormulaTokenKind.Operator;
            case '[':
                return Word(formula, at, out length);
            default:
                break;
        }

        if (char.IsWhiteSpace(c))
        {
            while (at + length < formula.Length && char.IsWhiteSpace(formula[at + length]))
            {
                length++;
            }

            return FormulaTokenKind.Space;
        }

        return char.IsAsciiDigit(c) || c == '.' ? Number(formula, at, out length) : Word(formula, at, out length);
    }

    private static FormulaTokenKind Number(string formula, int at, out int length)
    {
        var end = Digits(formula, at);
        if (IsRangeEnd(formula, at, end, isRow: true))
        {
            length = end - at;
            return FormulaTokenKind.Row;
        }

        if (end < formula.Length && formula[end] == '.')
        {
            end = Digits(formula, end + 1);
        }

        if (end < formula.Length && formula[end] is 'E' or 'e')
        {
            var sign = end + 1 < formula.Length && formula[end + 1] is '+' or '-' ? 1 : 0;
            var digits = Digits(formula, end + 1 + sign);
            end = digits > end + 1 + sign ? digits : end;
        }

        length = end - at;
        return length > 0 && double.TryParse(formula.AsSpan(at, length), NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? FormulaTokenKind.Number
            : Single(out length);
    }

    private static FormulaTokenKind Single(out int length)
    {
        length = 1;
        return FormulaTokenKind.Other;
    }

    /// <summary>A reference, a function, a name, or the sheet in front of one of them.</summary>
    private static FormulaTokenKind Word(string formula, int at, out int length)
    {
        var end = WordEnd(formula, at);
        length = Math.Max(1, end - at);
        if (end == at)
        {
            return FormulaTokenKind.Other;
        }

        if (end < formula.Length && formula[end] == '!')
        {
            length++;
            return FormulaTokenKind.SheetPrefix;
        }

        // First:Last!A1 spans sheets; what looks like cells here are sheet names.
        if (end < formula.Length && formula[end] == ':' && WordEnd(formula, end + 1) is var second && second > end + 1 && second < formula.Length && formula[second] == '!')
        {
            length = second + 1 - at;
            return FormulaTokenKind.SheetPrefix;
        }

        var word = formula.AsSpan(at, end - at);
        if (end < formula.Length && formula[end] == '(')
        {
            return FormulaTokenKind.Function;
        }

        return TryReference(word, out _) ? FormulaTokenKind.Cell
            : IsRangeEnd(formula, at, end, isRow: false) ? FormulaTokenKind.Column
            : IsRangeEnd(formula, at, end, isRow: true) ? FormulaTokenKind.Row
            : word.Equals("TRUE", StringComparison.OrdinalIgnoreCase) || word.Equals("FALSE", StringComparison.OrdinalIgnoreCase) ? FormulaTokenKind.Boolean
            : FormulaTokenKind.Name;
    }

    /// <summary>A bare column or row stands for a range only beside a colon with its like on the other side.</summary>
    private static bool IsRangeEnd(string formula, int at, int end, bool isRow)
    {
        if (!IsEnd(formula.AsSpan(at, end - at), isRow))
        {
            return false;
        }

        if (end < formula.Length && formula[end] == ':')
        {
            return IsEnd(formula.AsSpan(end + 1, WordEnd(formula, end + 1) - end - 1), isRow);
        }

        if (at == 0 || formula[at - 1] != ':')
        {
            return false;
        }

        var start = at - 1;
        while (start > 0 && (char.IsAsciiLetterOrDigit(formula[start - 1]) || formula[start - 1] == '$'))
        {
            start--;
        }

        return IsEnd(formula.AsSpan(start, at - 1 - start), isRow);
    }

    private static bool IsEnd(ReadOnlySpan<char> word, bool isRow)
    {
        word = word.TrimStart('$');
        return isRow
            ? word.Length is > 0 and <= 7 && word.IndexOfAnyExceptInRange('0', '9') < 0 && int.Parse(word, CultureInfo.InvariantCulture) is > 0 and <= CellAddress.MaxRow
            : word.Length is > 0 and <= 3 && CellAddress.TryParse($"{word}1", out _, out _);
    }

    private static int WordEnd(string formula, int at)
    {
        while (at < formula.Length)
        {
            var c = formula[at];
            if (c == '[')
            {
                at = BracketEnd(formula, at);
            }
            else if (char.IsLetterOrDigit(c) || c is '_' or '.' or '$' or '\\' or '?')
            {
                at++;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static int BracketEnd(string formula, int at)
    {
        for (var depth = 0; at < formula.Length; at++)
        {
            depth += formula[at] switch { '[' => 1, ']' => -1, _ => 0 };
            if (depth == 0)
            {
                return at + 1;
            }
        }

        return formula.Length;
    }

    private static int Quoted(string formula, int at, char quote)
    {
        for (var i = at + 1; i < formula.Length; i++)
        {
            if (formula[i] != quote)
            {
                continue;
            }

            if (i + 1 < formula.Length && formula[i + 1] == quote)
            {
                i++;
                continue;
            }

            return i + 1 - at;
        }

        return formula.Length - at;
    }

    private static FormulaTokenKind Error(string formula, int at, out int length)
    {
        var end = at + 1;
        while (end < formula.Length && (char.IsAsciiLetterOrDigit(formula[end]) || formula[end] is '/' or '_'))
        {
            end++;
        }

        end += end < formula.Length && formula[end] is '!' or '?' ? 1 : 0;
        length = end - at;
        return FormulaTokenKind.Error;
    }

    private static int Digits(string formula, int at)
    {
        while (at < formula.Length && char.IsAsciiDigit(formula[at]))
        {
            at++;
        }

        return at;
    }
}
