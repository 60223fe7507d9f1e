using System.Security.Cryptography;
using Advisor.Documents.Contracts;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Reading.Sheets;
using Advisor.Documents.Screening;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Timeline;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Advisor.Documents;

/// <summary>All I/O of a document run. Every effect is keyed by the run's ids, so an activity that runs twice changes nothing the second time.</summary>
public sealed class DocumentActivities(
    IRecordStore records,
    KnownDocuments documents,
    CompanyBook companies,
    DocumentBlobs blobs,
    IBlobStore store,
    IMessageBus bus,
    ScratchFiles scratch,
    IPageRecognizer recognizer,
    RemoteDocuments remote,
    RunTimeline timeline,
    IAuditLog audit,
    IOptions<DocumentsOptions> options,
    TimeProvider time,
    AdvisorMetrics metrics)
{
    /// <summary>Documents with fewer pages are read by one activity.</summary>
    private const int SmallDocument = 10;

    /// <summary>Fetches the document when it is a remote one, and plans its reading.</summary>
    [Function(nameof(PlanReading))]
    public async Task<ReadingPlan> PlanReading([ActivityTrigger] DocumentRun run, CancellationToken cancellationToken)
    {
        await SetStatusAsync(run, IngestionStatus.Extracting, cancellationToken);
        var document = await records.FindAsync(DocumentRecord.Container, run.Tenant, run.DocumentId, cancellationToken);
        if (document is null)
        {
            var (fetched, refusal) = await FetchAsync(run, cancellationToken);
            if (fetched is null)
            {
                return new ReadingPlan([], refusal);
            }

            document = fetched;
        }

        await blobs.OriginalIsListedAsync(run.Tenant, document.Value, cancellationToken);
        if (document.Value.Format != DocumentFormat.Pdf)
        {
            await documents.ChangeAsync(run.Tenant, run.DocumentId, known => known with { IngestionId = run.IngestionId }, cancellationToken);
            await StepAsync(run, "plan_reading", new { document.Value.Format }, cancellationToken);
            return new ReadingPlan([], null);
        }

        var file = await LocalCopyAsync(document.Value, cancellationToken);
        var inspection = await PdfReader.InspectAsync(file, cancellationToken);
        if (inspection is not PdfInspection.Readable { Pages: var pages })
        {
            return new ReadingPlan([], IngestionError.Of(inspection is PdfInspection.NeedsPassword
                ? new IntakeRejection.EncryptedPdf()
                : new IntakeRejection.DamagedFile(DocumentFormat.Pdf)));
        }

        if (pages > options.Value.MaxPages)
        {
            return new ReadingPlan([], new IngestionError("urn:advisor:problem:too-many-pages", "The document has too many pages",
                $"Documents of up to {options.Value.MaxPages} pages are read; split this one of {pages} pages."));
        }

        var size = pages < SmallDocument ? pages : options.Value.PagesPerRange;
        var ranges = PageRange.Of(pages, size);
        await documents.ChangeAsync(run.Tenant, run.DocumentId, known => known with { IngestionId = run.IngestionId, Pages = pages, PagesPerRange = size }, cancellationToken);
        var unread = new List<PageRange>();
        foreach (var range in ranges)
        {
            if (!await blobs.HasPagesAsync(run.Tenant, document.Value.Sha256, range, cancellationToken))
            {
                unread.Add(range);
            }
        }

        await StepAsync(run, "plan_reading", new { pages, ranges = ranges.Count, already_read = ranges.Count - unread.Count }, cancellationToken);
        return new ReadingPlan(unread, null);
    }

    /// <summary>Reads a range of pages; those without a text layer are recognised.</summary>
    /// <remarks>What is stored stays: another recognition may differ from the one that facts were taken from, and a service is paid for each.</remarks>
    [Function(nameof(ReadPages))]
    public async Task ReadPages([ActivityTrigger] ReadPagesRequest request, CancellationToken cancellationToken)
    {
        var (run, range) = request;
        var started = time.GetTimestamp();
        var document = await DocumentAsync(run, cancellationToken);
        var pages = await blobs.FindPagesAsync(run.Tenant, document.Sha256, range, cancellationToken);
        if (pages is null)
        {
            pages = await ReadAsync(await LocalCopyAsync(document, cancellationToken), range, cancellationToken);
            await blobs.WritePagesAsync(run.Tenant, document.Sha256, range, pages, cancellationToken);
        }

        await StepAsync(run, $"read_pages/{range.First}-{range.Last}", new
        {
            words = pages.Sum(page => page.Words.Count),
            scanned = pages.Count(page => page.ReadBy != Kernel.Reasoning.ReadingMethod.TextLayer),
            engines = ReadingEngine.PagesOf(pages),
        }, cancellationToken, started);
    }

    /// <summary>Finds the facts of what was read and proves them.</summary>
    [Function(nameof(ExtractFacts))]
    public async Task<Extraction> ExtractFacts([ActivityTrigger] DocumentRun run, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var document = await DocumentAsync(run, cancellationToken);
        List<PageReading> pages = document.Format == DocumentFormat.Pdf ? await PagesAsync(run, document, cancellationToken) : [];
        var (findings, refusal) = document.Format == DocumentFormat.Pdf
            ? (await FromPagesAsync(document, pages, cancellationToken), null)
            : await FromSheetsAsync(document, cancellationToken);
        if (findings is null)
        {
            return new Extraction(refusal);
        }

        findings = findings with { Instructions = [.. findings.Instructions, .. InstructionSighting.In(document.Name, "file_name")] };
        await findings.WriteAsync(store, run.Tenant, cancellationToken);
        var read = (await documents.ChangeAsync(run.Tenant, run.DocumentId, known => known.Read(run.Tenant, findings), cancellationToken))!.Value;
        await companies.WriteFactsAsync(run.Tenant, read, findings.Facts, cancellationToken);
        await ChangeAsync(run, record => record with { Finding = findings.Finding }, cancellationToken);
        await audit.AppendAsync(DocumentAudit.Read(run, document, findings, pages), cancellationToken);
        await StepAsync(run, "extract_facts", new
        {
            facts = findings.Facts.Count,
            metrics = findings.Facts.Count(fact => fact.Metric is not null),
            proofs_held = findings.Proofs.Count(proof => proof.Outcome == Kernel.Reasoning.ProofOutcome.Holds),
            proofs_failed = findings.Proofs.Count(proof => proof.Outcome == Kernel.Reasoning.ProofOutcome.Fails),
            findings.HasStatements,
            instructions = findings.Instructions.Count,
        }, cancellationToken, started);
        return new Extraction(null);
    }

    /// <summary>Makes the analyses known before they begin.</summary>
    [Function(nameof(BeginAnalyses))]
    public async Task BeginAnalyses([ActivityTrigger] BeginAnalysesRequest request, CancellationToken cancellationToken) =>
        await ChangeAsync(request.Run, record => record with { Status = IngestionStatus.Analyzing, AnalysisIds = request.AnalysisIds }, cancellationToken);

    [Function(nameof(CompleteIngestion))]
    public async Task CompleteIngestion([ActivityTrigger] DocumentRun run, CancellationToken cancellationToken)
    {
        scratch.Remove(run.DocumentId);
        await documents.ChangeAsync(run.Tenant, run.DocumentId, known => known with { Status = DocumentStatus.Completed }, cancellationToken);
        await timeline.AppendAsync(run.Tenant, run.RunId, new RunTimeline.Entry("final", TimelineEventType.Final, "completed"), cancellationToken);
        await audit.AppendAsync(DocumentAudit.Completed(run), cancellationToken);
        await EndAsync(run, record => record with { Status = IngestionStatus.Completed }, cancellationToken);
        await AnnounceAsync(run, cancellationToken);
    }

    /// <summary>Ends the ingestion with its error. A document that was refused leaves nothing behind, unless somebody has put it under legal hold.</summary>
    [Function(nameof(FailIngestion))]
    public async Task FailIngestion([ActivityTrigger] FailIngestionRequest request, CancellationToken cancellationToken)
    {
        var run = request.Run;
        scratch.Remove(run.DocumentId);
        var failed = await documents.ChangeAsync(run.Tenant, run.DocumentId, known => known with { Status = DocumentStatus.Failed }, cancellationToken);
        if (failed is { Value: { HasStatements: null, LegalHold: false, Deletion: null } unread })
        {
            if (!await documents.SharesBytesAsync(run.Tenant, unread, cancellationToken))
            {
                await blobs.DeleteReadingsAsync(run.Tenant, unread.Sha256, cancellationToken);
            }

            await DocumentFindings.DeleteAsync(store, run.Tenant, run.DocumentId, cancellationToken);
            await store.DeleteAsync(DocumentRecord.BlobContainer, unread.Blob, cancellationToken);
            await records.DeleteAsync(DocumentRecord.Container, run.Tenant, run.DocumentId, cancellationToken);
        }

        await timeline.AppendAsync(run.Tenant, run.RunId, [
            new RunTimeline.Entry("error", TimelineEventType.Error, "failed", Payload: request.Error),
            new RunTimeline.Entry("final", TimelineEventType.Final, "failed"),
        ], cancellationToken);
        await audit.AppendAsync(DocumentAudit.Failed(run, request.Error), cancellationToken);
        await EndAsync(run, record => record with { Status = IngestionStatus.Failed, Error = request.Error }, cancellationToken);
        await AnnounceAsync(run, cancellationToken);
    }

    /// <summary>Says that the run's analyses have ended. Where one failed, what the others found is there all the same.</summary>
    private async Task AnnounceAsync(DocumentRun run, CancellationToken cancellationToken)
    {
        if ((await IngestionAsync(run, cancellationToken)).Value.AnalysisIds is { Count: > 0 } analyses)
        {
            await bus.SendAsync(AnalysesEnded.Queue, new AnalysesEnded(run.RunId, run.DocumentId, analyses).Message(run.Tenant), cancellationToken);
        }
    }

    private async Task<(Stored<DocumentRecord>? Document, IngestionError? Refusal)> FetchAsync(DocumentRun run, CancellationToken cancellationToken)
    {
        var ingestion = await IngestionAsync(run, cancellationToken);
        switch (await remote.FetchAsync(ingestion.Value.DocumentUrl!, cancellationToken))
        {
            case RemoteDocuments.Outcome.Refused refused:
                return (null, refused.Error);
            case RemoteDocuments.Outcome.Fetched fetched:
                var sniffed = ContentSniffer.Sniff(fetched.Content, ingestion.Value.DocumentName, ingestion.Value.DeclaredType, options.Value.Limits);
                if (sniffed is SniffOutcome.Rejected { Reason: var reason })
                {
                    return (null, IngestionError.Of(reason));
                }

                var record = NewDocument(run.DocumentId, ingestion.Value.DocumentName, fetched.Content, ((SniffOutcome.Accepted)sniffed).Format, ingestion.Value.RequestedBy, ingestion.Value.CreatedAt)
                    .Of(run.Tenant, ingestion.Value.Company) with { IngestionId = run.IngestionId };
                await blobs.WriteOriginalAsync(run.Tenant, run.IngestionId, record, fetched.Content, cancellationToken);
                return (await records.PutAsync(DocumentRecord.Container, run.Tenant, run.DocumentId, record, null, cancellationToken), null);
            default:
                throw new InvalidOperationException("A fetch has two outcomes.");
        }
    }

    internal static DocumentRecord NewDocument(string id, string name, byte[] content, DocumentFormat format, string uploadedBy, DateTimeOffset uploadedAt) => new(
        id, name, Convert.ToHexStringLower(SHA256.HashData(content)), content.LongLength, format,
        DocumentBlobs.OriginalName(uploadedAt, id, format.Extension()), uploadedAt, uploadedBy);

    private async Task<List<PageReading>> PagesAsync(DocumentRun run, DocumentRecord document, CancellationToken cancellationToken)
    {
        var ranges = await Task.WhenAll(PageRange.Of(document.Pages!.Value, document.PagesPerRange!.Value).Select(range =>
            Task.Run(() => blobs.ReadPagesAsync(run.Tenant, document.Sha256, range, cancellationToken), cancellationToken)));
        return [.. ranges.SelectMany(pages => pages)];
    }

    private async Task<DocumentFindings> FromPagesAsync(DocumentRecord document, List<PageReading> pages, CancellationToken cancellationToken)
    {
        var file = await LocalCopyAsync(document, cancellationToken);
        var instructions = Task.Run(() => PageScreening.LookAsync(pages, file, cancellationToken), cancellationToken);
        var findings = await PageExtraction.ExtractAsync(document, pages, file, cancellationToken);
        return findings with { Instructions = await instructions };
    }

    private async Task<List<PageReading>> ReadAsync(string file, PageRange range, CancellationToken cancellationToken)
    {
        var pages = await PdfReader.ReadAsync(file, range.First, range.Last, cancellationToken);
        var scanned = pages.FindAll(page => page.Words.Count == 0);
        if (scanned.Count == 0)
        {
            return pages;
        }

        var recognised = (await recognizer.ReadAsync(file, scanned, cancellationToken)).ToDictionary(page => page.Number);
        return pages.ConvertAll(page => recognised.GetValueOrDefault(page.Number, page));
    }

    private async Task<(DocumentFindings? Findings, IngestionError? Refusal)> FromSheetsAsync(DocumentRecord document, CancellationToken cancellationToken)
    {
        var content = await blobs.ReadOriginalAsync(document, cancellationToken);
        return WorkbookReader.Read(content, document.Format, document.Name, options.Value.Limits, cancellationToken) switch
        {
            WorkbookOutcome.Read read => (SheetExtraction.Extract(document, read.Workbook, content, cancellationToken) with { Instructions = SheetScreening.Look(read.Workbook, content, options.Value.Limits, cancellationToken) }, null),
            WorkbookOutcome.Refused refused => (null, IngestionError.Of(refused.Reason)),
            _ => throw new InvalidOperationException("Reading a workbook has two outcomes."),
        };
    }

    private async Task<DocumentRecord> DocumentAsync(DocumentRun run, CancellationToken cancellationToken) =>
        (await records.FindAsync(DocumentRecord.Container, run.Tenant, run.DocumentId, cancellationToken))?.Value
            ?? throw new InvalidOperationException($"The document {run.DocumentId} is no longer stored.");

    private async Task<Stored<IngestionRecord>> IngestionAsync(DocumentRun run, CancellationToken cancellationToken) =>
        await records.FindAsync(IngestionRecord.Container, run.Tenant, run.IngestionId, cancellationToken)
            ?? throw new InvalidOperationException($"The ingestion {run.IngestionId} is no longer stored.");

    private Task<string> LocalCopyAsync(DocumentRecord document, CancellationToken cancellationToken) =>
        scratch.CopyAsync(document.Id, () => blobs.ReadOriginalAsync(document, cancellationToken), cancellationToken);

    private async Task SetStatusAsync(DocumentRun run, IngestionStatus status, CancellationToken cancellationToken) =>
        await ChangeAsync(run, record => record with { Status = status }, cancellationToken);

    /// <summary>The end is measured where it is stored for the first time.</summary>
    private async Task EndAsync(DocumentRun run, Func<IngestionRecord, IngestionRecord> end, CancellationToken cancellationToken)
    {
        var (before, after) = await ChangeAsync(run, end, cancellationToken);
        if (before.Status != after.Status)
        {
            metrics.IngestionEnded(run.Tenant, after.Status.ToString().ToLowerInvariant(), after.UpdatedAt - after.CreatedAt);
        }
    }

    private async Task<(IngestionRecord Before, IngestionRecord After)> ChangeAsync(DocumentRun run, Func<IngestionRecord, IngestionRecord> change, CancellationToken cancellationToken)
    {
        var stored = await IngestionAsync(run, cancellationToken);
        var after = change(stored.Value) with { UpdatedAt = time.GetUtcNow() };
        await records.PutAsync(IngestionRecord.Container, run.Tenant, run.IngestionId, after, null, cancellationToken);
        return (stored.Value, after);
    }

    private Task StepAsync(DocumentRun run, string step, object payload, CancellationToken cancellationToken, long? started = null) =>
        timeline.AppendAsync(run.Tenant, run.RunId, new RunTimeline.Entry(
            step, TimelineEventType.StepCompleted, step.Split('/')[0], nameof(DocumentActivities),
            started is { } since ? (long)time.GetElapsedTime(since).TotalMilliseconds : null, payload), cancellationToken);
}
