using System.Globalization;
using System.Text;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Formulas in relative form: two cells hold the same formula, copied, when their patterns are equal.</summary>
internal static class FormulaPattern
{
    /// <summary>The formula with each reference as an offset from its cell, R[-1]C[0], or as R5C3 where it is fixed.</summary>
    public static string Of(string formula, int row, int column)
    {
        var text = new StringBuilder();
        foreach (var token in FormulaLexer.Tokens(formula))
        {
            switch (token.Kind)
            {
                case FormulaTokenKind.Space:
                    break;
                case FormulaTokenKind.Cell when FormulaLexer.TryReference(token.Text, out var reference):
                    Append(text, 'R', reference.Row, reference.RowFixed, row);
                    Append(text, 'C', reference.Column, reference.ColumnFixed, column);
                    break;
                case FormulaTokenKind.Column when CellAddress.TryParse(token.Text + "1", out _, out var number):
                    Append(text, 'C', number, token.Text.StartsWith('$'), column);
                    break;
                case FormulaTokenKind.Row:
                    Append(text, 'R', int.Parse(token.Text.TrimStart('$'), CultureInfo.InvariantCulture), token.Text.StartsWith('$'), row);
                    break;
                case FormulaTokenKind.Text:
                    text.Append(token.Text);
                    break;
                default:
                    text.Append(token.Text.ToUpperInvariant());
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Whether the formula looks only at its own row (or column) besides fixed places, and looks somewhere.</summary>
    public static bool StaysInLine(string formula, int row, int column, bool alongRow)
    {
        var references = 0;
        foreach (var token in FormulaLexer.Tokens(formula))
        {
            if (token.Kind == FormulaTokenKind.Cell && FormulaLexer.TryReference(token.Text, out var reference))
            {
                references++;
                if (alongRow ? reference.Row != row && !reference.RowFixed : reference.Column != column && !reference.ColumnFixed)
                {
                    return false;
                }
            }
        }

        return references > 0;
    }

    private static void Append(StringBuilder text, char axis, int value, bool isFixed, int origin)
    {
        if (isFixed)
        {
            text.Append(axis).Append(value);
        }
        else
        {
            text.Append(axis).Append('[').Append(value - origin).Append(']');
        }
    }
}
