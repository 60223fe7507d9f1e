using Advisor.Tests.Documents.EndToEnd;

namespace Advisor.Tests.Contract;

/// <summary>The table of exchanges: every operation of the description, with every successful answer and every problem that a request can bring about.</summary>
/// <remarks>
/// A request without a token, with a role that may not, or for an id that nothing has is made of every operation besides. Problems that
/// take a fault, a low limit or a file of a rare kind are not brought about here: <see cref="MadeElsewhere"/> says where they are.
/// </remarks>
internal static class Exchanges
{
    public const string Nobody = "00000000-0000-8000-8000-000000000000";

    /// <summary>Problems that no exchange brings about, and the test that does.</summary>
    public static IReadOnlyDictionary<string, string> MadeElsewhere { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["internal-error"] = "needs a function that faults",
        ["oversized-file"] = "IntakeTests, with a host whose limit is low",
        ["zip-bomb"] = "ContentSnifferTests",
        ["encrypted-pdf"] = "PdfEncryptionTests",
        ["password-protected-workbook"] = "IntakeTests, where the evaluation data has one; ContentSnifferTests",
        ["body-too-large"] = "BodyLimitTests, with 53 MB",
        ["too-many-requests"] = "RateLimitTests, with a host whose limit is low",
        ["request-in-flight"] = "IdempotencyTests, with a function that waits",
        ["dependency-unavailable"] = "OpenCircuitTests, with stores that fail",
        ["audit-unavailable"] = "AuditOutageTests, with a log that fails",
        ["GetDocumentOriginal 307 "] = "OriginalDownloadTests, with a store that gives addresses",
        ["HealthDependencies 503 application/json"] = "DependencyHealthTests, with a probe that fails",
    };

    public static IEnumerable<Exchange> Of(ContractWorld world) =>
        [.. Documents(world), .. DocumentExchanges.Of(world), .. Analyses(world), .. Insights(world), .. Runs(world), .. PeopleExchanges.Of(world), .. PolicyExchanges.Of(world), .. CalibrationExchanges.Of(world), .. ReviewExchanges.Of(world), .. Operations()];

