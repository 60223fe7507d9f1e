using System.Text.Json;
using Advisor.Documents;
using Advisor.Kernel.Http;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>The same bytes again.</summary>
[Collection(EndToEndTests.Name)]
public sealed class RepeatedUploadTests(AdvisorFixture fixture)
{
    [Fact]
    public async Task Ingest_SameBytesUnderAnotherName_ReusesTheReading()
    {
        var first = await fixture.AnalyzeSampleAsync("annual-report.pdf");
        var bytes = await File.ReadAllBytesAsync(AdvisorFixture.Sample("annual-report.pdf"), TestContext.Current.CancellationToken);
        var accepted = await fixture.Analyst.UploadAsync("the-same.pdf", bytes, ("analysis_types", "trend"));
        var second = (await fixture.Analyst.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>();
        second.Status.ShouldBe(IngestionStatus.Completed);
        second.DocumentId.ShouldNotBe(first.Ingestion.DocumentId);

        (await PlanAsync(first.Ingestion)).ShouldBe((1, 0));
        (await PlanAsync(second)).ShouldBe((1, 1));
        var facts = await fixture.Analyst.AllAsync<FactView>($"/api/v1/documents/{second.DocumentId}/facts?limit=500", "facts");
        facts.Select(WithoutDocument).ShouldBe(first.Facts.Select(WithoutDocument));
    }

    private async Task<(int Ranges, int AlreadyRead)> PlanAsync(IngestionView ingestion)
    {
        var events = await fixture.Analyst.AllAsync<JsonElement>($"/api/v1/runs/{ingestion.RunId}/events", "events");
        var plan = events.Single(e => e.GetProperty("step").GetString() == "plan_reading").GetProperty("payload");
        return (plan.GetProperty("ranges").GetInt32(), plan.GetProperty("already_read").GetInt32());
    }

    /// <summary>Ids and links follow from the document's id.</summary>
    private static string WithoutDocument(FactView fact) => JsonSerializer.Serialize(fact with { Id = "", Links = new Dictionary<string, Link>() }, AdvisorJson.Options);
}
