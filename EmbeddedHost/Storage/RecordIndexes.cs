using System.Collections.Concurrent;

namespace Advisor.Embedded.Storage;

/// <summary>An index on the values of one or two properties: the first equality of a query and what it is ordered by.</summary>
/// <param name="Covered">Further values that it carries, so that conditions on them are tested without opening the record.</param>
internal sealed record RecordIndex(IReadOnlyList<string> Properties, IReadOnlyList<string> Covered)
{
    public string Name(string container) =>
        $"records:{container}:{string.Join(',', Properties)}{(Covered.Count == 0 ? "" : $"+{string.Join(',', Covered)}")}";
}

/// <summary>Makes the expression indexes that queries turn out to need, the first time each is needed.</summary>
/// <remarks>
/// Each index covers one container only, so that it costs nothing to writes elsewhere. Their number per container is bounded; a query
/// beyond the bound is answered by the indexes there are, or by reading the tenant's records of that container. A container with a
/// <see cref="Advisor.Kernel.Records.RecordLookup"/> needs one index for each of its keys and orders, whatever the filters.
/// </remarks>
internal sealed class RecordIndexes(SqliteDatabase database)
{
    private const int MostPerContainer = 8;

    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _ensured = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The name of the index, once it exists; null when none is asked for or the container has as many as it may have.</summary>
    public async Task<string?> EnsureAsync(string container, RecordIndex? index)
    {
        if (index is null)
        {
            return null;
        }

        var name = index.Name(container);
        try
        {
            return await _ensured.GetOrAdd(name, key => new Lazy<Task<string?>>(() => CreateAsync(container, index, key))).Value;
        }
        catch
        {
            _ensured.TryRemove(name, out _);
            throw;
        }
    }

    private async Task<string?> CreateAsync(string container, RecordIndex index, string name)
    {
        if (_counts.AddOrUpdate(container, 1, (_, count) => count + 1) > MostPerContainer)
        {
            return null;
        }

        // The id comes before what is only carried: the order is by property, then by id.
        var columns = string.Join(", ", [.. index.Properties.Select(RecordStatement.Extract), "id", .. index.Covered.Select(RecordStatement.Extract)]);
        await database.DefineAsync($"""CREATE INDEX IF NOT EXISTS "{name}" ON records(tenant, {columns}) WHERE container='{container}'""");
        return name;
    }
}
