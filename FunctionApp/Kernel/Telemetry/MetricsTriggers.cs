using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Telemetry;

/// <summary>Shows what this host has measured since it started; for longer memory and several hosts there is the OTLP export.</summary>
public sealed class MetricsTriggers(MetricAggregates aggregates)
{
    [Allow(Role.Operator, Role.Admin)]
    [AnswersIn("application/json", "text/plain")]
    [Function("GetMetrics")]
    public IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/metrics")] HttpRequest request)
    {
        var series = aggregates.For(request.Caller().Tenant);
        return request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/plain")
            ? Results.Text(PrometheusText.Write(series), PrometheusText.ContentType)
            : Answer.Ok(new MetricsView(aggregates.Since, series));
    }

    private sealed record MetricsView(DateTimeOffset Since, IReadOnlyList<MetricSeries> Metrics);
}