    private static IEnumerable<Exchange> Documents(ContractWorld world)
    {
        const string ingest = "/api/v1/documents/ingest";
        yield return new("IngestDocumentTrigger", 202, ingest) { Content = Exchange.Form("ledger.csv", File.ReadAllBytes(AdvisorFixture.Sample("ledger.csv")), ("analysis_types", "risk"), ("document_type", "csv"), ("company", "Fabrikam")), Headers = [("Idempotency-Key", "upload")] };
        yield return new("IngestDocumentTrigger", 202, ingest) { Content = Exchange.Json("""{"document_url": "https://reports.invalid/annual.pdf", "document_type": "pdf", "analysis_types": ["trend"], "company": "Fabrikam"}""") };
        yield return new("IngestDocumentTrigger", 400, ingest) { Content = Exchange.Json("{}"), Problem = "invalid-request" };
        yield return new("IngestDocumentTrigger", 415, ingest) { Content = Exchange.Form("report.gif", "GIF89a"u8.ToArray()), Problem = "unsupported-file" };
        yield return new("IngestDocumentTrigger", 415, ingest) { Content = Exchange.Form("report.pdf", "a,b\n1,2\n"u8.ToArray()), Problem = "mislabelled-file" };
        yield return new("IngestDocumentTrigger", 422, ingest) { Content = Exchange.Form("report.pdf", []), Problem = "empty-file" };
        yield return new("IngestDocumentTrigger", 422, ingest) { Content = Exchange.Form("report.pdf", File.ReadAllBytes(AdvisorFixture.Sample("annual-report.pdf"))[..20_000]), Problem = "truncated-file" };
        yield return new("IngestDocumentTrigger", 422, ingest) { Content = Exchange.Json("""{"document_url": "https://127.0.0.1/a.pdf"}"""), Problem = "forbidden-url" };

        yield return new("GetIngestion", 200, $"/api/v1/ingestions/{world.Ingestion}");

        var document = $"/api/v1/documents/{world.Document}";
        yield return new("GetDocumentFacts", 200, $"{document}/facts?metric=revenue&period=FY2025&page=14&limit=500");
        yield return new("GetDocumentFacts", 200, $"{document}/facts?limit=2&continuation=2");
        yield return new("GetDocumentFacts", 200, $"{document}/facts?sheet=Summary");
        yield return new("GetDocumentFacts", 400, $"{document}/facts?limit=0") { Problem = "invalid-request" };
        yield return new("GetDocumentFacts", 409, $"/api/v1/documents/{world.Unread}/facts") { Problem = "not-ready" };
        yield return new("GetDocumentFacts", 410, $"/api/v1/documents/{world.Deleted}/facts") { Problem = "deleted" };
        yield return new("GetDocumentProofs", 200, $"{document}/proofs?outcome=fails&limit=10");
        yield return new("GetDocumentProofs", 200, $"{document}/proofs?limit=500&continuation=3");
        yield return new("GetDocumentProofs", 400, $"{document}/proofs?outcome=perhaps") { Problem = "invalid-request" };
        yield return new("GetDocumentProofs", 409, $"/api/v1/documents/{world.Unread}/proofs") { Problem = "not-ready" };
        yield return new("GetDocumentProofs", 410, $"/api/v1/documents/{world.Deleted}/proofs") { Problem = "deleted" };
        yield return new("GetDocumentFacts", 200, $"{document}/facts?include=original&limit=1");
        yield return new("GetDocumentProofs", 200, $"{document}/proofs?include=original&limit=1");
        yield return new("GetDocumentCorrections", 200, $"{document}/corrections?fact_id=f0&limit=10&continuation=0");
        yield return new("GetDocumentCorrections", 400, $"{document}/corrections?limit=0") { Problem = "invalid-request" };
        yield return new("GetDocumentCorrections", 410, $"/api/v1/documents/{world.Deleted}/corrections") { Problem = "deleted" };
        yield return new("GetSummary", 200, $"{document}/summary");
        yield return new("GetSummary", 200, $"{document}/summary?format=markdown");
        yield return new("GetSummary", 404, $"/api/v1/documents/{world.Unread}/summary") { Problem = "no-summary" };
        yield return new("GetSummary", 410, $"/api/v1/documents/{world.Deleted}/summary") { Problem = "deleted" };
    }

    private static IEnumerable<Exchange> Analyses(ContractWorld world)
    {
        const string trigger = "/api/v1/analysis/trigger";
        yield return new("TriggerAnalysis", 202, trigger) { Content = Exchange.Json($$"""{"ingestion_id": "{{world.Ingestion}}", "analysis_type": "risk"}"""), Headers = [("Idempotency-Key", "again")] };
        yield return new("TriggerAnalysis", 400, trigger) { Content = Exchange.Json($$"""{"ingestion_id": "{{world.Ingestion}}", "analysis_type": "guess"}"""), Problem = "invalid-request" };
        yield return new("TriggerAnalysis", 404, trigger) { Content = Exchange.Json($$"""{"ingestion_id": "{{Nobody}}", "analysis_type": "risk"}"""), Problem = "not-found" };
        yield return new("TriggerAnalysis", 409, trigger) { Content = Exchange.Json($$"""{"ingestion_id": "{{world.UnreadIngestion}}", "analysis_type": "risk"}"""), Problem = "not-ready" };
        yield return new("TriggerAnalysis", 409, trigger) { Content = Exchange.Json($$"""{"ingestion_id": "{{world.Ingestion}}", "analysis_type": "risk", "shadow": true}"""), Problem = "no-language-model" };
        yield return new("TriggerAnalysis", 400, trigger) { Content = Exchange.Json($$"""{"ingestion_id": "{{world.Ingestion}}", "analysis_type": "risk", "shadow": true, "prompt_version": "0.0.1"}"""), Problem = "invalid-request" };
        yield return new("GetAnalysis", 200, $"/api/v1/analysis/{world.Analysis}");
        yield return new("ReplayAnalysis", 200, $"/api/v1/analysis/{world.Analysis}/replay");
        yield return new("ReplayAnalysis", 200, $"/api/v1/analysis/{world.Analysis}/replay?threshold=0.99");
        yield return new("ReplayAnalysis", 400, $"/api/v1/analysis/{world.Analysis}/replay?threshold=0.1") { Problem = "invalid-request" };
        yield return new("ReplayAnalysis", 404, $"/api/v1/analysis/{Nobody}/replay") { Problem = "not-found" };
        yield return new("ReplayAnalysis", 409, $"/api/v1/analysis/{world.RunningAnalysis}/replay") { Problem = "analysis-running" };
        yield return new("ReplayAnalysis", 409, $"/api/v1/analysis/{world.FailedAnalysis}/replay") { Problem = "analysis-failed" };
        yield return new("GetModelCall", 200, $"/api/v1/model-calls/{world.ModelCall}");
        yield return new("GetModelCall", 404, $"/api/v1/model-calls/{Nobody}") { Problem = "not-found" };
    }

