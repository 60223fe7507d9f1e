using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Resilience;

/// <summary>The host's record store, called through its <see cref="Dependency"/>.</summary>
/// <remarks>
/// A conditional write whose first attempt was lost on the way back meets itself at the second and conflicts; then the stored record says
/// whose write it was.
/// </remarks>
internal sealed class ResilientRecordStore(IRecordStore inner, Dependency dependency) : IRecordStore
{
    public async Task<Stored<T>?> FindAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken)
        where T : class => await dependency.CallAsync(
            "find", container.Name, (inner, container, tenant, id),
            static (call, token) => new ValueTask<Stored<T>?>(call.inner.FindAsync(call.container, call.tenant, call.id, token)), cancellationToken);

    public Task<Stored<T>> CreateAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken)
        where T : class => WriteAsync("create", container, tenant, id, value, token => inner.CreateAsync(container, tenant, id, value, token), cancellationToken);

    public Task<Stored<T>> PutAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, string? ifMatch, CancellationToken cancellationToken)
        where T : class => WriteAsync("put", container, tenant, id, value, token => inner.PutAsync(container, tenant, id, value, ifMatch, token), cancellationToken);

    public async Task PutManyAsync<T>(RecordContainer<T> container, TenantId tenant, IReadOnlyCollection<(string Id, T Value)> items, CancellationToken cancellationToken)
        where T : class => await dependency.CallAsync(
            "put_many", container.Name, (inner, container, tenant, items),
            static async (call, token) =>
            {
                await call.inner.PutManyAsync(call.container, call.tenant, call.items, token);
                return true;
            },
            cancellationToken);

    public async Task<RecordPage<T>> QueryAsync<T>(RecordContainer<T> container, TenantId tenant, RecordQuery query, CancellationToken cancellationToken)
        where T : class => await dependency.CallAsync(
            "query", container.Name, (inner, container, tenant, query),
            static (call, token) => new ValueTask<RecordPage<T>>(call.inner.QueryAsync(call.container, call.tenant, call.query, token)), cancellationToken);

    public async Task<bool> DeleteAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken)
        where T : class => await dependency.CallAsync(
            "delete", container.Name, (inner, container, tenant, id),
            static (call, token) => new ValueTask<bool>(call.inner.DeleteAsync(call.container, call.tenant, call.id, token)), cancellationToken);

    private async Task<Stored<T>> WriteAsync<T>(
        string operation, RecordContainer<T> container, TenantId tenant, string id, T value, Func<CancellationToken, Task<Stored<T>>> write, CancellationToken cancellationToken)
        where T : class
    {
        var attempts = 0;
        return await dependency.CallAsync(operation, container.Name, write, Attempt, cancellationToken);

        async ValueTask<Stored<T>> Attempt(Func<CancellationToken, Task<Stored<T>>> once, CancellationToken token)
        {
            attempts++;
            try
            {
                return await once(token);
            }
            catch (RecordConflictException) when (attempts > 1)
            {
                if (await inner.FindAsync(container, tenant, id, token) is { } there && Json(there.Value).AsSpan().SequenceEqual(Json(value)))
                {
                    return there;
                }

                throw;
            }
        }
    }

    private static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, AdvisorJson.Options);
}
