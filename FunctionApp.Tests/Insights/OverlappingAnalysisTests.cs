using System.Net;
using System.Text.Json;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Insights.Alerts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights;

/// <summary>An analysis at work while its document is deleted or given to another company: whichever writes last, nothing stays behind or is filed wrongly.</summary>
public sealed class OverlappingAnalysisTests : OneDocumentHost
{
    private readonly Interleaving _others = new();

    protected override Task<RunningAdvisor> StartAsync() => RunningAdvisor.StartAsync(
        options => options with
        {
            TimeProvider = Time,
            ConfigureServices = services =>
            {
                options.ConfigureServices?.Invoke(services);
                _others.Register(services);
            },
        },
        ("Documents:RetentionDays", "0"));

    [Theory]
    [InlineData("before put analyses")]
    [InlineData("before put_many insights")]
    [InlineData("after put_many insights")]
    [InlineData("after put reasoning-chains")]
    public async Task Delete_WhileAnAnalysisReasons_LeavesNoInsight(string moment)
    {
        var (path, view) = await UploadedAsync();
        var deletion = _others.At(moment, () => DeleteAsync(path));
        (await AnalyzeAsync(view, "anomaly"))["status"].GetString().ShouldBe("failed");
        await deletion;
        await ShouldLeaveNothingAsync(path);
    }

    [Theory]
    [InlineData("before create summaries")]
    [InlineData("after create summaries")]
    [InlineData("before create notifications")]
    [InlineData("after create notifications")]
    public async Task Delete_WhileAnAnalysisIsRouted_LeavesNoSummaryAndNoNotice(string moment)
    {
        var (path, view) = await UploadedAsync();
        await Records.DeleteAsync(SummaryRecord.Container, Tenant, view.DocumentId, Cancel);
        var deletion = _others.At(moment, () => DeleteAsync(path));
        await AnalyzeAsync(view, "anomaly");
        await deletion;
        await ShouldLeaveNothingAsync(path);
    }

    [Fact]
    public async Task Delete_WhileAnAlertIsMade_LeavesNoneOfIt()
    {
        var (path, view) = await UploadedAsync();
        await Advisor.ClientAsync(Role.Reviewer);
        var insight = (await Analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={view.DocumentId}", "insights"))[0];
        var deletion = _others.At("before create alerts", () => DeleteAsync(path));
        var refused = await Analyst.PostAsync("/api/v1/alerts/escalate", $$"""{"insight_id": "{{insight.Id}}", "reviewer_email": "reviewer@northwind.example"}""");
        (refused.Status, refused.Type).ShouldBe((HttpStatusCode.NotFound, "urn:advisor:problem:not-found"));
        await deletion;
        await ShouldLeaveNothingAsync(path);
    }

    /// <summary>The message that asks for it was on its way when the document went.</summary>
    [Fact]
    public async Task Analysis_OfADocumentThatWasDeletedMeanwhile_FailsAtOnce()
    {
        var (path, view) = await UploadedAsync();
        var deletion = _others.At("before create analyses", () => DeleteAsync(path));
        (await AnalyzeAsync(view, "trend"))["status"].GetString().ShouldBe("failed");
        await deletion;
        await ShouldLeaveNothingAsync(path);
    }

    [Theory]
    [InlineData("before put_many insights")]
    [InlineData("after put_many insights")]
    public async Task Patch_WhileAnAnalysisReasons_FilesItsInsightsUnderTheNewCompany(string moment)
    {
        var (path, view) = await UploadedAsync();
        var change = _others.At(moment, () => PatchAsync(path));
        var analysis = await AnalyzeAsync(view, "trend");
        await change;
        await ShouldBeFiledAsync(path, analysis);
    }

    [Fact]
    public async Task Patch_WhenAnAnalysisRunsBetweenItsMovesAndItsRecord_FilesItsInsightsUnderTheNewCompany()
    {
        var (path, view) = await UploadedAsync();
        ApiAnswer? analysis = null;
        var run = _others.At("before put documents", async () => analysis = await AnalyzeAsync(view, "trend"));
        await PatchAsync(path);
        await run;
        await ShouldBeFiledAsync(path, analysis!);
    }

    private async Task<(string Path, DocumentView View)> UploadedAsync()
    {
        var path = await UploadAsync(("company", "Contoso GmbH"));
        await IdleAsync();
        return (path, await ViewAsync(path));
    }

    private async Task<ApiAnswer> AnalyzeAsync(DocumentView view, string type)
    {
        var ingestion = view.Links["ingestion"].Href.Split('/')[^1];
        var body = JsonSerializer.Serialize(new Dictionary<string, string> { ["ingestion_id"] = ingestion, ["analysis_type"] = type });
        var accepted = await Analyst.PostAsync("/api/v1/analysis/trigger", body);
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        return await Analyst.EndOfAsync(accepted.Headers.Location!.ToString());
    }

    private async Task DeleteAsync(string path)
    {
        var deleted = await Admin.DeleteAsync(path);
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
    }

    private async Task PatchAsync(string path)
    {
        var patched = await Analyst.PatchAsync(path, """{"company": "Fabrikam, Inc."}""", await TagAsync(path));
        patched.Status.ShouldBe(HttpStatusCode.OK, patched.Text);
    }

    private async Task ShouldLeaveNothingAsync(string path)
    {
        await IdleAsync();
        (await Admin.GetAsync(path)).Status.ShouldBe(HttpStatusCode.Gone);
        (await Records.AllAsync(InsightRecord.Container, Tenant, [], Cancel)).ShouldBeEmpty();
        (await Records.AllAsync(SummaryRecord.Container, Tenant, [], Cancel)).ShouldBeEmpty();
        (await Records.AllAsync(AlertRecord.Container, Tenant, [], Cancel)).ShouldBeEmpty();
        (await Records.AllAsync(NotificationRecord.Container, Tenant, [], Cancel)).ShouldBeEmpty();
        Advisor.Outbox.ShouldBeEmpty();
        Advisor.Blobs.ShouldBeEmpty();
    }

    private async Task ShouldBeFiledAsync(string path, ApiAnswer analysis)
    {
        analysis["status"].GetString().ShouldBe("completed", analysis.Text);
        var company = (await ViewAsync(path)).CompanyId;
        var insights = await Records.AllAsync(InsightRecord.Container, Tenant, [new RecordFilter("analysis_id", RecordOperator.Equal, analysis["analysis_id"].GetString()!)], Cancel);
        insights.ShouldNotBeEmpty();
        insights.ShouldAllBe(insight => insight.Value.CompanyId == company && insight.Value.CompanyName == "Fabrikam, Inc.");
    }
}
