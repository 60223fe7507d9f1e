using System.Globalization;
using System.IO.Compression;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using SheetCell = DocumentFormat.OpenXml.Spreadsheet.Cell;

namespace Advisor.Samples.Workbook;

/// <summary>Writes the drafted sheets with every formula and its computed value.</summary>
internal static class QuarterlyWorkbook
{
    public static void Write(string path)
    {
        Grid[] sheets =
        [
            SummarySheet.Draft(), StatementSheets.Income(), StatementSheets.Balance(), StatementSheets.CashFlow(),
            AssumptionSheets.Drivers(), AssumptionSheets.Calendar(),
        ];
        Calculator calculator = new(sheets);
        Prove(sheets, calculator);
        StyleSheet styles = new();
        using MemoryStream stream = new();
        using (SpreadsheetDocument document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            WorkbookPart workbook = document.AddWorkbookPart();
            document.ChangeIdOfPart(workbook, "workbook");
            Sheets list = new();
            for (int i = 0; i < sheets.Length; i++)
            {
                string id = $"sheet{i + 1}";
                workbook.AddNewPart<WorksheetPart>(id).Worksheet = Sheet(sheets[i], calculator, styles, first: i == 0);
                list.Append(new Sheet
                {
                    Name = sheets[i].Name,
                    SheetId = (uint)i + 1,
                    Id = id,
                    State = sheets[i].Hidden ? SheetStateValues.Hidden : SheetStateValues.Visible,
                });
            }

            workbook.AddNewPart<WorkbookStylesPart>("styles").Stylesheet = styles.Build();
            workbook.Workbook = new DocumentFormat.OpenXml.Spreadsheet.Workbook(list, new CalculationProperties { CalculationId = 191029 });
        }

        File.WriteAllBytes(path, Settle(stream.ToArray()));
    }

    /// <exception cref="InvalidOperationException">A quarter's balance sheet does not balance, or a value is not finite.</exception>
    private static void Prove(Grid[] sheets, Calculator calculator)
    {
        foreach (char column in Layout.AllQuarters)
        {
            if ((double)calculator.Value("Balance sheet", $"{column}20") != 0)
            {
                throw new InvalidOperationException($"The balance sheet of column {column} does not balance.");
            }
        }

        foreach (Grid sheet in sheets)
        {
            string? broken = sheet.References().FirstOrDefault(reference => calculator.Value(sheet.Name, reference) is double value && !double.IsFinite(value));
            if (broken is not null)
            {
                throw new InvalidOperationException($"{sheet.Name}!{broken} has no finite value.");
            }
        }
    }

    private static Worksheet Sheet(Grid grid, Calculator calculator, StyleSheet styles, bool first)
    {
        SheetData data = new(grid.Rows.Select(row => new Row(row.Value.Select(cell =>
            Write(grid.Name, Reference.Of(cell.Key, row.Key), cell.Value, calculator, styles)))
        {
            RowIndex = (uint)row.Key,
        }));
        SheetView view = new() { WorkbookViewId = 0, TabSelected = first, ShowGridLines = false };
        if (grid.Frozen.Length > 0)
        {
            (int column, int row) = Reference.Parse(grid.Frozen);
            view.Append(new Pane
            {
                HorizontalSplit = column - 1,
                VerticalSplit = row - 1,
                TopLeftCell = grid.Frozen,
                ActivePane = PaneValues.BottomRight,
                State = PaneStateValues.Frozen,
            });
        }

        Columns columns = new(
            new DocumentFormat.OpenXml.Spreadsheet.Column { Min = 1, Max = 1, Width = 40, CustomWidth = true },
            new DocumentFormat.OpenXml.Spreadsheet.Column { Min = 2, Max = 2, Width = 22, CustomWidth = true },
            new DocumentFormat.OpenXml.Spreadsheet.Column { Min = 3, Max = 12, Width = 12, CustomWidth = true });
        Worksheet worksheet = new(new SheetViews(view), new SheetFormatProperties { DefaultRowHeight = 15 }, columns, data);
        if (grid.Merges.Count > 0)
        {
            worksheet.Append(new MergeCells(grid.Merges.Select(range => new MergeCell { Reference = range })));
        }

        return worksheet;
    }

    private static SheetCell Write(string sheet, string reference, Cell cell, Calculator calculator, StyleSheet styles)
    {
        SheetCell written = new() { CellReference = reference, StyleIndex = styles.Index(cell.Style) };
        if (cell.Text is not null)
        {
            written.DataType = CellValues.InlineString;
            written.InlineString = new InlineString(new Text(cell.Text));
            return written;
        }

        if (cell.Formula is not null)
        {
            written.CellFormula = new CellFormula(cell.Formula);
        }

        object value = calculator.Value(sheet, reference);
        if (value is string text)
        {
            written.DataType = CellValues.String;
            written.CellValue = new CellValue(text);
        }
        else
        {
            written.CellValue = new CellValue(((double)value).ToString("R", CultureInfo.InvariantCulture));
        }

        return written;
    }

    // Packs the parts again in order and with one date, since the package writer stamps the hour of writing.
    private static byte[] Settle(byte[] package)
    {
        using ZipArchive source = new(new MemoryStream(package), ZipArchiveMode.Read);
        using MemoryStream target = new();
        using (ZipArchive archive = new(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in source.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
            {
                ZipArchiveEntry copy = archive.CreateEntry(entry.FullName, CompressionLevel.SmallestSize);
                copy.LastWriteTime = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);
                using Stream from = entry.Open();
                using Stream to = copy.Open();
                from.CopyTo(to);
            }
        }

        return target.ToArray();
    }
}
