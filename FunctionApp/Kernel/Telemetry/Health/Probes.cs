using System.Globalization;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Telemetry.Health;

/// <summary>Looks for a record that is not there. It asks the store itself: a probe neither waits for a circuit nor opens one.</summary>
internal sealed class RecordsProbe(IServiceProvider services) : IDependencyProbe
{
    private static readonly RecordContainer<object> s_container = new("health");
    private static readonly TenantId s_nobody = new("health");

    public string Name => Dependencies.Records;

    public async Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        await services.GetRequiredKeyedService<IRecordStore>(PortDecoration.Inner).FindAsync(s_container, s_nobody, "probe", cancellationToken);
        return DependencyStatus.Healthy;
    }
}

/// <summary>Looks for a blob that is not there.</summary>
internal sealed class BlobsProbe(IServiceProvider services) : IDependencyProbe
{
    public string Name => Dependencies.Blobs;

    public async Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        await services.GetRequiredKeyedService<IBlobStore>(PortDecoration.Inner).ExistsAsync("health", "probe", cancellationToken);
        return DependencyStatus.Healthy;
    }
}

/// <summary>A bus that can be asked for one of its queues without sending anything.</summary>
public interface IReachableBus
{
    /// <summary>Returns once the queue has answered; throws as sending to it would.</summary>
    Task ReachAsync(string queue, CancellationToken cancellationToken);
}

/// <summary>Asks for a queue and, where that is known, how full all of them are: sending would have an effect. Dead letters wait for a person, and are degraded work.</summary>
internal sealed class MessagesProbe(IServiceProvider services, FunctionTriggers functions) : IDependencyProbe
{
    public string Name => Dependencies.Messages;

    public async Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        if (services.GetKeyedService<IMessageBus>(PortDecoration.Inner) is IReachableBus bus && functions.Queues is [var any, ..])
        {
            await bus.ReachAsync(any, cancellationToken);
        }

        var depths = services.GetService<IQueueDepths>();
        return functions.Queues.Any(queue => depths?.DepthOf(queue) is { DeadLettered: > 0 }) ? DependencyStatus.Degraded : DependencyStatus.Healthy;
    }
}

/// <summary>Asks for the head of the month's partition: writing would leave an entry.</summary>
internal sealed class AuditProbe(IServiceProvider services, TimeProvider time) : IDependencyProbe
{
    public string Name => Dependencies.Audit;

    public async Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        if (services.GetKeyedService<IAuditLog>(PortDecoration.Inner) is { } log)
        {
            await log.LastAsync(time.GetUtcNow().UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture), cancellationToken);
        }

        return DependencyStatus.Healthy;
    }
}

/// <summary>Looks for an answer that is not kept. Without the cache answers are computed each time: that is degraded, not down.</summary>
internal sealed class CacheProbe(IDistributedCache cache) : IDependencyProbe
{
    public string Name => "cache";

    public async Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await cache.GetAsync("health/probe", cancellationToken);
            return DependencyStatus.Healthy;
        }
        catch (Exception fault) when (fault is not OperationCanceledException and not OutOfMemoryException)
        {
            return DependencyStatus.Degraded;
        }
    }
}

/// <summary>Asks for an orchestration that is not there.</summary>
public sealed class DurableEngineProbe : IDependencyProbe
{
    private volatile DurableTaskClient? _client;

    public string Name => "durable-engine";

    /// <summary>Functions are given their client with each call, and nothing else is: whoever asks for the probes hands it on.</summary>
    public void Through(DurableTaskClient client) => _client = client;

    /// <exception cref="InvalidOperationException">It was given no client to ask through.</exception>
    public async Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        var client = _client ?? throw new InvalidOperationException("There is no client to ask the durable engine through.");
        await client.GetInstanceAsync("health-probe", cancellationToken);
        return DependencyStatus.Healthy;
    }
}
