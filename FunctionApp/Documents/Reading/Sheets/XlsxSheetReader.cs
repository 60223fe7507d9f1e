using System.Globalization;
using System.Xml;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Reads one worksheet part in a single pass.</summary>
internal sealed class XlsxSheetReader(
    XmlReader xml,
    List<CellStyle> styles,
    List<string> texts,
    Dictionary<string, string> comments,
    bool date1904,
    ReadingBudget budget)
{
    private const int MaxMerges = 100_000;

    private readonly List<Cell> _cells = [];
    private readonly List<CellRange> _merges = [];
    private readonly HashSet<int> _hiddenRows = [];
    private readonly HashSet<int> _hiddenColumns = [];
    private readonly Dictionary<int, FormulaShift> _shared = [];
    private readonly CellStyle _general = new(NumberFormat.General, date1904);
    private readonly CellStyle _isoDate = new(NumberFormat.BuiltIn(14), date1904);
    private bool _rowsHiddenByDefault;
    private int _row;
    private int _column;
    private bool _rowHidden;
    private long _columnsListed;

    public Sheet Read(string name, SheetState state)
    {
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                Element();
            }
        }

        AddLoneComments();
        return new(name, state, _cells, _merges, _hiddenRows, _hiddenColumns);
    }

    private void Element()
    {
        switch (xml.LocalName)
        {
            case "row":
                Row();
                break;
            case "c":
                Cell();
                break;
            case "col":
                HideColumns();
                break;
            case "sheetFormatPr":
                _rowsHiddenByDefault = IsTrue(xml.GetAttribute("zeroHeight"));
                break;
            case "mergeCell" when _merges.Count < MaxMerges && CellRange.TryParse(xml.GetAttribute("ref"), out var merge):
                _merges.Add(merge);
                break;
            default:
                break;
        }
    }

    private void Row()
    {
        (_row, _column, _rowHidden) = (_row + 1, 0, false);
        var hidden = _rowsHiddenByDefault;
        while (xml.MoveToNextAttribute())
        {
            if (xml.LocalName == "r" && int.TryParse(xml.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var row))
            {
                _row = row;
            }
            else if (xml.LocalName == "hidden")
            {
                hidden = IsTrue(xml.Value);
            }
        }

        xml.MoveToElement();
        if (_row is < 1 or > CellAddress.MaxRow)
        {
            throw new InvalidDataException("A row lies outside the sheet.");
        }

        if (hidden)
        {
            _rowHidden = true;
            _hiddenRows.Add(_row);
        }
    }

    private void HideColumns()
    {
        if (!IsTrue(xml.GetAttribute("hidden"))
            || !int.TryParse(xml.GetAttribute("min"), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(xml.GetAttribute("max"), NumberStyles.None, CultureInfo.InvariantCulture, out var last))
        {
            return;
        }

        // Columns are listed once; a file that lists them over and over is not given the time.
        _columnsListed += Math.Max(0L, (long)Math.Min(last, CellAddress.MaxColumn) - first);
        if (_columnsListed > 64L * CellAddress.MaxColumn)
        {
            return;
        }

        for (var column = Math.Max(1, first); column <= Math.Min(last, CellAddress.MaxColumn); column++)
        {
            _hiddenColumns.Add(column);
        }
    }

    private void Cell()
    {
        _column++;
        var (type, style) = ('n', _general);
        while (xml.MoveToNextAttribute())
        {
            switch (xml.LocalName)
            {
                case "r":
                    if (!CellAddress.TryParse(xml.Value, out _row, out _column))
                    {
                        throw new InvalidDataException("A cell lies outside the sheet.");
                    }

                    break;
                case "t":
                    type = TypeOf(xml.Value);
                    break;
                case "s":
                    style = int.TryParse(xml.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < styles.Count ? styles[number] : _general;
                    break;
                default:
                    break;
            }
        }

        xml.MoveToElement();
        if (_column > CellAddress.MaxColumn || _row < 1)
        {
            throw new InvalidDataException("A cell lies outside the sheet.");
        }

        var comment = comments.Count > 0 && comments.Remove(CellAddress.Format(_row, _column), out var text) ? text : null;
        if (xml.IsEmptyElement)
        {
            if (comment is not null)
            {
                Add(CellKind.Empty, style, 0, true, null, null, comment);
            }

            return;
        }

        Content(type, style, comment);
    }

    private void Content(char type, CellStyle style, string? comment)
    {
        var depth = xml.Depth;
        string? value = null;
        string? formula = null;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (xml.LocalName)
            {
                case "v":
                    value = XlsxText.ReadText(xml);
                    break;
                case "f":
                    formula = Formula();
                    break;
                case "is":
                    value = XlsxText.ReadRuns(xml);
                    type = 'i';
                    break;
                default:
                    XlsxText.SkipInside(xml);
                    break;
            }
        }

        Value(type, style, value, formula, comment);
    }

    private void Value(char type, CellStyle style, string? value, string? formula, string? comment)
    {
        if (string.IsNullOrEmpty(value))
        {
            // A formula may yield an empty text; any other empty value is no value.
            if (formula is not null || comment is not null)
            {
                Add(value is not null && type is 't' or 'i' ? CellKind.Text : CellKind.Empty, style, 0, true, value ?? "", formula, comment);
            }

            return;
        }

        switch (type)
        {
            case 's':
                if (!int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var index) || index < 0 || index >= texts.Count)
                {
                    throw new InvalidDataException("A cell names a shared text that is not there.");
                }

                if (texts[index].Length > 0 || formula is not null || comment is not null)
                {
                    Add(CellKind.Text, style, 0, true, texts[index], formula, comment);
                }

                break;
            case 't' or 'i':
                budget.Holds(value.Length + 16);
                Add(CellKind.Text, style, 0, true, type == 'i' ? value : XlsxText.Unescape(value), formula, comment);
                break;
            case 'b':
                Add(CellKind.Boolean, style, value is "1" or "true" ? 1 : 0, true, value, formula, comment);
                break;
            case 'e':
                Add(CellKind.Error, style, 0, true, value, formula, comment);
                break;
            case 'd' when DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date):
                Add(CellKind.Date, style.Format.IsDate ? style : _isoDate, SerialDate.FromDateTime(date, date1904), true, value, formula, comment);
                break;
            default:
                Numeric(style, value, formula, comment);
                break;
        }
    }

    private void Numeric(CellStyle style, string value, string? formula, string? comment)
    {
        var kind = style.Format.IsDate ? CellKind.Date : CellKind.Number;
        if (ExactNumber.TryParse(value, out var number, out var stored))
        {
            Add(kind, style, number, true, stored, formula, comment);
        }
        else if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var approximate) && double.IsFinite(approximate))
        {
            Add(kind, style, 0, false, value, formula, comment);
        }
        else
        {
            budget.Holds(value.Length + 16);
            Add(CellKind.Text, style, 0, true, value, formula, comment);
        }
    }

    private void Add(CellKind kind, CellStyle style, decimal number, bool inRange, string? text, string? formula, string? comment)
    {
        budget.Filled();
        _cells.Add(new(_row, _column, kind, style, number, inRange, text, formula, _rowHidden || _hiddenColumns.Contains(_column), comment));
    }

    /// <summary>The formula of the cell at hand: its own, or the shared one moved here.</summary>
    private string? Formula()
    {
        var shared = xml.GetAttribute("t") == "shared" && int.TryParse(xml.GetAttribute("si"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        var formula = XlsxText.Unescape(XlsxText.ReadText(xml));
        budget.Holds(formula.Length);
        if (formula.Length > 0)
        {
            if (shared >= 0)
            {
                _shared.TryAdd(shared, new(formula, _row, _column));
            }

            return formula;
        }

        if (shared < 0 || !_shared.TryGetValue(shared, out var origin))
        {
            return null;
        }

        var moved = origin.At(_row, _column);
        budget.Holds(moved.Length);
        return moved;
    }

    private void AddLoneComments()
    {
        foreach (var (address, comment) in comments)
        {
            if (CellAddress.TryParse(address, out _row, out _column))
            {
                _rowHidden = _hiddenRows.Contains(_row);
                Add(CellKind.Empty, _general, 0, true, null, null, comment);
            }
        }
    }

    private static char TypeOf(string type) => type switch
    {
        "s" => 's',
        "str" => 't',
        "inlineStr" => 'i',
        "b" => 'b',
        "e" => 'e',
        "d" => 'd',
        _ => 'n',
    };

    private static bool IsTrue(string? value) => value is "1" or "true" or "on";
}
