using System.Globalization;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Reading.Sheets;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Advisor.Documents;

/// <summary>What stands in a document and where: the words of its pages, the cells of its sheets.</summary>
public sealed class TextTriggers(KnownDocuments documents, DocumentBlobs blobs, IOptions<DocumentsOptions> options)
{
    /// <summary>Pages of an answer that asks for no number: a page has some hundred words.</summary>
    private const int UnaskedPages = 10;

    [AllowAnyRole]
    [QueryParameters("page", "sheet", "limit", "continuation")]
    [Function("GetDocumentText")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/documents/{id}/text")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (stored, absent) = await documents.FindAsync(request.Caller().Tenant, id, cancellationToken);
        return stored is not { Value: var document } ? absent!
            : document.HasStatements is null ? DocumentProblems.NotReady("words")
            : document.Format == DocumentFormat.Pdf ? await PagesAsync(request, document, cancellationToken)
            : await SheetsAsync(request, document, cancellationToken);
    }

    private async Task<IResult> PagesAsync(HttpRequest request, DocumentRecord document, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request, UnaskedPages);
        if (problem is not null)
        {
            return problem;
        }

        if (Asked(request.Query["page"].ToString(), document.Pages!.Value) is not { } asked)
        {
            return Problem.Invalid("page", $"'page' is a page number or a range of them, such as 3 or 3-7; the document has {document.Pages} pages.");
        }

        var (numbers, pagination, bad) = Paging.Slice(request, Enumerable.Range(asked.First, asked.Last - asked.First + 1), limit);
        if (bad is not null)
        {
            return bad;
        }

        var pages = new List<PageText>();
        foreach (var range in PageRange.Of(document.Pages.Value, document.PagesPerRange!.Value).Where(range => numbers.Any(number => number >= range.First && number <= range.Last)))
        {
            var read = await blobs.ReadPagesAsync(request.Caller().Tenant, document.Sha256, range, cancellationToken);
            pages.AddRange(read.Where(page => numbers.Contains(page.Number)).Select(PageText.Of));
        }

        return Answer.Ok(new PagesOfText(document.Id, document.Pages.Value, pages, pagination));
    }

    private async Task<IResult> SheetsAsync(HttpRequest request, DocumentRecord document, CancellationToken cancellationToken)
    {
        var (limit, problem) = Paging.Limit(request);
        if (problem is not null)
        {
            return problem;
        }

        var content = await blobs.ReadOriginalAsync(document, cancellationToken);
        if (WorkbookReader.Read(content, document.Format, document.Name, options.Value.Limits, cancellationToken) is not WorkbookOutcome.Read { Workbook: var workbook })
        {
            throw new InvalidOperationException($"The workbook {document.Id} was read before and cannot be read now.");
        }

        var name = request.Query["sheet"].ToString();
        var sheet = name.Length == 0 ? null : workbook.Find(name);
        if (name.Length > 0 && sheet is null)
        {
            return Problem.Invalid("sheet", $"The document has no sheet '{name}'; it has {string.Join(", ", workbook.Sheets.Select(known => $"'{known.Name}'"))}.");
        }

        var rows = (sheet is null ? workbook.Sheets : [sheet]).SelectMany(known => known.Rows.Select(row => (Sheet: known, Row: row)));
        var (page, pagination, bad) = Paging.Slice(request, rows, limit);
        return bad is not null ? bad : Answer.Ok(new RowsOfText(
            document.Id,
            [.. workbook.Sheets.Select(known => new SheetText(known.Name, known.State, known.Rows.Count, known.Cells.Count))],
            [.. page.Select(place => RowText.Of(place.Sheet, place.Row))],
            pagination));
    }

    private static PageRange? Asked(string text, int pages)
    {
        if (text.Length == 0)
        {
            return new PageRange(1, pages);
        }

        var ends = text.Split('-');
        return ends.Length <= 2
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first >= 1 && first <= last && last <= pages
                ? new PageRange(first, last)
                : null;
    }

    private sealed record PagesOfText(string DocumentId, int PageCount, IReadOnlyList<PageText> Pages, Pagination Pagination);

    private sealed record RowsOfText(string DocumentId, IReadOnlyList<SheetText> Sheets, IReadOnlyList<RowText> Rows, Pagination Pagination);
}

/// <summary>A page's words in the reader's order.</summary>
/// <param name="Width">Points.</param>
/// <param name="Height">Points.</param>
/// <param name="Engine">What read it, with its version; absent for a page that was read before this was kept.</param>
public sealed record PageText(int Page, double Width, double Height, Kernel.Reasoning.ReadingMethod ReadBy, string? Engine, IReadOnlyList<WordText> Words)
{
    public static PageText Of(PageReading page) => new(page.Number, page.Width, page.Height, page.ReadBy, page.Engine, [.. page.Words.Select(WordText.Of)]);
}

/// <summary>A word and its place, in points from the page's top left.</summary>
/// <param name="Confidence">Of the OCR, in [0,1]; absent for a text layer, which states none.</param>
public sealed record WordText(string Text, Kernel.Reasoning.Box Box, double? Confidence)
{
    public static WordText Of(Word word) => new(
        word.Text, new Kernel.Reasoning.Box(Hundredths(word.Left), Hundredths(word.Top), Hundredths(word.Right), Hundredths(word.Bottom)), word.Confidence);

    private static decimal Hundredths(double points) => Math.Round((decimal)points, 2);
}

/// <summary>A sheet as a whole.</summary>
/// <param name="Rows">Rows that hold cells.</param>
/// <param name="Cells">Cells that hold something.</param>
public sealed record SheetText(string Name, SheetState State, int Rows, int Cells);

/// <summary>A row that holds cells.</summary>
/// <param name="Row">From 1.</param>
public sealed record RowText(string Sheet, int Row, bool Hidden, IReadOnlyList<CellText> Cells)
{
    public static RowText Of(Sheet sheet, int row) => new(sheet.Name, row, sheet.IsRowHidden(row), [.. sheet.Row(row).ToArray().Select(CellText.Of)]);
}

/// <summary>A cell as stored and as shown.</summary>
/// <param name="Value">A number, a text, true or false, an ISO date-time; absent for an empty cell.</param>
/// <param name="Displayed">As the cell shows it.</param>
/// <param name="Formula">Without the equals sign; absent for a typed value.</param>
/// <param name="Hidden">In a hidden row or column.</param>
public sealed record CellText(string Address, CellKind Kind, object? Value, string Displayed, string? Formula, string NumberFormat, bool Hidden, string? Comment)
{
    public static CellText Of(Cell cell) => new(
        cell.Address, cell.Kind,
        cell.Kind switch
        {
            CellKind.Number => (object?)cell.Number ?? cell.Stored,
            CellKind.Date => (object?)cell.Date ?? cell.Stored,
            CellKind.Boolean => cell.Boolean,
            CellKind.Empty => null,
            _ => cell.Text,
        },
        cell.Displayed, cell.Formula, cell.NumberFormat, cell.Hidden, cell.Comment);
}
