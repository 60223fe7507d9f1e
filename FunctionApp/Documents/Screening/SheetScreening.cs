using Advisor.Documents.Contracts;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Sheets;
using Advisor.Kernel.Screening;

namespace Advisor.Documents.Screening;

/// <summary>Looks for instructions in a workbook or CSV file: its cells, hidden ones included, and everything that stands beside them.</summary>
/// <remarks>Of binary workbooks, cells and names of sheets are seen; their comments and properties are not read.</remarks>
internal static class SheetScreening
{
    /// <summary>Number formats and formulas shorter than this hold no sentence.</summary>
    private const int ShortestSentence = 16;

    public static IReadOnlyList<InstructionSighting> Look(Workbook workbook, ReadOnlyMemory<byte> content, IntakeLimits limits, CancellationToken cancellationToken) =>
    [
        .. workbook.Sheets.SelectMany(sheet => InSheet(sheet, cancellationToken)),
        .. workbook.SkippedSheets.SelectMany(name => InstructionSighting.In(name, "sheet_name")),
        .. workbook.Format == DocumentFormat.Xlsx ? XlsxMargins.Read(content, limits, cancellationToken).SelectMany(margin => InstructionSighting.In(margin.Text, margin.Place)) : [],
    ];

    private static IEnumerable<InstructionSighting> InSheet(Sheet sheet, CancellationToken cancellationToken)
    {
        var cells = new ScreenedStream<Cell>();
        var looked = new HashSet<string>(StringComparer.Ordinal);
        var beside = new List<InstructionSighting>();
        var row = 0;
        foreach (var cell in sheet.Cells)
        {
            if (cell.Row != row)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (cell.Text is { Length: > 0 } text)
            {
                cells.Add(text, cell.Row == row ? '\t' : '\n', cell);
            }

            row = cell.Row;
            Beside(cell.Comment, "comment", cell, 1);
            Beside(cell.Formula?.Contains('"', StringComparison.Ordinal) == true ? cell.Formula : null, "formula", cell, ShortestSentence);
            Beside(cell.NumberFormat, "number_format", cell, ShortestSentence);
        }

        return
        [
            .. InstructionSighting.In(sheet.Name, "sheet_name", sheet.Name),
            .. cells.Sightings((finding, over) => new InstructionSighting(finding.Family, finding.Excerpt, "cell", Sheet: sheet.Name, Cell: over[0].Address)),
            .. beside,
        ];

        void Beside(string? text, string place, Cell cell, int shortest)
        {
            if (text?.Length >= shortest && beside.Count < InstructionScreen.MostFindings && looked.Add(text))
            {
                beside.AddRange(InstructionSighting.In(text, place, sheet.Name, cell.Address));
            }
        }
    }
}
