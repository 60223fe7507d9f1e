using System.Globalization;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents;

/// <summary>Keeps companies, and what is filed under them, in step with the documents.</summary>
/// <remarks>Everything follows from the documents' own records, so each step may be repeated.</remarks>
public sealed class CompanyBook(IRecordStore records, KnownDocuments documents, IEnumerable<IDerivedFromDocument> derived)
{
    private const int MaxAttempts = 50;

    /// <summary>Files the facts of a document that was read under its company.</summary>
    public async Task WriteFactsAsync(TenantId tenant, DocumentRecord document, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        await records.PutManyAsync(HeadlineFact.Container, tenant, [.. facts.Where(fact => fact.Metric is not null).Select(fact => (
            HeadlineFact.IdOf(document.Id, fact.Id),
            new HeadlineFact(document.Id, document.Company, fact.Metric!, fact.Period?.End?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), fact, document.CompanyId)))],
            cancellationToken);
        await CountAsync(tenant, document.CompanyId, cancellationToken);
    }

    /// <summary>Files everything that is kept of a document under the company of the given record.</summary>
    public async Task AssignAsync(TenantId tenant, DocumentRecord document, CancellationToken cancellationToken)
    {
        var facts = await FactsOfAsync(tenant, document.Id, cancellationToken);
        await records.PutManyAsync(HeadlineFact.Container, tenant,
            [.. facts.Where(fact => fact.Value.CompanyId != document.CompanyId || fact.Value.Company != document.Company)
                .Select(fact => (fact.Id, fact.Value with { Company = document.Company, CompanyId = document.CompanyId }))], cancellationToken);
        foreach (var slice in derived)
        {
            await slice.AssignCompanyAsync(tenant, document.Id, document.Label, cancellationToken);
        }
    }

    /// <summary>Files everything that is kept of a document under the company that it has, until that is still the one it has afterwards.</summary>
    /// <remarks>Called after the document's own record was written. Whoever files something looks at the document after that in turn, so one of the two sees the other.</remarks>
    public async Task SettleAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        for (var (known, _) = await documents.FindAsync(tenant, id, cancellationToken); known is not null;)
        {
            await AssignAsync(tenant, known.Value, cancellationToken);
            var (now, _) = await documents.FindAsync(tenant, id, cancellationToken);
            known = now?.Value.Label == known.Value.Label ? null : now;
        }
    }

    public Task<List<Stored<HeadlineFact>>> FactsOfAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        records.AllAsync(HeadlineFact.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, documentId)], cancellationToken);

    /// <summary>Counts a company's documents anew; the company comes to be with its first and goes with its last.</summary>
    /// <remarks>Nobody names a company but by its documents, so nothing of a person's is lost with it; its id follows from its name.</remarks>
    public async Task CountAsync(TenantId tenant, string? companyId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; companyId is not null; attempt++)
        {
            // The company is read before its documents: whoever counted on fewer documents loses the write.
            var stored = await records.FindAsync(CompanyRecord.Container, tenant, companyId, cancellationToken);
            var own = await OwnAsync(tenant, companyId, cancellationToken);
            if (stored is null && own.Count == 0)
            {
                return;
            }

            if (own.Count == 0)
            {
                // Looked at once more: a document that was counted meanwhile brings it back.
                await records.DeleteAsync(CompanyRecord.Container, tenant, companyId, cancellationToken);
                continue;
            }

            var counted = new CompanyRecord(
                companyId, stored?.Value.Name ?? own.MinBy(document => document.UploadedAt)!.Company!, own.Count,
                own.Select(document => document.LatestPeriod).OfType<Period>().MaxBy(period => period.Order));
            if (counted == stored?.Value)
            {
                return;
            }

            try
            {
                await (stored is null
                    ? records.CreateAsync(CompanyRecord.Container, tenant, companyId, counted, cancellationToken)
                    : records.PutAsync(CompanyRecord.Container, tenant, companyId, counted, stored.ETag, cancellationToken));
                return;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Another document of the company was counted at the same time.
            }
        }
    }

    /// <summary>The company's documents, those being deleted left out.</summary>
    public async Task<List<DocumentRecord>> OwnAsync(TenantId tenant, string companyId, CancellationToken cancellationToken) =>
        (await documents.AllAsync(tenant, "company_id", companyId, cancellationToken)).FindAll(document => document is { Deletion: null, HasStatements: not null });
}
