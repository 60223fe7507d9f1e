using System.Diagnostics;
using System.Text.Json;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Advisor.Kernel.Telemetry;

/// <summary>Makes the span of every function invocation, below what caused it, so that an upload and all that follows from it are one trace.</summary>
/// <remarks>Outermost of the worker middleware. A span has names, ids and outcomes; never document text or personal data.</remarks>
public sealed class InvocationSpans(FunctionTriggers triggers) : IFunctionsWorkerMiddleware
{
    private const string Key = "advisor.function";

    /// <summary>The function that a request was routed to; null before that, and where none was.</summary>
    internal static string? FunctionOf(HttpContext http) => http.Items[Key] as string;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var function = context.FunctionDefinition.Name;
        var trigger = triggers.Of(function);
        using var span = Spans.StartFunction(function, trigger.Queue is null ? ActivityKind.Internal : ActivityKind.Consumer, ParentOf(context));
        var http = context.GetHttpContext();
        if (http is not null)
        {
            http.Items[Key] = function;
        }

        if (span.IsAllDataRequested)
        {
            Describe(span, context, trigger);
        }

        try
        {
            await next(context);
        }
        catch (Exception fault)
        {
            span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", fault.GetType().FullName);
            throw;
        }
        finally
        {
            // A fault of an HTTP function has become its answer by now.
            if (http is { Response.StatusCode: >= StatusCodes.Status500InternalServerError })
            {
                span.SetStatus(ActivityStatusCode.Error);
            }

            if (http is not null && CallerMiddleware.SenderOf(http) is { } caller)
            {
                span.SetTag(Spans.TenantTag, caller.Tenant.Value);
            }
        }
    }

    /// <summary>The current activity where it belongs to the invocation's trace: the web server's, or the worker's own; else what the host says caused it.</summary>
    private static ActivityContext ParentOf(FunctionContext context)
    {
        var trace = context.TraceContext;
        var current = Activity.Current;
        return ActivityContext.TryParse(trace.TraceParent, trace.TraceState, isRemote: true, out var cause) && cause.TraceId != current?.TraceId
            ? cause
            : current?.Context ?? cause;
    }

    private static void Describe(Activity span, FunctionContext context, FunctionTriggers.Trigger trigger)
    {
        span.SetTag("faas.invocation_id", context.InvocationId);
        var data = context.BindingContext.BindingData;
        if (trigger.Queue is { } queue)
        {
            span.SetTag("messaging.system", "servicebus").SetTag("messaging.destination.name", queue);
            span.SetTag("messaging.message.id", data.GetValueOrDefault("MessageId"));
            span.SetTag("messaging.servicebus.message.delivery_count", data.GetValueOrDefault("DeliveryCount"));
            span.SetTag(Spans.TenantTag, TenantOf(data.GetValueOrDefault("ApplicationProperties") as string));
        }
        else if (data.GetValueOrDefault("instanceId") is string instance)
        {
            span.SetTag("advisor.instance_id", instance);
        }
    }

    private static string? TenantOf(string? properties)
    {
        if (properties is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(properties);
        return json.RootElement.TryGetProperty("tenant", out var tenant) ? tenant.GetString() : null;
    }
}
