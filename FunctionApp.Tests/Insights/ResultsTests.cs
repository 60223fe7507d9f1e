using System.Net;
using System.Text.Json;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights;

/// <summary>Chains, summaries and analyses asked for again, over HTTP.</summary>
[Collection(EndToEndTests.Name)]
public sealed class ResultsTests(AdvisorFixture fixture)
{
    [Fact]
    public async Task ReasoningChains_OfEveryAnalysis_AreIntact()
    {
        var analysis = await fixture.AnalyzeSampleAsync("annual-report.pdf");
        foreach (var id in analysis.Ingestion.AnalysisIds)
        {
            var of = await fixture.Analyst.GetAsync($"/api/v1/analysis/{id}");
            var chain = await fixture.Analyst.GetAsync($"/api/v1/reasoning-chains/{of["reasoning_chain_id"].GetString()}?verify=true");
            chain["verification"].GetProperty("intact").GetBoolean().ShouldBeTrue();
            var steps = chain["chain"].GetProperty("steps").EnumerateArray().ToList();
            steps.Select(step => step.GetProperty("step").GetInt32()).ShouldBe(Enumerable.Range(1, steps.Count));
            steps.Skip(1).Select(step => step.GetProperty("previous_hash").GetString()).ShouldBe(steps.SkipLast(1).Select(step => step.GetProperty("hash").GetString()));
            chain["chain"].GetProperty("analysis_id").GetString().ShouldBe(id);
            chain["chain"].GetProperty("ttl").GetInt32().ShouldBe(220_838_400);
        }

        analysis.Insights.Select(insight => insight.ReasoningChainId).Distinct().Count().ShouldBe(3);
        var plain = await fixture.Analyst.GetAsync($"/api/v1/reasoning-chains/{analysis.Insights[0].ReasoningChainId}");
        plain.Json.TryGetProperty("verification", out _).ShouldBeFalse();
        plain["root_hash"].GetString()!.Length.ShouldBe(64);
    }

    [Fact]
    public async Task Summary_AsJson_IsTheHighBandAndNothingElse()
    {
        var (analysis, published, path) = await SummaryAsync();
        var summary = await fixture.Analyst.GetAsync(path);
        summary["company"].GetString().ShouldBe("Northwind Instruments, Inc.");
        var lines = summary["insights"].EnumerateArray().ToList();
        lines.Select(line => line.GetProperty("insight_id").GetString()).ShouldBe(published.Select(insight => insight.Id), ignoreOrder: true);
        foreach (var line in lines)
        {
            var insight = published.Single(insight => insight.Id == line.GetProperty("insight_id").GetString());
            line.GetProperty("text").GetString().ShouldBe(insight.Summary);
            line.GetProperty("values").GetArrayLength().ShouldBe(insight.Values.Count);
            line.GetProperty("source_refs").GetArrayLength().ShouldBe(insight.SourceRefs.Count);
        }

        analysis.Insights.Where(insight => insight.Band != Band.High).ShouldAllBe(insight => !summary.Text.Contains(insight.Id));
    }