    private static IEnumerable<Exchange> Insights(ContractWorld world)
    {
        const string insights = "/api/v1/insights";
        yield return new("ListInsights", 200, $"{insights}?analysis_id={world.Analysis}&ingestion_id={world.Ingestion}&document_id={world.Document}");
        yield return new("ListInsights", 200, $"{insights}?document_id={world.Document}&type=trend&band=high&status=published&confidence_min=0.85&limit=2");
        yield return new("ListInsights", 200, $"{insights}?limit=500");
        yield return new("ListInsights", 200, $"{insights}?metric=revenue&company={world.Company}&from=2020-01-31&to=2100-01-01T00:00:00Z&include=superseded&sort=-amount");
        yield return new("ListInsights", 200, world.NextInsights);
        yield return new("ListInsights", 304, $"{insights}?document_id={world.Document}") { Headers = [("If-None-Match", "*")] };
        yield return new("ListInsights", 400, $"{insights}?continuation=nonsense") { Problem = "invalid-request" };
        yield return new("GetInsight", 200, $"{insights}/{world.Insight.Id}");
        yield return new("GetInsight", 409, $"{insights}/{world.Altered}") { Problem = "altered-record" };
        yield return new("GetReasoningChain", 200, $"/api/v1/reasoning-chains/{world.Insight.ReasoningChainId}");
        yield return new("GetReasoningChain", 200, $"/api/v1/reasoning-chains/{world.Insight.ReasoningChainId}?verify=true");
    }

    private static IEnumerable<Exchange> Runs(ContractWorld world)
    {
        var run = $"/api/v1/runs/{world.Run}";
        yield return new("GetRun", 200, run);
        yield return new("GetRunEvents", 200, $"{run}/events");
        yield return new("GetRunEvents", 200, $"{run}/events?after=3");
        yield return new("GetRunEvents", 400, $"{run}/events?after=last") { Problem = "invalid-request" };
        yield return new("StreamRun", 200, $"{run}/stream?after=2");
        yield return new("StreamRun", 204, $"{run}/stream") { Headers = [("Last-Event-ID", "1000")] };
        yield return new("StreamRun", 400, $"{run}/stream?after=-1") { Problem = "invalid-request" };
    }

    private static IEnumerable<Exchange> Operations()
    {
        yield return new("Health", 200, "/health");
        yield return new("HealthDependencies", 200, "/health/dependencies");
        yield return new("GetMetrics", 200, "/api/v1/metrics");
        yield return new("GetMetrics", 200, "/api/v1/metrics") { Headers = [("Accept", "text/plain")] };
        yield return new("ApiDocs", 200, "/api/docs");
        yield return new("ApiDocs", 304, "/api/docs") { Headers = [("If-None-Match", "*")] };
        foreach (var file in new[] { "start.js", "swagger-ui.css", "favicon-32x32.png", "index.html", "openapi.yaml" })
        {
            yield return new("ApiDocsFile", 200, $"/api/docs/{file}");
        }

        yield return new("ApiDocsFile", 304, "/api/docs/start.js") { Headers = [("If-None-Match", "*")] };
        yield return new("OpenApi", 200, "/api/openapi.yaml");
        yield return new("OpenApi", 304, "/api/openapi.yaml") { Headers = [("If-None-Match", "*")] };
    }
}
