using Advisor.Documents.Corrections;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Logging;

namespace Advisor.Documents.Contracts;

/// <summary>Corrects facts of documents, and tells what was corrected.</summary>
public sealed partial class DocumentCorrections(
    IRecordStore records, CorrectedFindings findings, KnownDocuments documents, CompanyBook companies, IAuditLog audit, ILogger<DocumentCorrections> logger)
{
    private const int MaxAttempts = 50;

    /// <summary>Writes down what a review decided, once; from then on the document's facts, proofs and series have the new values.</summary>
    /// <remarks>Each entry of the audit log is written before its correction. Carrying the order out again changes nothing and gives the same corrections.</remarks>
    /// <returns>One for each fact, in the order of their ids; none for a document that is not there any more.</returns>
    public async Task<IReadOnlyList<FactCorrection>> CarryOutAsync(TenantId tenant, CorrectionOrder order, CancellationToken cancellationToken)
    {
        if (await documents.FindAsync(tenant, order.DocumentId, cancellationToken) is not ({ }, _) || await findings.OriginalAsync(tenant, order.DocumentId, cancellationToken) is not { } read)
        {
            return [];
        }

        var facts = read.Facts.ToDictionary(fact => fact.Id, StringComparer.Ordinal);
        var made = new List<FactCorrection>();
        foreach (var (id, value) in order.Values.OrderBy(value => value.Key, StringComparer.Ordinal))
        {
            if (facts.TryGetValue(id, out var fact))
            {
                made.Add(await OnceAsync(tenant, order, fact, value, cancellationToken));
            }
            else
            {
                // It was read again by another version of the reader, which found other facts.
                Log.Gone(logger, id, order.DocumentId, order.ReviewId);
            }
        }

        if (await findings.ReadAsync(tenant, order.DocumentId, cancellationToken) is { } corrected)
        {
            await documents.ChangeAsync(tenant, order.DocumentId, known => known.Counted(corrected), cancellationToken);
            await FileNamedAsync(tenant, order.DocumentId, read, corrected, cancellationToken);
        }

        if ((await documents.FindAsync(tenant, order.DocumentId, cancellationToken)).Document is null)
        {
            // Deleted while it was corrected.
            await findings.RemoveAsync(tenant, order.DocumentId, cancellationToken);
            return [];
        }

        return made;
    }

    /// <summary>What no longer contradicts its metric is followed under it from now on.</summary>
    private async Task FileNamedAsync(TenantId tenant, string documentId, DocumentFindings read, DocumentFindings corrected, CancellationToken cancellationToken)
    {
        List<Fact> named = [.. read.Facts.Zip(corrected.Facts).Where(pair => pair.First.Metric is null && pair.Second.Metric is not null).Select(pair => pair.First with { Metric = pair.Second.Metric })];
        if (named.Count > 0 && (await documents.FindAsync(tenant, documentId, cancellationToken)).Document is { Value: var document })
        {
            await companies.WriteFactsAsync(tenant, document, named, cancellationToken);
            await companies.SettleAsync(tenant, documentId, cancellationToken);
        }
    }

    /// <summary>Every correction of the document's facts, in the order in which they were made.</summary>
    public async Task<IReadOnlyList<FactCorrection>> OfAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        await findings.OfAsync(tenant, documentId, cancellationToken);

    private async Task<FactCorrection> OnceAsync(TenantId tenant, CorrectionOrder order, Fact fact, decimal value, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var versions = (await findings.OfAsync(tenant, order.DocumentId, cancellationToken)).FindAll(correction => correction.FactId == fact.Id);
            if (versions.Find(correction => correction.ReviewId == order.ReviewId) is { } known)
            {
                return known;
            }

            var version = versions.Count + 1;
            var correction = new FactCorrection(
                FactCorrection.IdOf(order.DocumentId, fact.Id, version), order.DocumentId, fact.Id, version, versions.MaxBy(earlier => earlier.Version)?.After ?? fact.Value, value,
                fact.Printed, CorrectedProofs.MetricOf(fact), order.By, order.At, order.ReviewId, order.Comment);
            await audit.AppendAsync(DocumentAudit.FactCorrected(tenant, order, fact.Id), cancellationToken);
            try
            {
                return (await records.CreateAsync(FactCorrection.Container, tenant, correction.Id, correction, cancellationToken)).Value;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Another review corrected the same fact at the same time: this one comes after it.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 230, Level = LogLevel.Warning, Message = "Fact {FactId} of document {DocumentId} is not there any more; its correction by review {ReviewId} is not carried out")]
        public static partial void Gone(ILogger logger, string factId, string documentId, string reviewId);
    }
}
