using System.Globalization;
using System.Text;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Moves the relative references of a formula, as copying it to another cell does.</summary>
internal sealed class FormulaShift
{
    private readonly List<FormulaToken> _tokens;
    private readonly int _row;
    private readonly int _column;

    /// <summary>A formula as written in the cell at this row and column.</summary>
    public FormulaShift(string formula, int row, int column)
    {
        (_row, _column) = (row, column);
        _tokens = FormulaLexer.Tokens(formula);
    }

    /// <summary>The formula as the cell at another place has it; references that leave the sheet become <c>#REF!</c>.</summary>
    public string At(int row, int column)
    {
        var (down, right) = (row - _row, column - _column);
        var text = new StringBuilder();
        foreach (var token in _tokens)
        {
            switch (token.Kind)
            {
                case FormulaTokenKind.Cell when FormulaLexer.TryReference(token.Text, out var reference):
                    Append(text, reference, down, right);
                    break;
                case FormulaTokenKind.Column when !token.Text.StartsWith('$') && CellAddress.TryParse(token.Text + "1", out _, out var number):
                    text.Append(number + right is > 0 and <= CellAddress.MaxColumn ? CellAddress.Column(number + right) : "#REF!");
                    break;
                case FormulaTokenKind.Row when !token.Text.StartsWith('$'):
                    var moved = int.Parse(token.Text, CultureInfo.InvariantCulture) + down;
                    text.Append(moved is > 0 and <= CellAddress.MaxRow ? moved.ToString(CultureInfo.InvariantCulture) : "#REF!");
                    break;
                default:
                    text.Append(token.Text);
                    break;
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, CellReference reference, int down, int right)
    {
        var row = reference.RowFixed ? reference.Row : reference.Row + down;
        var column = reference.ColumnFixed ? reference.Column : reference.Column + right;
        if (row is < 1 or > CellAddress.MaxRow || column is < 1 or > CellAddress.MaxColumn)
        {
            text.Append("#REF!");
            return;
        }

        text.Append(reference.ColumnFixed ? "$" : "").Append(CellAddress.Column(column));
        text.Append(reference.RowFixed ? "$" : "").Append(CultureInfo.InvariantCulture, $"{row}");
    }
}
