using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

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

/// <summary>Writes that a request which may change something begins, before it runs, and refuses it when that cannot be written.</summary>
/// <remarks>
/// Stands inside everything that refuses a request by its caller, rate, query and media type, and outside the first that writes. The first entry after an
/// outage goes with one that tells of it. Functions that are open to anyone change nothing.
/// </remarks>
public sealed partial class AuditGate(IAuditLog log, AuditOutage outage, RouteTable routes, ClientAddress address, ILogger<AuditGate> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && AuditOutage.Changes(http.Request) && CallerMiddleware.AskedOf(http) is not null && !await TryBeginAsync(http))
        {
            await AuditOutage.Refusal.ExecuteAsync(http);
            return;
        }

        await next(context);
    }

    private async Task<bool> TryBeginAsync(HttpContext http)
    {
        var (template, _) = routes.Of(http.Request.Method, http.Request.Path);
        var begun = RequestAudit.EventOf(http, template, address, "begun", status: null);
        try
        {
            await log.AppendManyAsync(outage.Lasts ? [new AuditEvent(null, AuditEvent.Product, "audit.resumed", "audit", null, "succeeded"), begun] : [begun], CancellationToken.None);
        }
        catch (Exception fault)
        {
            outage.Begin();
            Log.NotBegun(logger, fault, http.Request.Method, template);
            return false;
        }

        outage.Over();
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 121, Level = LogLevel.Critical, Message = "{Method} {Route} was refused: that it begins could not be written into the audit log")]
        public static partial void NotBegun(ILogger logger, Exception fault, string method, string route);
    }
}
