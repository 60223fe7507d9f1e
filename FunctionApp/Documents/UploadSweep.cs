using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Documents;

/// <summary>Removes the bytes of uploads that broke off before there was a document, every night.</summary>
/// <remarks>
/// Two may still list what a mark names: the run that fetches the document, until its ingestion has ended, and another attempt at the upload, which
/// has the same names as long as its <c>Idempotency-Key</c> counts. So a mark is left alone until it is <see cref="Grace"/> older than any key
/// can be: by then no attempt is under way that could make the document, and none can begin.
/// </remarks>
public sealed partial class UploadSweep(
    UploadMarks marks, IBlobStore blobs, IRecordStore records, IAuditLog audit, IOptions<IdempotencyOptions> keys, TimeProvider time, ILogger<UploadSweep> logger)
{
    /// <summary>Longer than any request lasts.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private enum Standing
    {
        /// <summary>A document lists it.</summary>
        Listed,

        /// <summary>Its ingestion has not ended.</summary>
        UnderWay,

        /// <summary>Nothing lists it, and nothing will.</summary>
        Unlisted,
    }

    [Function(nameof(UploadSweep))]
    public async Task RunAsync([TimerTrigger("0 50 3 * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().AddHours(-keys.Value.KeepHours) - Grace;
        var (removed, left) = (0, 0);
        foreach (var name in await marks.NamesAsync(cancellationToken))
        {
            if (await marks.FindAsync(name, cancellationToken) is not { } mark)
            {
                continue;
            }

            var standing = mark.At < before ? await StandingOfAsync(mark, cancellationToken) : Standing.UnderWay;
            if (standing == Standing.Unlisted && await blobs.ExistsAsync(DocumentRecord.BlobContainer, mark.Blob, cancellationToken))
            {
                await audit.AppendAsync(DocumentAudit.Swept(mark), cancellationToken);

                // Directly before the one step that cannot be taken back.
                standing = await marks.FindAsync(name, cancellationToken) == mark ? await StandingOfAsync(mark, cancellationToken) : Standing.UnderWay;
                if (standing == Standing.Unlisted && await blobs.DeleteAsync(DocumentRecord.BlobContainer, mark.Blob, cancellationToken))
                {
                    removed++;
                }
            }

            if (standing == Standing.UnderWay)
            {
                left++;
                continue;
            }

            await marks.RemoveAsync(mark.Tenant, mark.Blob, cancellationToken);
        }

        Log.Swept(logger, removed, left);
    }

    /// <remarks>The ingestion first: a run makes the document before it ends, so that after an end seen the document is seen too.</remarks>
    private async Task<Standing> StandingOfAsync(UploadMark mark, CancellationToken cancellationToken)
    {
        var ingestion = (await records.FindAsync(IngestionRecord.Container, mark.Tenant, mark.IngestionId, cancellationToken))?.Value;
        var document = (await records.FindAsync(DocumentRecord.Container, mark.Tenant, mark.DocumentId, cancellationToken))?.Value;
        return document?.Blob == mark.Blob ? Standing.Listed
            : ingestion is { Status: not (IngestionStatus.Completed or IngestionStatus.Failed) } ? Standing.UnderWay
            : Standing.Unlisted;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 151, Level = LogLevel.Information, Message = "Removed {Removed} originals that no document lists; {Left} uploads are young or under way")]
        public static partial void Swept(ILogger logger, int removed, int left);
    }
}
