using System.Diagnostics;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Telemetry;

/// <summary>The product's spans: one for each function invocation and one for each call of a dependency.</summary>
public static class Spans
{
    /// <summary>Name of the source of spans and of the meter.</summary>
    public const string SourceName = "Advisor";

    internal const string TenantTag = "advisor.tenant";
    internal const string RunTag = "advisor.run_id";

    private static readonly AsyncLocal<Activity?> s_function = new();

    /// <summary>The one source of the product.</summary>
    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>Says whose run the current function works for, once the function knows.</summary>
    public static void Tag(TenantId tenant, string runId) => s_function.Value?.SetTag(TenantTag, tenant.Value).SetTag(RunTag, runId);

    /// <summary>A function's span. Without a listener nobody gets it, and it still carries the trace on to what the function sends and starts.</summary>
    internal static Activity StartFunction(string name, ActivityKind kind, ActivityContext parent)
    {
        var span = Source.StartActivity(name, kind, parent);
        if (span is null)
        {
            span = new Activity(name);
            if (parent != default)
            {
                span.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
            }

            span.Start();
        }

        s_function.Value = span;
        return span;
    }
}
