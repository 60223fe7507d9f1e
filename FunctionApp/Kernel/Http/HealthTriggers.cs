using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Http;

/// <summary>Says that the host is up.</summary>
public sealed class HealthTriggers(HostIdentity host)
{
    [AllowAnyone]
    [NotRateLimited]
    [Audit.NotAudited]
    [Function("Health")]
    public IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        Answer.Ok(new Health("healthy", host.InstanceId, host.StartedAt));

    private sealed record Health(string Status, string InstanceId, DateTimeOffset StartedAt);
}

/// <summary>Tells one running host from another: a stale address file does not match.</summary>
public sealed class HostIdentity(TimeProvider time)
{
    public string InstanceId { get; } = Guid.CreateVersion7().ToString();

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();
}
