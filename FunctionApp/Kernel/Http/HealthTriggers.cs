using Advisor.Kernel.Notifications;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Telemetry.Health;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Advisor.Kernel.Http;

/// <summary>Says that the host is up, and to its operators what it stands on.</summary>
public sealed class HealthTriggers(HostIdentity host, DependencyHealth dependencies, DurableEngineProbe engine, ReceiverHealth receivers, TimeProvider time)
{
    /// <summary>Asks nothing and nobody: a host whose store is down must not be restarted for it.</summary>
    [AllowAnyone]
    [NotRateLimited]
    [Audit.NotAudited]
    [Function("Health")]
    public IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        Answer.Ok(new Health("healthy", ProductVersion.Value, host.InstanceId, host.StartedAt, (long)(time.GetUtcNow() - host.StartedAt).TotalSeconds));

    /// <summary>200 while everything needed answers, if not at its best; 503 when something does not. The body is the same.</summary>
    [Allow(Role.Operator, Role.Admin)]
    [Function("HealthDependencies")]
    public async Task<IResult> DependenciesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/dependencies")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        engine.Through(client);
        var report = (await dependencies.CheckAsync(cancellationToken)).With(receivers.Of(request.Caller().Tenant));
        return Results.Json(report, AdvisorJson.Options,
            statusCode: report.Status == DependencyStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private sealed record Health(string Status, string Version, string InstanceId, DateTimeOffset StartedAt, long UptimeSeconds);
}

/// <summary>Tells one running host from another: a stale address file does not match.</summary>
public sealed class HostIdentity(TimeProvider time)
{
    public string InstanceId { get; } = Guid.CreateVersion7().ToString();

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();
}
