using Advisor.Kernel.Tenancy;

namespace Advisor.Documents.Contracts;

/// <summary>What outlives a deleted document.</summary>
/// <param name="What">In the words of the API: <c>reasoning_chains</c>.</param>
/// <param name="Until">It is kept at least until then; null for as long as the tenant is.</param>
public sealed record Remainder(string What, string Why, DateTimeOffset? Until);

/// <summary>What there is of a document in a slice.</summary>
/// <param name="Removable">How many of each would be removed, by what they are, in the words of the API: <c>insights</c>.</param>
/// <param name="Remains">What would not be.</param>
public sealed record DerivedInventory(IReadOnlyDictionary<string, int> Removable, IReadOnlyList<Remainder> Remains);

/// <summary>What another slice keeps of a document, so that it goes when the document goes, and follows it to another company.</summary>
/// <remarks>Each slice that keeps something registers one. All members may be called again for what they have done already.</remarks>
public interface IDerivedFromDocument
{
    Task<DerivedInventory> InventoryAsync(TenantId tenant, string documentId, CancellationToken cancellationToken);

    /// <summary>Removes what the inventory calls removable.</summary>
    Task RemoveAsync(TenantId tenant, string documentId, CancellationToken cancellationToken);

    /// <summary>Notes that the document is of this company; null for none.</summary>
    Task AssignCompanyAsync(TenantId tenant, string documentId, CompanyLabel? company, CancellationToken cancellationToken);
}
