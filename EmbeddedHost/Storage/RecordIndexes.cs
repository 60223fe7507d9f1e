using System.Collections.Concurrent;

namespace Advisor.Embedded.Storage;

/// <summary>An index on the values of one or two properties: the first equality of a query and what it is ordered by.</summary>
internal sealed record RecordIndex(IReadOnlyList<string> Properties);

/// <summary>Makes the expression indexes that queries turn out to need, the first time each is needed.</summary>
/// <remarks>
/// Each index covers one container only, so that it costs nothing to writes elsewhere. Their number per container is bounded; a query
/// beyond the bound is answered by the indexes there are, or by reading the tenant's records of that container.
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

        var name = $"records:{container}:{string.Join(',', index.Properties)}";
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

        var columns = string.Join(", ", index.Properties.Select(RecordStatement.Extract));
        await database.DefineAsync($"""CREATE INDEX IF NOT EXISTS "{name}" ON records(tenant, {columns}, id) WHERE container='{container}'""");
        return name;
    }
}
