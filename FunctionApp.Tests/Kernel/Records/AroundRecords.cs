using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Tests.Kernel.Records;

/// <summary>A record store with something of a test's before and after each call; what throws there is what the caller sees.</summary>
/// <remarks>Calls are named <c>find ingestions</c>, <c>put_many insights</c>.</remarks>
internal sealed class AroundRecords(IRecordStore inner, Func<string, Task> before, Func<string, Task> after) : IRecordStore
{
    public Task<Stored<T>?> FindAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class =>
        AroundAsync($"find {container.Name}", () => inner.FindAsync(container, tenant, id, cancellationToken));

    public Task<Stored<T>> CreateAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken) where T : class =>
        AroundAsync($"create {container.Name}", () => inner.CreateAsync(container, tenant, id, value, cancellationToken));

    public Task<Stored<T>> PutAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, string? ifMatch, CancellationToken cancellationToken) where T : class =>
        AroundAsync($"put {container.Name}", () => inner.PutAsync(container, tenant, id, value, ifMatch, cancellationToken));

    public Task PutManyAsync<T>(RecordContainer<T> container, TenantId tenant, IReadOnlyCollection<(string Id, T Value)> items, CancellationToken cancellationToken) where T : class =>
        AroundAsync($"put_many {container.Name}", async () =>
        {
            await inner.PutManyAsync(container, tenant, items, cancellationToken);
            return true;
        });

    public Task<RecordPage<T>> QueryAsync<T>(RecordContainer<T> container, TenantId tenant, RecordQuery query, CancellationToken cancellationToken) where T : class =>
        AroundAsync($"query {container.Name}", () => inner.QueryAsync(container, tenant, query, cancellationToken));

    public Task<bool> DeleteAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class =>
        AroundAsync($"delete {container.Name}", () => inner.DeleteAsync(container, tenant, id, cancellationToken));

    private async Task<T> AroundAsync<T>(string call, Func<Task<T>> carryOut)
    {
        await before(call);
        var result = await carryOut();
        await after(call);
        return result;
    }
}
