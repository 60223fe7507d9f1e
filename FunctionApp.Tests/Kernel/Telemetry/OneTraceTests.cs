using System.Diagnostics;
using System.Net;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Telemetry;

public sealed class OneTraceTests
{
    /// <summary>From the request, over queues and orchestrations, to the summary: each span below the one that caused it.</summary>
    [Fact]
    public async Task Upload_WithATraceParent_IsOneTreeToItsLastInsight()
    {
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        using var spans = new CollectedSpans(caller.TraceId);
        await using (var advisor = await RunningAdvisor.StartAsync())
        {
            var analyst = await advisor.ClientAsync(Role.Analyst);
            var location = await UploadAsync(analyst, caller, "ledger.csv");
            (await analyst.EndOfAsync(location))["status"].GetString().ShouldBe("completed");
            await analyst.UntilAsync(location, _ => spans.Ended.Any(span => span.OperationName is "RequestApprovalWorker" or "GenerateSummaryWorker" or "EscalateReviewWorker"));
        }

        var ended = spans.Ended;
        var names = ended.Select(span => span.OperationName).ToHashSet();
        string[] functions =
        [
            "IngestDocumentTrigger", "ProcessIngestionWorker", "DocumentOrchestrator", "PlanReading", "ExtractFacts", "BeginAnalyses",
            "AnalysisOrchestrator", "ReasonOverFacts", "RouteInsights", "CompleteIngestion",
        ];
        functions.ShouldBeSubsetOf(names);
        Of("ProcessIngestionWorker").ShouldBeBelow("messages send ingestion-queue", ended);
        Of("DocumentOrchestrator").ShouldBeBelow("ProcessIngestionWorker", ended);
        Of("ExtractFacts").ShouldBeBelow("DocumentOrchestrator", ended);
        Of("AnalysisOrchestrator").ShouldBeBelow("DocumentOrchestrator", ended);
        Of("ReasonOverFacts").ShouldBeBelow("AnalysisOrchestrator", ended);
        var server = ended.Single(span => span.Kind == ActivityKind.Server);
        server.ParentSpanId.ShouldBe(caller.SpanId);
        (server.GetTagItem("http.request.method"), server.GetTagItem("http.route"), server.GetTagItem("http.response.status_code")).ShouldBe(("POST", "api/v1/documents/ingest", 202));

        // Reviews go on until somebody decides, and what is done for them is below what has not ended.
        ended.ShouldAllBe(span => span.Kind == ActivityKind.Server || span.OperationName == "AdvanceReview" || ended.Any(parent => parent.SpanId == span.ParentSpanId));

        var worker = Of("ProcessIngestionWorker");
        worker.Kind.ShouldBe(ActivityKind.Consumer);
        (worker.GetTagItem("advisor.tenant"), worker.GetTagItem("messaging.destination.name")).ShouldBe((RunningAdvisor.Tenant, "ingestion-queue"));
        Of("ExtractFacts").GetTagItem("advisor.run_id").ShouldBe(Of("ExtractFacts").GetTagItem("advisor.instance_id"));

        Activity Of(string name) => ended.First(span => span.OperationName == name);
    }

    private static async Task<string> UploadAsync(ApiClient analyst, ActivityContext caller, string sample)
    {
        var content = await File.ReadAllBytesAsync(AdvisorFixture.Sample(sample), TestContext.Current.CancellationToken);
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/documents/ingest")
        {
            Content = new MultipartFormDataContent { { new ByteArrayContent(content), "file", sample } },
        };
        request.Headers.Add("traceparent", $"00-{caller.TraceId}-{caller.SpanId}-01");
        var accepted = await analyst.SendAsync(request);
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        return accepted.Headers.Location!.ToString();
    }
}

internal static class SpanShould
{
    public static void ShouldBeBelow(this Activity span, string parent, IReadOnlyList<Activity> all) =>
        all.Single(other => other.SpanId == span.ParentSpanId).OperationName.ShouldBe(parent);
}
