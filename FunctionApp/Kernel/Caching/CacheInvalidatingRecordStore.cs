using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Caching;

/// <summary>A container whose answers are kept: every write to it ends those of its tenant.</summary>
/// <param name="Name">As in <see cref="RecordContainer{T}"/>.</param>
public sealed record CachedContainer(string Name);

/// <summary>The record store, but a write to a cached container completes only when no answer from before it can be found any more.</summary>
/// <remarks>
/// It stands around the store and not in the slices, so that no writer can forget it. A write that fails half-way ends the answers too. What holds when
/// the cache cannot be told: see <see cref="CacheGenerations.EndAsync"/>.
/// </remarks>
internal sealed class CacheInvalidatingRecordStore(IRecordStore inner, CacheGenerations generations, IEnumerable<CachedContainer> cached) : IRecordStore
{
    private readonly HashSet<string> _cached = [.. cached.Select(container => container.Name)];

    public Task<Stored<T>?> FindAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class =>
        inner.FindAsync(container, tenant, id, cancellationToken);

    public Task<RecordPage<T>> QueryAsync<T>(RecordContainer<T> container, TenantId tenant, RecordQuery query, CancellationToken cancellationToken) where T : class =>
        inner.QueryAsync(container, tenant, query, cancellationToken);

    public Task<Stored<T>> CreateAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken) where T : class =>
        WriteAsync(container, tenant, () => inner.CreateAsync(container, tenant, id, value, cancellationToken));

    public Task<Stored<T>> PutAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, string? ifMatch, CancellationToken cancellationToken) where T : class =>
        WriteAsync(container, tenant, () => inner.PutAsync(container, tenant, id, value, ifMatch, cancellationToken));

    public Task PutManyAsync<T>(RecordContainer<T> container, TenantId tenant, IReadOnlyCollection<(string Id, T Value)> items, CancellationToken cancellationToken) where T : class =>
        WriteAsync(container, tenant, async () =>
        {
            await inner.PutManyAsync(container, tenant, items, cancellationToken);
            return true;
        });

    public Task<bool> DeleteAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class =>
        WriteAsync(container, tenant, () => inner.DeleteAsync(container, tenant, id, cancellationToken));

    private async Task<TResult> WriteAsync<T, TResult>(RecordContainer<T> container, TenantId tenant, Func<Task<TResult>> write) where T : class
    {
        if (!_cached.Contains(container.Name))
        {
            return await write();
        }

        try
        {
            return await write();
        }
        finally
        {
            await generations.EndAsync(tenant, container.Name);
        }
    }
}