    [Theory]
    [InlineData("?format=markdown", null)]
    [InlineData("", "text/markdown")]
    public async Task Summary_AsMarkdown_SaysTheSame(string query, string? accept)
    {
        var (_, published, path) = await SummaryAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, path + query);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        var markdown = await fixture.Analyst.SendAsync(request);
        markdown.ContentType.ShouldBe("text/markdown");
        markdown.Text.ShouldStartWith("# Northwind Instruments, Inc.");
        published.ShouldAllBe(insight => markdown.Text.Replace("\\", "").Contains($"- {insight.Summary} *("));
        markdown.Text.Split('\n').Count(line => line.StartsWith("- ", StringComparison.Ordinal)).ShouldBe(published.Count);
    }

    [Fact]
    public async Task Summary_OfADocumentWithNothingToRelease_SaysSo()
    {
        var analysis = await fixture.AnalyzeSampleAsync("scanned-page.pdf");
        var summary = await fixture.Analyst.GetAsync($"/api/v1/documents/{analysis.Ingestion.DocumentId}/summary");
        (summary.Status, summary.Type).ShouldBe((HttpStatusCode.NotFound, "urn:advisor:problem:no-summary"));
    }

    [Fact]
    public async Task Trigger_OfADocumentThatWasRead_RunsAnAnalysisOfItsOwn()
    {
        var ended = await fixture.Analyst.EndOfAsync(await fixture.UploadAsync(AdvisorFixture.Sample("quarterly-workbook.xlsx")));
        var ingestion = ended.As<IngestionView>();
        var before = await fixture.Analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={ingestion.DocumentId}&type=risk", "insights");

        var reviewer = await fixture.Advisor.ClientAsync(Role.Reviewer);
        var accepted = await reviewer.PostAsync("/api/v1/analysis/trigger", Body(ingestion.IngestionId, "risk"));
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        var id = accepted["analysis_id"].GetString()!;
        ingestion.AnalysisIds.ShouldNotContain(id);
        accepted.Headers.Location!.ToString().ShouldBe($"/api/v1/analysis/{id}");
        (await fixture.Analyst.GetAsync($"/api/v1/runs/{accepted["run_id"].GetString()}")).Status.ShouldBe(HttpStatusCode.OK);

        var done = await fixture.Analyst.EndOfAsync($"/api/v1/analysis/{id}");
        done["status"].GetString().ShouldBe("completed");
        var again = await fixture.Analyst.AllAsync<InsightView>($"/api/v1/insights?analysis_id={id}", "insights");
        again.ShouldNotBeEmpty();
        again.ShouldAllBe(insight => insight.AnalysisId == id && insight.Type == "risk");
        again.Select(insight => insight.Summary).ShouldBe(before.Select(insight => insight.Summary));
        again.Select(insight => insight.Id).ShouldNotContain(insight => before.Any(earlier => earlier.Id == insight));
        var events = await fixture.Analyst.UntilAsync(
            $"/api/v1/runs/{id}/events", answer => answer["events"].EnumerateArray().Any(e => e.GetProperty("type").GetString() == "final"));
        events["events"].EnumerateArray().Last().GetProperty("step").GetString().ShouldBe("completed");

        // The newest analysis of a type speaks in the summary; what its forerunner published is history.
        var published = again.Where(insight => insight.Band == Band.High).Select(insight => insight.Id).ToList();
        published.ShouldNotBeEmpty();
        await fixture.Analyst.UntilAsync($"/api/v1/documents/{ingestion.DocumentId}/summary", answer => answer.Status == HttpStatusCode.OK
            && answer["insights"].EnumerateArray().Where(line => line.GetProperty("type").GetString() == "risk")
                .Select(line => line.GetProperty("insight_id").GetString()!).ToHashSet().SetEquals(published));
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("{}", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("{\"ingestion_id\": \"no-such\", \"analysis_type\": \"guess\"}", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("{\"ingestion_id\": \"no-such\", \"analysis_type\": \"risk\"}", HttpStatusCode.NotFound, "not-found")]
    public async Task Trigger_OfWhatIsNotThere_IsRefused(string body, HttpStatusCode status, string slug)
    {
        var refused = await fixture.Analyst.PostAsync("/api/v1/analysis/trigger", body);
        (refused.Status, refused.Type).ShouldBe((status, $"urn:advisor:problem:{slug}"));
    }

    [Fact]
    public async Task Trigger_RoleThatMayNot_IsForbidden()
    {
        var approver = await fixture.Advisor.ClientAsync(Role.Approver);
        (await approver.PostAsync("/api/v1/analysis/trigger", Body("any", "risk"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<(DocumentAnalysis Analysis, List<InsightView> Published, string Path)> SummaryAsync()
    {
        var analysis = await fixture.AnalyzeSampleAsync("annual-report.pdf");
        var published = analysis.Insights.Where(insight => insight.Band == Band.High).ToList();
        published.ShouldNotBeEmpty();
        var path = $"/api/v1/documents/{analysis.Ingestion.DocumentId}/summary";
        await fixture.Analyst.UntilAsync(path, answer => answer.Status == HttpStatusCode.OK && answer["insights"].GetArrayLength() == published.Count);
        return (analysis, published, path);
    }

    private static string Body(string ingestion, string type) => JsonSerializer.Serialize(new Dictionary<string, string> { ["ingestion_id"] = ingestion, ["analysis_type"] = type });
}
