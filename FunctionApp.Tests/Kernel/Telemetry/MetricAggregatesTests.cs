using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Telemetry;

public sealed class MetricAggregatesTests : IDisposable
{
    private static readonly TenantId s_north = new("north");
    private static readonly TenantId s_south = new("south");

    private readonly Depths _depths = new();
    private readonly AdvisorMetrics _metrics;
    private readonly MetricAggregates _aggregates;

    public MetricAggregatesTests()
    {
        _metrics = new AdvisorMetrics(new FunctionTriggers(typeof(Composition).Assembly), _depths);
        _aggregates = new MetricAggregates(_metrics, new ManualTimeProvider());
    }

    public void Dispose()
    {
        _aggregates.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void For_ATenant_HasItsSeriesAndThoseOfNoTenant()
    {
        _metrics.InsightScored(s_north, "anomaly", "high", 0.9m);
        _metrics.InsightScored(s_north, "anomaly", "high", 0.8m);
        _metrics.InsightScored(s_south, "anomaly", "low", 0.1m);
        _metrics.CacheRequested("summaries", hit: true);

        var north = _aggregates.For(s_north);
        var confidence = north.Single(series => series.Name == "confidence_score");
        (confidence.Kind, confidence.Count, confidence.Min, confidence.Max, Math.Round(confidence.Sum!.Value, 6)).ShouldBe(("histogram", 2, 0.8, 0.9, 1.7));
        confidence.Tags.ShouldBe(new Dictionary<string, string> { ["type"] = "anomaly", ["band"] = "high", ["tenant"] = "north" });
        north.Single(series => series.Name == "anomalies_detected").Value.ShouldBe(2);
        north.Single(series => series.Name == "cache_requests").Tags["result"].ShouldBe("hit");
        north.ShouldAllBe(series => series.Tags.GetValueOrDefault("tenant", "north") == "north");
    }

    [Fact]
    public void For_MoreSeriesThanThereIsRoom_CountsTheRestTogether()
    {
        for (var i = 0; i < MetricAggregates.MaxSeries + 50; i++)
        {
            _metrics.IdempotentReplay($"route {i}");
        }

        var series = _aggregates.For(s_north).Where(one => one.Name == "idempotent_replays").ToList();
        series.Count.ShouldBe(MetricAggregates.MaxSeries + 1);
        series.Single(one => one.Tags.ContainsKey("overflow")).Value.ShouldBe(50);
    }

    /// <summary>The overflow of a metric with tenants may hold the numbers of one alone.</summary>
    [Fact]
    public void For_OverflowOfTenants_IsShownToNobody()
    {
        for (var i = 0; i <= MetricAggregates.MaxSeries; i++)
        {
            _metrics.IngestionEnded(new TenantId($"tenant-{i}"), "completed", TimeSpan.FromSeconds(i));
        }

        _aggregates.For(new TenantId("tenant-0")).Count(one => one.Name == "ingestion_duration_ms").ShouldBe(1);
        _aggregates.For(s_north).ShouldNotContain(one => one.Name == "ingestion_duration_ms");
    }

    [Fact]
    public void For_QueueDepths_AreThoseOfNow()
    {
        foreach (var ready in new[] { 7, 3 })
        {
            _depths.Present = new QueueDepth(ready, 1, 0, 0);
            var depths = _aggregates.For(s_north).Where(series => series.Name == "queue_depth").ToList();
            depths.Single(series => series.Tags["queue"] == "ingestion-queue" && series.Tags["state"] == "ready").Value.ShouldBe(ready);
            depths.ShouldAllBe(series => series.Kind == "gauge");
        }

        _depths.Present = null;
        _aggregates.For(s_north).ShouldNotContain(series => series.Name == "queue_depth");
    }

    [Fact]
    public void Record_OfAnotherHost_IsNotCountedHere()
    {
        using var other = new AdvisorMetrics(new FunctionTriggers(typeof(Composition).Assembly));
        other.InsightScored(s_north, "risk", "high", 0.9m);
        _aggregates.For(s_north).ShouldNotContain(series => series.Name == "confidence_score");
    }

    [Fact]
    public void PrometheusText_OfEachKind_IsAsScraped()
    {
        MetricSeries[] series =
        [
            new("cost", "counter", "USD", new Dictionary<string, string> { ["model"] = "a\"b\\c" }, Value: 1.5),
            new("queue_depth", "gauge", null, new Dictionary<string, string>(), Value: 3),
            new("span_ms", "histogram", "ms", new Dictionary<string, string> { ["route"] = "x" }, Count: 2, Sum: 30, Min: 10, Max: 20, P50: 10, P95: 20, P99: 20),
        ];
        PrometheusText.Write(series).ShouldBe(
            """
            # TYPE cost_total counter
            cost_total{model="a\"b\\c"} 1.5
            # TYPE queue_depth gauge
            queue_depth 3
            # TYPE span_ms summary
            span_ms{route="x",quantile="0.5"} 10
            span_ms{route="x",quantile="0.95"} 20
            span_ms{route="x",quantile="0.99"} 20
            span_ms_sum{route="x"} 30
            span_ms_count{route="x"} 2

            """);
    }

    private sealed class Depths : IQueueDepths
    {
        public QueueDepth? Present { get; set; }

        public QueueDepth? DepthOf(string queue) => queue == "ingestion-queue" ? Present : null;
    }
}
