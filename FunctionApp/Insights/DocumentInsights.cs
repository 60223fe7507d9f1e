using Advisor.Documents.Contracts;
using Advisor.Insights.Proposing;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Reasoning.Chains;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights;

/// <summary>The insights and the summary of a document go with it; chains, analyses and reviews stay as proof of what was done.</summary>
public sealed class DocumentInsights(IRecordStore records, DocumentReadings readings, ReviewDesk reviews) : IDerivedFromDocument
{
    public async Task<DerivedInventory> InventoryAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        var analyses = await records.AllAsync(AnalysisRecord.Container, tenant, OfDocument(documentId), cancellationToken);
        analyses.AddRange(await records.AllAsync(AnalysisRecord.Shadows, tenant, OfDocument(documentId), cancellationToken));
        DateTimeOffset? until = analyses.Count == 0 ? null : analyses.Max(analysis => analysis.Value.CreatedAt).AddSeconds(ReasoningChain.SevenYears);
        return new DerivedInventory(
            new Dictionary<string, int>
            {
                ["insights"] = (await OfAsync(tenant, documentId, cancellationToken)).Count,
                ["summaries"] = await records.FindAsync(SummaryRecord.Container, tenant, documentId, cancellationToken) is null ? 0 : 1,
                ["model_calls"] = (await records.AllAsync(ModelRecording.Container, tenant, OfDocument(documentId), cancellationToken)).Count,
            },
            [
                new Remainder("reasoning_chains", "They prove how each conclusion was reached, hold the file's name and figures, and are kept seven years from their own date.", until),
                new Remainder("analyses", "They tell when the document was analysed, by what, and how sure it was.", until),
                new Remainder("reviews", "They tell what people decided, and hold nothing of what the document says.", null),
            ]);
    }

    public async Task RemoveAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        // A review that is interrupted here is withdrawn when the deletion is asked for again: its insight goes last.
        await Parallel.ForEachAsync(await OfAsync(tenant, documentId, cancellationToken), cancellationToken, async (insight, cancel) =>
        {
            await reviews.WithdrawAsync(tenant, insight.Id, "its document was deleted", redact: true, cancel);
            await records.DeleteAsync(InsightRecord.Container, tenant, insight.Id, cancel);
        });

        foreach (var recording in await records.AllAsync(ModelRecording.Container, tenant, OfDocument(documentId), cancellationToken))
        {
            await records.DeleteAsync(ModelRecording.Container, tenant, recording.Id, cancellationToken);
        }

        foreach (var question in await records.AllAsync(ModelQuestion.Container, tenant, OfDocument(documentId), cancellationToken))
        {
            await records.DeleteAsync(ModelQuestion.Container, tenant, question.Id, cancellationToken);
        }

        foreach (var container in new[] { AnalysisRecord.Container, AnalysisRecord.Shadows })
        {
            foreach (var analysis in await records.AllAsync(container, tenant, OfDocument(documentId), cancellationToken))
            {
                // That it was made stays; what it was computed from, the company's name among it, and what it said of the document do not.
                await records.PutAsync(container, tenant, analysis.Id, analysis.Value with { Basis = null, Differences = null }, null, cancellationToken);
            }
        }

        // Last: whoever rebuilds it now finds nothing to say.
        await records.DeleteAsync(SummaryRecord.Container, tenant, documentId, cancellationToken);
    }

    public async Task AssignCompanyAsync(TenantId tenant, string documentId, CompanyLabel? company, CancellationToken cancellationToken)
    {
        foreach (var insight in await OfAsync(tenant, documentId, cancellationToken))
        {
            Stored<InsightRecord>? current = insight;
            while (current is not null && (current.Value.CompanyId != company?.Id || current.Value.CompanyName != company?.Name))
            {
                try
                {
                    var moved = current.Value with { CompanyId = company?.Id, CompanyName = company?.Name };
                    current = await records.PutAsync(InsightRecord.Container, tenant, insight.Id, moved, current.ETag, cancellationToken);
                }
                catch (RecordConflictException)
                {
                    // A verdict or a newer analysis changed it: move it as it is now.
                    current = await records.FindAsync(InsightRecord.Container, tenant, insight.Id, cancellationToken);
                }
            }
        }
    }

    /// <summary>Looks at the document after insights or a summary of it were stored, and files them under the company that it has by then.</summary>
    /// <remarks>
    /// A deletion marks the document before it removes anything, and a correction looks again after it has written: whichever of two writes
    /// last sees what the other wrote. The steps that call this are repeated until they succeed, so a crash in between is made up for.
    /// </remarks>
    /// <returns>False when the document was deleted meanwhile: nothing of what was stored is there any more.</returns>
    public async Task<bool> SettleAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        for (var known = await readings.CompanyAsync(tenant, documentId, cancellationToken); known.IsThere;)
        {
            await AssignCompanyAsync(tenant, documentId, known.Company, cancellationToken);
            var now = await readings.CompanyAsync(tenant, documentId, cancellationToken);
            if (now == known)
            {
                return true;
            }

            known = now;
        }

        await RemoveAsync(tenant, documentId, cancellationToken);
        return false;
    }

    private Task<List<Stored<InsightRecord>>> OfAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        records.AllAsync(InsightRecord.Container, tenant, OfDocument(documentId), cancellationToken);

    private static IReadOnlyList<RecordFilter> OfDocument(string documentId) => [new RecordFilter("document_id", RecordOperator.Equal, documentId)];
}
