using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Tests.Kernel.Resilience;

/// <summary>Takes the records and the bus away at a call that the test names, until it gives them back.</summary>
/// <remarks>Calls are named <c>find ingestions</c>, <c>send ingestion-queue</c>.</remarks>
internal sealed class Outage
{
    private readonly Lock _gate = new();
    private string? _at;
    private string? _lost;
    private bool _out;
    private TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Refused { get; private set; }

    public void Register(IServiceCollection services) => services
        .ReplaceInner<IRecordStore>(inner => new Records(inner, this))
        .ReplaceInner<IMessageBus>(inner => new Bus(inner, this));

    /// <summary>Ends the present outage, and begins the next at a call; completes when that one has begun.</summary>
    public Task BeginAt(string call)
    {
        lock (_gate)
        {
            (_at, _out) = (call, false);
            _began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _began.Task;
        }
    }

    /// <summary>Carries out the next such write and then reports it as failed, as a connection does that breaks on the way back.</summary>
    public void LoseTheAnswerOf(string call)
    {
        lock (_gate)
        {
            _lost = call;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            (_at, _out) = (null, false);
        }
    }

    private void Pass(string call)
    {
        lock (_gate)
        {
            if (_at is not null && call.StartsWith(_at, StringComparison.Ordinal))
            {
                _out = true;
            }

            if (!_out)
            {
                return;
            }

            Refused++;
            _began.TrySetResult();
        }

        throw new IOException("The disk is gone.");
    }

    private void Return(string call)
    {
        lock (_gate)
        {
            if (_lost != call)
            {
                return;
            }

            _lost = null;
        }

        throw new IOException("The answer was lost.");
    }

    private sealed class Records(IRecordStore inner, Outage outage) : IRecordStore
    {
        public Task<Stored<T>?> FindAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class =>
            Through($"find {container.Name}").FindAsync(container, tenant, id, cancellationToken);

        public async Task<Stored<T>> CreateAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken) where T : class
        {
            var stored = await Through($"create {container.Name}").CreateAsync(container, tenant, id, value, cancellationToken);
            outage.Return($"create {container.Name}");
            return stored;
        }

        public async Task<Stored<T>> PutAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, string? ifMatch, CancellationToken cancellationToken) where T : class
        {
            var stored = await Through($"put {container.Name}").PutAsync(container, tenant, id, value, ifMatch, cancellationToken);
            outage.Return($"put {container.Name}");
            return stored;
        }

        public Task PutManyAsync<T>(RecordContainer<T> container, TenantId tenant, IReadOnlyCollection<(string Id, T Value)> items, CancellationToken cancellationToken) where T : class =>
            Through($"put_many {container.Name}").PutManyAsync(container, tenant, items, cancellationToken);

        public Task<RecordPage<T>> QueryAsync<T>(RecordContainer<T> container, TenantId tenant, RecordQuery query, CancellationToken cancellationToken) where T : class =>
            Through($"query {container.Name}").QueryAsync(container, tenant, query, cancellationToken);

        public Task<bool> DeleteAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class =>
            Through($"delete {container.Name}").DeleteAsync(container, tenant, id, cancellationToken);

        private IRecordStore Through(string call)
        {
            outage.Pass(call);
            return inner;
        }
    }

    private sealed class Bus(IMessageBus inner, Outage outage) : IMessageBus
    {
        public Task SendAsync(string queue, BusMessage message, CancellationToken cancellationToken)
        {
            outage.Pass($"send {queue}");
            return inner.SendAsync(queue, message, cancellationToken);
        }

        public Task SendAsync(string queue, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken)
        {
            outage.Pass($"send {queue}");
            return inner.SendAsync(queue, messages, cancellationToken);
        }
    }
}
