using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Records;

/// <summary>Queries that are walked to their end.</summary>
public static class RecordWalk
{
    private const int PageSize = 500;

    /// <summary>Every record for which all filters hold, by id; for sets that fit into memory, such as what belongs to one document.</summary>
    public static async Task<List<Stored<T>>> AllAsync<T>(
        this IRecordStore records, RecordContainer<T> container, TenantId tenant, IReadOnlyList<RecordFilter> filters, CancellationToken cancellationToken)
        where T : class
    {
        var all = new List<Stored<T>>();
        string? continuation = null;
        do
        {
            var page = await records.QueryAsync(container, tenant, new RecordQuery(filters, PageSize: PageSize, Continuation: continuation), cancellationToken);
            all.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return all;
    }
}
