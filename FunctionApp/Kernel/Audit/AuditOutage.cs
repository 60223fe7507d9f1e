using Advisor.Kernel.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Advisor.Kernel.Audit;

/// <summary>Whether the last append of a request's entry failed.</summary>
public sealed class AuditOutage
{
    private volatile bool _lasts;

    /// <summary>What is answered instead of what would not be audited.</summary>
    internal static Problem Refusal { get; } = new(StatusCodes.Status503ServiceUnavailable, "audit-unavailable", "The audit log cannot be written",
        "Nothing is changed without an audit entry. Try again later, under the same Idempotency-Key: what was done already is not done twice.") { RetryAfter = 5 };

    public bool Lasts => _lasts;

    public void Begin() => _lasts = true;

    public void Over() => _lasts = false;

    /// <summary>Whether the request may change something, by its method.</summary>
    internal static bool Changes(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
}

/// <summary>Refuses requests that may change something, before they run, while the audit log cannot be written.</summary>
/// <remarks>
/// The first request of an outage finds out (its effect stands, and it is answered with 503); those after it are refused here. Each of them tries the log
/// again, with an entry that tells of the outage.
/// </remarks>
public sealed class AuditGate(IAuditLog log, AuditOutage outage) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (outage.Lasts && context.GetHttpContext() is { } http && AuditOutage.Changes(http.Request) && !await IsBackAsync())
        {
            await AuditOutage.Refusal.ExecuteAsync(http);
            return;
        }

        await next(context);
    }

    private async Task<bool> IsBackAsync()
    {
        try
        {
            await log.AppendAsync(new AuditEvent(null, AuditEvent.Product, "audit.resumed", "audit", null, "succeeded"), CancellationToken.None);
        }
        catch (Exception)
        {
            // Logged where the outage was found.
            return false;
        }

        outage.Over();
        return true;
    }
}
