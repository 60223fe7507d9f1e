using System.Diagnostics;
using System.Diagnostics.Metrics;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Telemetry;

/// <summary>What the product measures, under the names of its requirements.</summary>
/// <remarks>
/// Each host has a meter of its own, so that hosts in one process do not count for each other. Names of tenants are the only ids among the
/// tags. Call a method where its effect is stored for the first time: an activity that runs again must not count again.
/// </remarks>
public sealed class AdvisorMetrics : IDisposable
{
    private readonly Histogram<double> _ingestionDuration;
    private readonly Histogram<double> _confidence;
    private readonly Counter<long> _anomalies;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _dependencyDuration;
    private readonly Counter<long> _cacheRequests;
    private readonly Counter<long> _idempotentReplays;

    /// <param name="depths">Null where the host cannot tell: then there is no <c>queue_depth</c>.</param>
    public AdvisorMetrics(FunctionTriggers functions, IQueueDepths? depths = null)
    {
        _ingestionDuration = Meter.CreateHistogram<double>("ingestion_duration_ms", "ms", "From the acceptance of a document to the end of its run");
        _confidence = Meter.CreateHistogram<double>("confidence_score", "1", "Calibrated confidence of the insights");
        _anomalies = Meter.CreateCounter<long>("anomalies_detected", "{insight}", "Insights of the type anomaly");
        _tokens = Meter.CreateCounter<long>("tokens", "{token}", "Tokens that language models took in and gave out");
        _cost = Meter.CreateCounter<double>("cost", "USD", "Price of the calls of language models");
        _requestDuration = Meter.CreateHistogram<double>("http_server_duration_ms", "ms", "Requests by route template, method and status");
        _dependencyDuration = Meter.CreateHistogram<double>("dependency_duration_ms", "ms", "Calls of dependencies, retries and waiting included");
        _cacheRequests = Meter.CreateCounter<long>("cache_requests", "{request}", "Lookups in caches");
        _idempotentReplays = Meter.CreateCounter<long>("idempotent_replays", "{request}", "Requests answered from their first answer");
        if (depths is not null)
        {
            Meter.CreateObservableGauge("queue_depth", () => Observe(functions, depths), "{message}", "Messages by queue and state");
        }
    }

    /// <summary>The host's meter.</summary>
    internal Meter Meter { get; } = new(Spans.SourceName);

    /// <param name="status">completed or failed.</param>
    /// <param name="duration">From the acceptance of the document.</param>
    public void IngestionEnded(TenantId tenant, string status, TimeSpan duration) =>
        _ingestionDuration.Record(duration.TotalMilliseconds, new("status", status), new("tenant", tenant.Value));

    /// <summary>An insight was scored and stored; one of the type anomaly also counts as detected.</summary>
    /// <param name="type">anomaly, trend or risk.</param>
    /// <param name="band">high, medium or low.</param>
    public void InsightScored(TenantId tenant, string type, string band, decimal confidence)
    {
        _confidence.Record((double)confidence, new("type", type), new("band", band), new("tenant", tenant.Value));
        if (type == "anomaly")
        {
            _anomalies.Add(1, new("band", band), new KeyValuePair<string, object?>("tenant", tenant.Value));
        }
    }

    /// <summary>A language model answered: what it took in and gave out, and what that costs. The model gateway calls this once for each answer.</summary>
    /// <param name="usDollars">By the configured price list; null where the model has no price.</param>
    public void ModelAnswered(TenantId tenant, string model, long inputTokens, long outputTokens, decimal? usDollars)
    {
        _tokens.Add(inputTokens, new("model", model), new("direction", "input"), new("tenant", tenant.Value));
        _tokens.Add(outputTokens, new("model", model), new("direction", "output"), new("tenant", tenant.Value));
        if (usDollars is { } price)
        {
            _cost.Add((double)price, new("model", model), new KeyValuePair<string, object?>("tenant", tenant.Value));
        }
    }

    /// <param name="cache">What is cached: <c>summaries</c>.</param>
    public void CacheRequested(string cache, bool hit) =>
        _cacheRequests.Add(1, new("cache", cache), new KeyValuePair<string, object?>("result", hit ? "hit" : "miss"));

    /// <summary>A request was answered with the stored answer of its first occurrence.</summary>
    /// <param name="route">The route template.</param>
    public void IdempotentReplay(string route) => _idempotentReplays.Add(1, new KeyValuePair<string, object?>("route", route));

    /// <param name="route">The route template, never the path: a path has ids.</param>
    internal void RequestServed(string route, string method, int status, TimeSpan duration) =>
        _requestDuration.Record(duration.TotalMilliseconds, new("route", route), new("method", method), new("status", status));

    /// <param name="outcome">ok, or failed.</param>
    internal void DependencyCalled(string dependency, string operation, string outcome, TimeSpan duration)
    {
        if (_dependencyDuration.Enabled)
        {
            var tags = new TagList { { "dependency", dependency }, { "operation", operation }, { "outcome", outcome } };
            _dependencyDuration.Record(duration.TotalMilliseconds, tags);
        }
    }

    public void Dispose() => Meter.Dispose();

    private static IEnumerable<Measurement<long>> Observe(FunctionTriggers functions, IQueueDepths depths)
    {
        foreach (var queue in functions.Queues)
        {
            if (depths.DepthOf(queue) is not { } depth)
            {
                continue;
            }

            yield return Of(queue, "ready", depth.Ready);
            yield return Of(queue, "locked", depth.Locked);
            yield return Of(queue, "scheduled", depth.Scheduled);
            yield return Of(queue, "dead_lettered", depth.DeadLettered);
        }

        static Measurement<long> Of(string queue, string state, long count) => new(count, new("queue", queue), new KeyValuePair<string, object?>("state", state));
    }
}
