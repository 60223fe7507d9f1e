using System.Collections.Concurrent;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Lets something else happen right before or after a call to the record store, so that a race always ends the same way.</summary>
internal sealed class Interleaving
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Func<Task>> _planned = new(StringComparer.Ordinal);

    public void Register(IServiceCollection services) => services.ReplaceInner<IRecordStore>(inner => new Records(inner, this));

    /// <summary>What is to happen happens once, at the first such call.</summary>
    /// <param name="moment"><c>before put documents</c>, <c>after put_many insights</c>.</param>
    /// <returns>Completes with what happened.</returns>
    public Task At(string moment, Func<Task> happens)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _planned[moment] = async () =>
        {
            try
            {
                await happens();
                done.SetResult();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                done.SetException(fault);
            }
        };
        return done.Task.WaitAsync(s_patience);
    }

    private async Task<T> AroundAsync<T>(string call, Func<Task<T>> carryOut)
    {
        await HappenAsync($"before {call}");
        var result = await carryOut();
        await HappenAsync($"after {call}");
        return result;
    }

    private Task HappenAsync(string moment) => _planned.TryRemove(moment, out var happens) ? happens() : Task.CompletedTask;

    private sealed class Records(IRecordStore inner, Interleaving others) : IRecordStore
    {
        public Task<Stored<T>?> FindAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class =>
            others.AroundAsync($"find {container.Name}", () => inner.FindAsync(container, tenant, id, cancellationToken));

        public Task<Stored<T>> CreateAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken) where T : class =>
            others.AroundAsync($"create {container.Name}", () => inner.CreateAsync(container, tenant, id, value, cancellationToken));

        public Task<Stored<T>> PutAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, string? ifMatch, CancellationToken cancellationToken) where T : class =>
            others.AroundAsync($"put {container.Name}", () => inner.PutAsync(container, tenant, id, value, ifMatch, cancellationToken));

        public Task PutManyAsync<T>(RecordContainer<T> container, TenantId tenant, IReadOnlyCollection<(string Id, T Value)> items, CancellationToken cancellationToken) where T : class =>
            others.AroundAsync($"put_many {container.Name}", async () =>
            {
                await inner.PutManyAsync(container, tenant, items, cancellationToken);
                return true;
            });

        public Task<RecordPage<T>> QueryAsync<T>(RecordContainer<T> container, TenantId tenant, RecordQuery query, CancellationToken cancellationToken) where T : class =>
            others.AroundAsync($"query {container.Name}", () => inner.QueryAsync(container, tenant, query, cancellationToken));

        public Task<bool> DeleteAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class =>
            others.AroundAsync($"delete {container.Name}", () => inner.DeleteAsync(container, tenant, id, cancellationToken));
    }
}
