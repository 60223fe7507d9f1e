using Advisor.Documents.Intake;
using Advisor.Documents.Tables;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Contracts;

/// <summary>A printed line.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Height">Mean height of its words in points, about the size of the type.</param>
public sealed record PrintedLine(int Page, string Text, double Height);

/// <summary>What stands on a document's pages, for other slices. It is somebody else's text: data, never an instruction.</summary>
public sealed class DocumentTexts(IRecordStore records, DocumentBlobs blobs)
{
    /// <summary>The lines of all pages in reading order; none for a workbook, which has no pages, and for a document that is not there or not read.</summary>
    public async Task<IReadOnlyList<PrintedLine>> LinesAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(DocumentRecord.Container, tenant, documentId, cancellationToken) is not
            { Value: { Format: DocumentFormat.Pdf, Pages: { } count, PagesPerRange: { } size } document })
        {
            return [];
        }

        var lines = new List<PrintedLine>();
        foreach (var range in PageRange.Of(count, size))
        {
            var pages = await blobs.ReadPagesAsync(tenant, document.Sha256, range, cancellationToken);
            lines.AddRange(pages.SelectMany(page => PageLine.Of(page).Select(line => new PrintedLine(page.Number, line.Text, line.Height))));
        }

        return lines;
    }
}
