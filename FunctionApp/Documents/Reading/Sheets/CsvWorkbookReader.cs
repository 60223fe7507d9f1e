using System.Globalization;
using System.Text;
using Advisor.Documents.Intake;
using CsvHelper;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>Reads delimited text into a workbook of one sheet.</summary>
internal static class CsvWorkbookReader
{
    private static readonly CellStyle Plain = new(NumberFormat.General, Verbatim: true);
    private static readonly CellStyle Percentage = new(NumberFormat.BuiltIn(9), Verbatim: true);
    private static readonly CellStyle Day = new(NumberFormat.Parse("yyyy-mm-dd"), Verbatim: true);

    /// <param name="sheetName">The file's name without its extension.</param>
    public static WorkbookOutcome Read(ReadOnlyMemory<byte> content, string sheetName, IntakeLimits limits, CancellationToken cancellationToken)
    {
        var encoding = TextEncoding.Detect(content.Span);
        var head = encoding.Decode(content.Span[..Math.Min(content.Length, 256 * 1024)]);
        var separatorLine = CsvDialect.SeparatorLine(head);
        var delimiter = CsvDialect.DetectDelimiter(head);

        var fields = new List<Field>();
        var columns = new List<CsvColumn>();
        using var reader = CsvReader.Create(content[Math.Min(encoding.Preamble, content.Length)..], new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            SkipEmptyLines = false,
            PoolStrings = true,
            Encoding = encoding.Encoding is UTF8Encoding ? null : encoding.Encoding,
            IncludeValuesInExceptions = false,
        });
        long characters = 0;
        for (var row = 1; reader.Read(); row++)
        {
            if ((row & 1023) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            // A first line that states the separator is a line of the file but not a record; the library may pass over it.
            if (row == 1 && separatorLine is not null)
            {
                row = 2;
                if (reader.GetString(0).StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && !reader.Read())
                {
                    break;
                }
            }

            for (var i = 0; i < reader.FieldCount; i++)
            {
                var field = reader.GetString(i);
                if (field.Length == 0 || field == "\u001A")
                {
                    continue;
                }

                characters += field.Length;
                if (fields.Count >= limits.MaxCells)
                {
                    return new WorkbookOutcome.Refused(new IntakeRejection.TooManyCells(limits.MaxCells));
                }

                if (characters > limits.MaxTextCharacters)
                {
                    return new WorkbookOutcome.Refused(new IntakeRejection.TooMuchText(limits.MaxTextCharacters));
                }

                while (columns.Count <= i)
                {
                    columns.Add(new());
                }

                columns[i].See(field);
                fields.Add(new(row, i + 1, field));
            }
        }

        return new WorkbookOutcome.Read(Build(fields, columns, delimiter, encoding.Encoding, sheetName, cancellationToken));
    }

    private static Workbook Build(List<Field> fields, List<CsvColumn> columns, char delimiter, Encoding encoding, string sheetName, CancellationToken cancellationToken)
    {
        // A column that does not tell by itself follows what the others say; a semicolon speaks for decimal commas a little.
        var others = columns.Sum(column => Math.Sign(column.CommaEvidence));
        var commas = columns.ConvertAll(column => column.CommaEvidence != 0 ? column.DecimalComma : others > 0 || (others == 0 && delimiter == ';'));
        var dayFirst = columns.ConvertAll(column => column.DayFirst);
        var cells = new List<Cell>(fields.Count);
        foreach (var field in fields)
        {
            if ((cells.Count & 0xFFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            cells.Add(Typed(field, commas[field.Column - 1], dayFirst[field.Column - 1]));
        }

        var sheet = new Sheet(sheetName, SheetState.Visible, cells, [], [], []) { HeaderRow = CsvHeader.Find(cells) };
        return new()
        {
            Format = DocumentFormat.Csv,
            Sheets = [sheet],
            Csv = new(delimiter, encoding.WebName, [.. Enumerable.Range(1, columns.Count).Where(column => commas[column - 1] && columns[column - 1].CommaEvidence > 0)]),
        };
    }

    private static Cell Typed(Field field, bool decimalComma, bool? dayFirst)
    {
        var (row, column, text) = field;
        if (CsvNumber.TryParse(text, decimalComma, out var number, out var percent))
        {
            return new(row, column, CellKind.Number, percent ? Percentage : Plain, number, true, KeepUnlessSame(text, number), null, false);
        }

        if (CsvDate.TryParse(text, dayFirst, out var date))
        {
            return new(row, column, CellKind.Date, Day, SerialDate.FromDateTime(date, false), true, text, null, false);
        }

        return bool.TryParse(text, out var truth) && !char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1])
            ? new(row, column, CellKind.Boolean, Plain, truth ? 1 : 0, true, text, null, false)
            : new(row, column, CellKind.Text, Plain, 0, true, text, null, false);
    }

    /// <summary>A decimal prints as it was read, so most texts need not be kept.</summary>
    private static string? KeepUnlessSame(string text, decimal number)
    {
        Span<char> printed = stackalloc char[40];
        return number.TryFormat(printed, out var length, default, CultureInfo.InvariantCulture) && printed[..length].SequenceEqual(text) ? null : text;
    }

    private readonly record struct Field(int Row, int Column, string Text);
}

/// <summary>Finds the row that names the columns.</summary>
internal static class CsvHeader
{
    private const int Within = 20;

    /// <summary>The first row as wide as the table below it that is text throughout while a row below is not; null when there is none.</summary>
    public static int? Find(List<Cell> cells)
    {
        var rows = cells.TakeWhile(cell => cell.Row <= cells[0].Row + Within + 10).GroupBy(cell => cell.Row).Select(row => row.ToList()).ToList();
        if (rows.Count < 2)
        {
            return null;
        }

        var width = rows.Max(row => row.Count);
        for (var i = 0; i < Math.Min(rows.Count - 1, Within); i++)
        {
            if (rows[i].Count >= Math.Max(1, width * 0.6) && rows[i].TrueForAll(IsName))
            {
                // Text over text is a header only when no name repeats and none recurs below in its column.
                var typedBelow = rows.Skip(i + 1).Any(row => row.Exists(cell => cell.Kind is not CellKind.Text));
                var unique = rows[i].Select(cell => cell.Stored.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Count() == rows[i].Count;
                return unique || typedBelow ? rows[i][0].Row : null;
            }

            if (rows[i].Exists(cell => cell.Kind is CellKind.Number or CellKind.Date && !IsYear(cell)) && rows[i].Count >= width * 0.6)
            {
                return null;
            }
        }

        return null;
    }

    private static bool IsName(Cell cell) => cell.Kind == CellKind.Text || IsYear(cell);

    private static bool IsYear(Cell cell) => cell.Number is { } number && number is >= 1900 and <= 2100 && number == decimal.Truncate(number) && cell.Stored.Length == 4;
}
