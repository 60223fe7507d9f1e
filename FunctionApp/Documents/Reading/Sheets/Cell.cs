using System.Globalization;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>What a cell holds.</summary>
public enum CellKind : byte
{
    /// <summary>No value: a formula that was never calculated, or a comment alone.</summary>
    Empty,
    Number,
    Text,
    Boolean,

    /// <summary>An error such as <c>#DIV/0!</c>.</summary>
    Error,

    /// <summary>A number that its format shows as a date or time.</summary>
    Date,
}

/// <summary>One cell as stored: what was typed or last calculated, how it is written, and how it is shown.</summary>
public sealed class Cell
{
    private readonly CellStyle _style;
    private readonly decimal _number;
    private readonly string? _text;
    private readonly bool _inDecimalRange;

    internal Cell(int row, int column, CellKind kind, CellStyle style, decimal number, bool inDecimalRange, string? text, string? formula, bool hidden, string? comment = null)
    {
        (Row, Column, Kind, _style, Formula, Hidden, Comment) = (row, column, kind, style, formula, hidden, comment);
        (_number, _inDecimalRange, _text) = (number, inDecimalRange, text);
    }

    /// <summary>From 1.</summary>
    public int Row { get; }

    /// <summary>From 1.</summary>
    public int Column { get; }

    public CellKind Kind { get; }

    /// <summary>In a hidden row or column. The sheet's own state is not counted in.</summary>
    public bool Hidden { get; }

    /// <summary>The cell's own formula without the equals sign, shared formulas shifted to this place; null for a typed value.</summary>
    public string? Formula { get; }

    /// <summary>The text of the comment on the cell; null when there is none.</summary>
    public string? Comment { get; }

    /// <summary>The currency sign that the number is shown with, or that a CSV field is written with: <c>$</c>, <c>€</c>; null when there is none.</summary>
    public string? CurrencySign => _style.Verbatim ? Sheets.NumberFormat.SignIn(Stored) : _style.Format.CurrencySign;

    /// <summary>Shown as a percentage; the value 0.125 shows as 12.5%.</summary>
    public bool IsPercent => Kind == CellKind.Number && _style.Format.IsPercent;

    /// <summary>Powers of 1,000 that the format leaves out of what is shown.</summary>
    public int HiddenThousands => _style.Format.HiddenThousands;

    /// <summary>A1.</summary>
    public string Address => CellAddress.Format(Row, Column);

    /// <summary>The stored number exactly, for numbers and dates (then the serial day); null for other kinds and beyond 10^22, which leaves room to add up any sheet.</summary>
    /// <remarks>Digits after the 28th decimal are rounded off; a number so small that nothing would be left is null.</remarks>
    public decimal? Number => Kind is CellKind.Number or CellKind.Date && _inDecimalRange ? _number : null;

    /// <summary>The number as a double, which also covers what <see cref="Number"/> does not hold; null for other kinds.</summary>
    public double? Approximate => Kind is not (CellKind.Number or CellKind.Date) ? null
        : _inDecimalRange ? (double)_number
        : double.TryParse(_text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>The text of a text cell (may be empty) or the name of an error; null for other kinds.</summary>
    public string? Text => Kind is CellKind.Text or CellKind.Error ? _text ?? "" : null;

    /// <summary>Null unless the cell is a boolean.</summary>
    public bool? Boolean => Kind == CellKind.Boolean ? _number != 0 : null;

    /// <summary>The date, without a time zone, of a date cell; null for other kinds and outside the years 1899 to 9999.</summary>
    public DateTime? Date => Kind == CellKind.Date && _inDecimalRange ? SerialDate.ToDateTime(_number, _style.Date1904) : null;

    /// <summary>The value exactly as the file has it: a number's digits, a text, <c>1</c> or <c>0</c> for a boolean; empty for an empty cell.</summary>
    public string Stored => _text ?? (Kind == CellKind.Empty ? "" : _number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The number format as stored: <c>#,##0;(#,##0)</c>, <c>General</c>.</summary>
    public string NumberFormat => _style.Format.Code;

    /// <summary>How far the text is indented by its alignment, in steps; leading spaces are not counted in.</summary>
    public int Indent => _style.Indent;

    /// <summary>The colour that the format gives this value, as in <c>[Red]</c>; null when it names none.</summary>
    public string? Colour => Kind == CellKind.Number && Approximate is { } value ? _style.Format.ColourOf(value) : null;

    /// <summary>As the cell shows it, the width of its column aside; a CSV field is shown as written.</summary>
    public string Displayed => Kind switch
    {
        CellKind.Empty => "",
        _ when _style.Verbatim => Stored,
        CellKind.Boolean => _number != 0 ? "TRUE" : "FALSE",
        CellKind.Error => _text ?? "",
        CellKind.Text => _style.Format.Display(_text ?? ""),
        _ when _inDecimalRange => _style.Format.Display(_number, _style.Date1904),
        _ => _style.Format.Display(Approximate ?? 0),
    };

    /// <summary>Address and shown text, for tests and debugging.</summary>
    public override string ToString() => $"{Address}: {Displayed}";
}

/// <summary>What cells of one look share.</summary>
/// <param name="Verbatim">Shown exactly as stored: the fields of a CSV file.</param>
internal sealed record CellStyle(NumberFormat Format, bool Date1904 = false, bool Verbatim = false, int Indent = 0)
{
    public static CellStyle General { get; } = new(Sheets.NumberFormat.General);
}
