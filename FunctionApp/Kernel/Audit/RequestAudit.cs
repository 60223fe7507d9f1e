using System.Diagnostics;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Advisor.Kernel.Audit;

/// <summary>Writes every request into the audit log before the first byte of its answer leaves.</summary>
/// <remarks>
/// The answer to a request that may change something waits until its entry is durable; when it cannot be written, the answer is a 503
/// instead. That it began is in the log by then: see <see cref="AuditGate"/>. The answer to one that only reads streams as it is written, and is given also when its entry cannot be.
/// </remarks>
public sealed partial class RequestAudit(
    RequestDelegate next, IAuditLog log, AuditOutage outage, RouteTable routes, ClientAddress address, ILogger<RequestAudit> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var (template, audited) = routes.Of(http.Request.Method, http.Request.Path);
        if (!audited)
        {
            await next(http);
        }
        else if (AuditOutage.Changes(http.Request))
        {
            await ChangeAsync(http, template);
        }
        else
        {
            await ReadAsync(http, template);
        }
    }

    private async Task ReadAsync(HttpContext http, string template)
    {
        var written = false;
        http.Response.OnStarting(() => WriteOnceAsync());

        // A client that left, or a server that gave up, starts no answer.
        http.Response.OnCompleted(() => WriteOnceAsync(started: false));
        await next(http);

        async Task WriteOnceAsync(bool started = true)
        {
            if (!written)
            {
                written = true;
                await TryWriteAsync(http, template, started || http.RequestAborted.IsCancellationRequested ? null : StatusCodes.Status500InternalServerError);
            }
        }
    }

    private async Task ChangeAsync(HttpContext http, string template)
    {
        var body = http.Response.Body;
        using var held = new MemoryStream();
        http.Response.Body = held;
        try
        {
            await next(http);
        }
        catch
        {
            http.Response.Body = body;
            await TryWriteAsync(http, template, StatusCodes.Status500InternalServerError);
            throw;
        }

        http.Response.Body = body;
        if (await TryWriteAsync(http, template, status: null))
        {
            if (held.Length > 0)
            {
                await body.WriteAsync(held.GetBuffer().AsMemory(0, (int)held.Length), CancellationToken.None);
            }

            return;
        }

        http.Response.Clear();
        await AuditOutage.Refusal.ExecuteAsync(http);
    }

    /// <param name="status">Null takes the answer's.</param>
    private async Task<bool> TryWriteAsync(HttpContext http, string template, int? status)
    {
        try
        {
            await log.AppendAsync(EventOf(http, template, status ?? http.Response.StatusCode), CancellationToken.None);
            outage.Over();
            return true;
        }
        catch (Exception fault)
        {
            outage.Begin();
            Log.NotWritten(logger, fault, http.Request.Method, template);
            return false;
        }
    }

    private AuditEvent EventOf(HttpContext http, string template, int status)
    {
        var result = http.RequestAborted.IsCancellationRequested || BodyLimit.BrokeOff(http) ? "aborted" : status switch
        {
            < 400 => "succeeded",
            < 500 => "refused",
            _ => "failed",
        };
        return EventOf(http, template, address, result, status);
    }

    /// <param name="status">Null where there is no answer yet.</param>
    internal static AuditEvent EventOf(HttpContext http, string template, ClientAddress address, string result, int? status)
    {
        var caller = CallerMiddleware.SenderOf(http);
        var details = new Dictionary<string, string>
        {
            ["method"] = http.Request.Method,
            ["trace_id"] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier,
        };
        if (status is { } known)
        {
            details["status"] = known.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return new AuditEvent(
            caller?.Tenant, caller?.UserId ?? AuditEvent.Anonymous, $"{http.Request.Method} {template}", template == RouteTable.Unmatched ? template : http.Request.Path.ToString(), address.Of(http), result)
        {
            Details = details,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 120, Level = LogLevel.Critical, Message = "The audit entry of {Method} {Route} could not be written")]
        public static partial void NotWritten(ILogger logger, Exception fault, string method, string route);
    }
}
