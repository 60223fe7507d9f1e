using Advisor.Insights;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Telemetry;

public sealed class OtlpExportTests
{
    [Fact]
    public async Task Host_WithAReceiver_SendsTracesMetricsAndLogsBeforeItHasStopped()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        int high;
        await using (var advisor = await RunningAdvisor.StartAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Url)))
        {
            var analyst = await advisor.ClientAsync(Role.Analyst);
            var content = await File.ReadAllBytesAsync(AdvisorFixture.Sample("quarterly-workbook.xlsx"), TestContext.Current.CancellationToken);
            var accepted = await analyst.UploadAsync("quarterly-workbook.xlsx", content);
            (await analyst.EndOfAsync(accepted.Headers.Location!.ToString()))["status"].GetString().ShouldBe("completed");
            var insights = await analyst.AllAsync<InsightView>($"/api/v1/insights?ingestion_id={accepted["ingestion_id"].GetString()}&limit=500", "insights");
            high = insights.Count(insight => insight.Band == Band.High);
        }

        receiver.Received.ShouldAllBe(item => item.ContentType == "application/x-protobuf");
        var traces = receiver.TextOf("/v1/traces");
        foreach (var name in new[] { "IngestDocumentTrigger", "ProcessIngestionWorker", "DocumentOrchestrator", "ReasonOverFacts", "records find", "service.instance.id", "advisor" })
        {
            traces.ShouldContain(name);
        }

        var metrics = receiver.TextOf("/v1/metrics");
        foreach (var name in new[] { "ingestion_duration_ms", "confidence_score", "http_server_duration_ms", "dependency_duration_ms", "queue_depth" })
        {
            metrics.ShouldContain(name);
        }

        var logs = receiver.TextOf("/v1/logs");
        high.ShouldBeGreaterThan(0);
        (logs.Split("microsoft.custom_event.name").Length - 1).ShouldBe(high);
        logs.ShouldContain("auto_summary_generated");
        logs.ShouldContain("service.instance.id");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", "Telemetry:OtlpEndpoint (or OTEL_EXPORTER_OTLP_ENDPOINT) must be an http:// or https:// address, such as http://localhost:4318.")]
    [InlineData("Telemetry:OtlpProtocol", "soap", "Telemetry:OtlpProtocol (or OTEL_EXPORTER_OTLP_PROTOCOL) must be http/protobuf or grpc.")]
    public Task Start_InvalidValue_FailsWithItsMessage(string name, string value, string message) => RefusedStart.ShouldSayAsync(name, value, message);
}
