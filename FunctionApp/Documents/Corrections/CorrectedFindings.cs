using Advisor.Documents.Contracts;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Corrections;

/// <summary>A document's findings as people corrected them. What was read is stored once and stays; corrections are applied whenever it is read.</summary>
public sealed class CorrectedFindings(IRecordStore records, IBlobStore blobs)
{
    /// <summary>The findings with all corrections; null when there are none or the document has not been read.</summary>
    public async Task<DocumentFindings?> ReadAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        await OriginalAsync(tenant, documentId, cancellationToken) is { } read ? Apply(read, await OfAsync(tenant, documentId, cancellationToken)) : null;

    /// <summary>The findings with those corrections that are named, as they were at another time. One that is not there any more is left out.</summary>
    public async Task<DocumentFindings?> ReadAsOfAsync(TenantId tenant, string documentId, IReadOnlyCollection<string> corrections, CancellationToken cancellationToken) =>
        await OriginalAsync(tenant, documentId, cancellationToken) is { } read
            ? corrections.Count == 0 ? read : Apply(read, (await OfAsync(tenant, documentId, cancellationToken)).FindAll(correction => corrections.Contains(correction.Id)))
            : null;

    /// <summary>The findings as they were read.</summary>
    public Task<DocumentFindings?> OriginalAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        DocumentFindings.ReadAsync(blobs, tenant, documentId, cancellationToken);

    /// <summary>The document's corrections, in the order in which they were made.</summary>
    public async Task<List<FactCorrection>> OfAsync(TenantId tenant, string documentId, CancellationToken cancellationToken) =>
        [.. (await records.AllAsync(FactCorrection.Container, tenant, [new RecordFilter("document_id", RecordOperator.Equal, documentId)], cancellationToken))
            .Select(item => item.Value).OrderBy(correction => correction.At).ThenBy(correction => correction.Version).ThenBy(correction => correction.Id, StringComparer.Ordinal)];

    public async Task RemoveAsync(TenantId tenant, string documentId, CancellationToken cancellationToken)
    {
        foreach (var correction in await OfAsync(tenant, documentId, cancellationToken))
        {
            await records.DeleteAsync(FactCorrection.Container, tenant, correction.Id, cancellationToken);
        }
    }

    /// <summary>The newest corrections of facts of a metric, by fact id: few, for each was made by a person.</summary>
    public async Task<IReadOnlyDictionary<string, FactCorrection>> OfMetricAsync(TenantId tenant, string metric, CancellationToken cancellationToken) =>
        (await records.AllAsync(FactCorrection.Container, tenant, [new RecordFilter("metric", RecordOperator.Equal, metric)], cancellationToken))
            .GroupBy(item => item.Value.FactId, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Select(item => item.Value).MaxBy(correction => correction.Version)!, StringComparer.Ordinal);

    /// <summary>A function of what was read and what people said: every fact that is named has the value of its newest correction, and all that was computed from it follows.</summary>
    public static DocumentFindings Apply(DocumentFindings read, IReadOnlyList<FactCorrection> corrections)
    {
        var known = read.Facts.Select(fact => fact.Id).ToHashSet(StringComparer.Ordinal);
        var byFact = corrections.Where(correction => known.Contains(correction.FactId)).GroupBy(correction => correction.FactId, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.OrderBy(correction => correction.Version).ToList(), StringComparer.Ordinal);
        if (byFact.Count == 0)
        {
            return read;
        }

        Fact Revalued(Fact fact) => byFact.TryGetValue(fact.Id, out var own) ? fact with { Value = own[^1].After } : fact;
        var (facts, proofs) = CorrectedProofs.Again(read.Facts, read.Proofs, Revalued);
        var grounding = new SortedDictionary<string, bool>(read.Grounding.ToDictionary(), StringComparer.Ordinal);
        var agreement = new SortedDictionary<string, bool>(read.Agreement.ToDictionary(), StringComparer.Ordinal);
        foreach (var (id, own) in byFact)
        {
            // Whoever corrected it was shown the place and looked at it. What the software read twice is no second reading of what a person wrote: another person's is.
            grounding[id] = true;
            _ = AgreedByTwo(own) ? agreement[id] = true : agreement.Remove(id);
        }

        return read with
        {
            Facts = [.. facts.Select(fact => byFact.TryGetValue(fact.Id, out var own) ? Corrected(fact, own[^1]) : fact)],
            Proofs = proofs,
            Grounding = grounding,
            Agreement = agreement,
            Ledger = LedgerOf(read, byFact),
            Corrections = [.. corrections.Where(correction => known.Contains(correction.FactId)).Select(correction => correction.Id)],
        };
    }

    /// <summary>How a single fact of a known place looks after its newest correction.</summary>
    /// <remarks>Nobody has measured how often people mistype: their reading's confidence is unknown, which counts as its documented prior.</remarks>
    public static Fact Corrected(Fact fact, FactCorrection newest) => fact with
    {
        Value = newest.After,
        ReadBy = ReadingMethod.Person,
        Confidence = null,
        Corrected = new CorrectedValue(newest.ReviewId, newest.Version, newest.Before, newest.By, newest.At),
    };

    /// <summary>Two persons gave the value: in one review of four eyes, or one after the other.</summary>
    private static bool AgreedByTwo(List<FactCorrection> versions) =>
        Enumerable.Reverse(versions).TakeWhile(correction => correction.After == versions[^1].After).SelectMany(correction => correction.By).Distinct(StringComparer.Ordinal).Skip(1).Any();

    /// <summary>The amounts stand in the order of their facts; where they cannot be told apart they stay as they were read.</summary>
    private static IReadOnlyList<string> LedgerOf(DocumentFindings read, Dictionary<string, List<FactCorrection>> byFact)
    {
        var amounts = read.Facts.Where(fact => fact.Rule == "ledger/amount").ToList();
        return amounts.Count != read.Ledger.Count || !amounts.Exists(fact => byFact.ContainsKey(fact.Id))
            ? read.Ledger
            : [.. amounts.Select((fact, i) => byFact.TryGetValue(fact.Id, out var own) ? own[^1].After.ToString(System.Globalization.CultureInfo.InvariantCulture) : read.Ledger[i])];
    }
}
