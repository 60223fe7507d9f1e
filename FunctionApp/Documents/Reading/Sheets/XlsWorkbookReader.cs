using System.Globalization;
using System.Text;
using Advisor.Documents.Intake;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Reads the binary workbooks of Excel 97 to 2003 and before.</summary>
/// <remarks>Values, formats, merges and hidden parts; the binary files' formulas are not given by the library, so every cell reads as typed, and cells with errors read as empty.</remarks>
internal static class XlsWorkbookReader
{
    // A binary sheet ends at IV65536; a damaged one may claim any size.
    private const int MaxRow = 65_536;
    private const int MaxColumn = 256;

    static XlsWorkbookReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static WorkbookOutcome Read(ReadOnlyMemory<byte> bytes, ReadingBudget budget)
    {
        // The library follows chains of sectors without a bound, so a loop among them must not reach it.
        if (CompoundFile.LooksLikeCompoundFile(bytes.Span) && CompoundFile.Read(bytes.Span) is not { IsSound: true })
        {
            return new WorkbookOutcome.Refused(new IntakeRejection.DamagedFile(DocumentFormat.Xls));
        }

        using var content = WorkbookReader.Open(bytes);
        try
        {
            using var reader = ExcelReaderFactory.CreateBinaryReader(content, new() { FallbackEncoding = Encoding.GetEncoding(1252), LeaveOpen = true });
            var sheets = new List<Sheet>();
            do
            {
                sheets.Add(ReadSheet(reader, budget));
            }
            while (reader.NextResult());

            return new WorkbookOutcome.Read(new() { Format = DocumentFormat.Xls, Sheets = sheets });
        }
        catch (InvalidPasswordException)
        {
            return new WorkbookOutcome.Refused(new IntakeRejection.PasswordProtectedWorkbook());
        }
    }

    private static Sheet ReadSheet(IExcelDataReader reader, ReadingBudget budget)
    {
        if (reader.RowCount > MaxRow || reader.FieldCount > CellAddress.MaxColumn)
        {
            // The library would walk every row that the sheet claims to have.
            throw new InvalidDataException("The sheet claims more rows than a binary sheet can have.");
        }

        var state = reader.VisibleState switch { "hidden" => SheetState.Hidden, "veryhidden" => SheetState.VeryHidden, _ => SheetState.Visible };
        var cells = new List<Cell>();
        var hiddenRows = new HashSet<int>();
        var hiddenColumns = new HashSet<int>();
        for (var column = 0; column < Math.Min(reader.FieldCount, MaxColumn); column++)
        {
            if (reader.GetColumnWidth(column) == 0)
            {
                hiddenColumns.Add(column + 1);
            }
        }

        var styles = new Dictionary<string, CellStyle>(StringComparer.Ordinal);
        for (var row = 1; row <= MaxRow && reader.Read(); row++)
        {
            budget.CancellationToken.ThrowIfCancellationRequested();
            if (reader.RowHeight == 0)
            {
                hiddenRows.Add(row);
            }

            for (var column = 0; column < Math.Min(reader.FieldCount, MaxColumn); column++)
            {
                var code = reader.GetNumberFormatString(column) ?? "General";
                if (!styles.TryGetValue(code, out var style))
                {
                    styles[code] = style = new(NumberFormat.Parse(code));
                }

                if (Convert(reader, column, row, style, hiddenRows.Contains(row) || hiddenColumns.Contains(column + 1)) is { } cell)
                {
                    budget.Filled();
                    cells.Add(cell);
                }
            }
        }

        var merges = (reader.MergeCells ?? []).Select(merge => new CellRange(merge.FromRow + 1, merge.FromColumn + 1, merge.ToRow + 1, merge.ToColumn + 1)).ToList();
        return new(reader.Name ?? "", state, cells, merges, hiddenRows, hiddenColumns);
    }

    private static Cell? Convert(IExcelDataReader reader, int column, int row, CellStyle style, bool hidden)
    {
        return reader.GetValue(column) switch
        {
            string { Length: > 0 } text => new(row, column + 1, CellKind.Text, style, 0, true, text, null, hidden),
            bool truth => new(row, column + 1, CellKind.Boolean, style, truth ? 1 : 0, true, truth ? "1" : "0", null, hidden),
            DateTime date => new(row, column + 1, CellKind.Date, DateStyle(style), SerialDate.FromDateTime(date, false), true, null, null, hidden),
            TimeSpan time => new(row, column + 1, CellKind.Date, DateStyle(style), (decimal)time.Ticks / TimeSpan.TicksPerDay, true, null, null, hidden),
            IFormattable and IConvertible number => Number(System.Convert.ToDouble(number, CultureInfo.InvariantCulture), row, column + 1, style, hidden),
            _ => null,
        };
    }

    private static Cell Number(double value, int row, int column, CellStyle style, bool hidden)
    {
        // The shortest digits that give the double back are what a person typed.
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return ExactNumber.TryParse(text, out var number, out var stored)
            ? new(row, column, CellKind.Number, style, number, true, stored, null, hidden)
            : new(row, column, CellKind.Number, style, 0, false, text, null, hidden);
    }

    private static CellStyle DateStyle(CellStyle style) => style.Format.IsDate ? style : new(NumberFormat.BuiltIn(14));
}
