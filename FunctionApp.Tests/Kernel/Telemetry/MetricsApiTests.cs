using System.Net;
using System.Text.Json;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Telemetry;

[Collection(EndToEndTests.Name)]
public sealed class MetricsApiTests(AdvisorFixture fixture)
{
    [Fact]
    public async Task Metrics_AfterARun_HaveItsNumbers()
    {
        var analysis = await fixture.AnalyzeSampleAsync("quarterly-workbook.xlsx");
        var answer = await (await fixture.Advisor.ClientAsync(Role.Operator)).GetAsync("/api/v1/metrics");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer["since"].GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);
        var series = answer["metrics"].EnumerateArray().ToList();
        var runs = series.Single(one => Name(one) == "ingestion_duration_ms" && Tag(one, "status") == "completed");
        Tag(runs, "tenant").ShouldBe(RunningAdvisor.Tenant);
        runs.GetProperty("count").GetInt32().ShouldBeGreaterThan(0);
        runs.GetProperty("p95").GetDouble().ShouldBeInRange(runs.GetProperty("min").GetDouble(), runs.GetProperty("max").GetDouble());
        series.Where(one => Name(one) == "confidence_score").Sum(one => one.GetProperty("count").GetInt32()).ShouldBeGreaterThanOrEqualTo(analysis.Insights.Count);
        series.ShouldContain(one => Name(one) == "anomalies_detected");
        series.ShouldContain(one => Name(one) == "http_server_duration_ms" && Tag(one, "route") == "api/v1/documents/ingest" && Tag(one, "status") == "202");
        series.ShouldContain(one => Name(one) == "dependency_duration_ms" && Tag(one, "dependency") == "records" && Tag(one, "operation") == "find");
        series.ShouldContain(one => Name(one) == "queue_depth" && Tag(one, "queue") == "ingestion-queue");
    }

    [Fact]
    public async Task Metrics_OfAnotherTenant_AreNotAmongThem()
    {
        await fixture.AnalyzeSampleAsync("quarterly-workbook.xlsx");
        var answer = await (await fixture.Advisor.ClientAsync(Role.Admin, "contoso")).GetAsync("/api/v1/metrics");
        answer.Text.ShouldNotContain(RunningAdvisor.Tenant);
        answer["metrics"].EnumerateArray().ShouldNotContain(one => Name(one) == "confidence_score" || Name(one) == "ingestion_duration_ms");
        answer["metrics"].EnumerateArray().ShouldContain(one => Name(one) == "queue_depth");
    }

    [Fact]
    public async Task Metrics_AskedForAsText_AreForPrometheus()
    {
        await fixture.AnalyzeSampleAsync("quarterly-workbook.xlsx");
        var client = await fixture.Advisor.ClientAsync(Role.Operator);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/metrics");
        request.Headers.Add("Accept", "text/plain");
        var answer = await client.SendAsync(request);
        answer.ContentType.ShouldBe("text/plain");
        answer.Text.ShouldContain("# TYPE ingestion_duration_ms summary\n");
        answer.Text.ShouldContain($"ingestion_duration_ms_count{{status=\"completed\",tenant=\"{RunningAdvisor.Tenant}\"}} ");
    }

    [Theory]
    [InlineData("/api/v1/metrics")]
    [InlineData("/health/dependencies")]
    public async Task Operations_ForOthers_AreForbidden(string path)
    {
        (await fixture.Analyst.GetAsync(path)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await fixture.Advisor.Stranger().GetAsync(path)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static string? Name(JsonElement series) => series.GetProperty("name").GetString();

    private static string? Tag(JsonElement series, string name) => series.GetProperty("tags").TryGetProperty(name, out var value) ? value.GetString() : null;
}
