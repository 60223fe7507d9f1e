using System.Globalization;
using Advisor.Kernel.Audit;
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

/// <summary>Asks how full the queues are: sending would have an effect. Dead letters wait for a person, and are degraded work.</summary>
internal sealed class MessagesProbe(IServiceProvider services, FunctionTriggers functions) : IDependencyProbe
{
    public string Name => Dependencies.Messages;

    public Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        var depths = services.GetService<IQueueDepths>();
        return Task.FromResult(functions.Queues.Any(queue => depths?.DepthOf(queue) is { DeadLettered: > 0 }) ? DependencyStatus.Degraded : DependencyStatus.Healthy);
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
internal sealed class DurableEngineProbe(IServiceProvider services) : IDependencyProbe
{
    public string Name => "durable-engine";

    public async Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<DurableTaskClient>() is { } client)
        {
            await client.GetInstanceAsync("health-probe", cancellationToken);
        }

        return DependencyStatus.Healthy;
    }
}
