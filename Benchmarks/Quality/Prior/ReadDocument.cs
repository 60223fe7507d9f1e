using System.Text.Json;
using Advisor.Documents;
using Advisor.Documents.Contracts;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Reading.Sheets;
using Advisor.Kernel.Http;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>A document as the product reads it, without storing anything.</summary>
internal sealed record ReadDocument(DocumentFindings Findings, IReadOnlyDictionary<int, PageReading> Pages)
{
    /// <param name="recognisedFile">Where the recognised pages of a scan are kept, and taken from when they are there; null for nowhere.</param>
    public static async Task<ReadDocument> OfPdfAsync(string file, string name, string? recognisedFile, CancellationToken cancellationToken)
    {
        if (await PdfReader.InspectAsync(file, cancellationToken) is not PdfInspection.Readable { Pages: var count })
        {
            throw new BenchException($"{name} cannot be read.");
        }

        var pages = await PdfReader.ReadAsync(file, 1, count, cancellationToken);
        var scanned = pages.FindAll(page => page.Words.Count == 0);
        if (scanned.Count > 0)
        {
            var recognised = (await RecogniseAsync(file, scanned, recognisedFile, cancellationToken)).ToDictionary(page => page.Number);
            pages = pages.ConvertAll(page => recognised.GetValueOrDefault(page.Number, page));
        }

        return new ReadDocument(await PageExtraction.ExtractAsync(RecordOf(name, DocumentFormat.Pdf), pages, file, cancellationToken), pages.ToDictionary(page => page.Number));
    }

    private static async Task<IReadOnlyList<PageReading>> RecogniseAsync(string file, List<PageReading> scanned, string? kept, CancellationToken cancellationToken)
    {
        if (kept is not null && File.Exists(kept))
        {
            return JsonSerializer.Deserialize<List<PageReading>>(await File.ReadAllBytesAsync(kept, cancellationToken), AdvisorJson.Options)!;
        }

        var pages = await new TesseractRecognizer().ReadAsync(file, scanned, cancellationToken);
        if (kept is not null)
        {
            await File.WriteAllBytesAsync(kept, JsonSerializer.SerializeToUtf8Bytes(pages, AdvisorJson.Options), cancellationToken);
        }

        return pages;
    }

    /// <summary>Null where it is refused, as one under a password is.</summary>
    public static ReadDocument? OfWorkbook(string file, CancellationToken cancellationToken)
    {
        var (content, name) = (File.ReadAllBytes(file), Path.GetFileName(file));
        return ContentSniffer.Sniff(content, name) is SniffOutcome.Accepted { Format: var format } && format != DocumentFormat.Pdf
            && WorkbookReader.Read(content, format, name, cancellationToken: cancellationToken) is WorkbookOutcome.Read { Workbook: var workbook }
            ? new ReadDocument(SheetExtraction.Extract(RecordOf(name, format), workbook, content, cancellationToken), new Dictionary<int, PageReading>())
            : null;
    }

    private static DocumentRecord RecordOf(string name, DocumentFormat format) => new(name, name, "", 0, format, "", DateTimeOffset.UnixEpoch, "");
}
