using System.Globalization;
using System.Text;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Sheets;
using Advisor.Kernel.Reasoning;
using ExcelDataReader;
using Microsoft.VisualBasic.FileIO;

namespace Advisor.Documents.Sheets;

/// <summary>Reads a workbook or CSV file again with another library and compares cell by cell.</summary>
public static class SecondReading
{
    /// <summary>By fact id: whether the second reader found the same value in the same cell. A file it cannot read grounds nothing.</summary>
    public static IReadOnlyDictionary<string, bool> Of(DocumentFormat format, byte[] content, Workbook first, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        try
        {
            var cells = format == DocumentFormat.Csv ? OfCsv(content, first, cancellationToken) : OfWorkbook(content, cancellationToken);
            var result = new Dictionary<string, bool>(StringComparer.Ordinal);
            foreach (var fact in facts)
            {
                if (fact.Source is { Sheet: { } sheet, Cell: { } cell } && first.Find(sheet)?[cell] is { Number: { } value } read)
                {
                    result[fact.Id] = cells.TryGetValue((sheet, read.Row, read.Column), out var again) && IsSame(again, value);
                }
            }

            return result;
        }
        catch (Exception fault) when (fault is not OperationCanceledException and not OutOfMemoryException)
        {
            // The second reader's own faults say nothing of the first: its facts stay ungrounded, which routes them to a person.
            return new Dictionary<string, bool>();
        }
    }

    private static Dictionary<(string Sheet, int Row, int Column), decimal> OfWorkbook(byte[] content, CancellationToken cancellationToken)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var cells = new Dictionary<(string, int, int), decimal>();
        using var reader = ExcelReaderFactory.CreateReader(new MemoryStream(content, writable: false));
        do
        {
            for (var row = 1; reader.Read(); row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    if (reader.GetValue(column) is { } value && AsDecimal(value) is { } number)
                    {
                        cells[(reader.Name, row, column + 1)] = number;
                    }
                }
            }
        }
        while (reader.NextResult());
        return cells;
    }

    private static Dictionary<(string Sheet, int Row, int Column), decimal> OfCsv(byte[] content, Workbook first, CancellationToken cancellationToken)
    {
        var cells = new Dictionary<(string, int, int), decimal>();
        var dialect = first.Csv!;
        var sheet = first.Sheets[0].Name;
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        using var parser = new TextFieldParser(new MemoryStream(content, writable: false), Encoding.GetEncoding(dialect.Encoding), detectEncoding: true)
        {
            TextFieldType = FieldType.Delimited,
            HasFieldsEnclosedInQuotes = true,
            TrimWhiteSpace = false,
        };
        parser.SetDelimiters(dialect.Delimiter.ToString());
        for (var row = 1; !parser.EndOfData; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fields = parser.ReadFields() ?? [];
            for (var column = 0; column < fields.Length; column++)
            {
                var text = dialect.DecimalCommas.Contains(column + 1) ? fields[column].Replace(".", "").Replace(',', '.') : fields[column].Replace(",", "");
                if (decimal.TryParse(text, NumberStyles.Float | NumberStyles.AllowParentheses, CultureInfo.InvariantCulture, out var number))
                {
                    cells[(sheet, row, column + 1)] = number;
                }
            }
        }

        return cells;
    }

    /// <summary>The libraries turn binary fractions into decimals at different lengths; fifteen digits are what both hold.</summary>
    private static bool IsSame(decimal a, decimal b) => Math.Abs(a - b) <= Math.Max(Math.Abs(a), Math.Abs(b)) * 1e-13m;

    private static decimal? AsDecimal(object value) => value switch
    {
        double number when Math.Abs(number) < 1e15 => (decimal)number,
        int number => number,
        _ => null,
    };
}
