using System.Net;
using System.Text.Json;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel.Records;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Corrections of documents.</summary>
public sealed class DocumentChangeTests : OneDocumentHost
{
    [Fact]
    public async Task Company_GivenWithTheUpload_WinsOverWhatIsPrinted()
    {
        var path = await UploadAsync(("company", "  Contoso GmbH "));
        var view = await ViewAsync(path);
        (view.Company, view.CompanySource).ShouldBe(("Contoso GmbH", CompanySource.Given));
        var insights = await Analyst.AllAsync<InsightView>("/api/v1/insights?company=contoso", "insights");
        insights.ShouldNotBeEmpty();
        insights.ShouldAllBe(insight => insight.Company == "Contoso GmbH" && insight.CompanyId == view.CompanyId);
        var company = (await Analyst.GetAsync($"/api/v1/companies/{view.CompanyId}")).As<CompanyView>();
        (company.Name, company.Documents).ShouldBe(("Contoso GmbH", 1));
        (await Analyst.AllAsync<CompanyView>("/api/v1/companies?name=TOSO", "companies")).ShouldHaveSingleItem().CompanyId.ShouldBe(view.CompanyId);
        (await Analyst.AllAsync<CompanyView>("/api/v1/companies?name=northwind", "companies")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("...")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    [InlineData(null)]
    public async Task Company_ThatIsNoName_IsRefused(string? company)
    {
        var refused = await Analyst.UploadAsync("book.xlsx", [1], ("company", company ?? new string('x', 201)));
        refused.ShouldBlame("company");
        var json = await Analyst.PostAsync("/api/v1/documents/ingest", JsonSerializer.Serialize(new { document_url = "https://example.com/a.pdf", company = company ?? new string('x', 201) }));
        json.ShouldBlame("company");
    }

    [Fact]
    public async Task Patch_Company_MovesFactsInsightsAndCounts()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        var path = await UploadAsync("annual-report.pdf");
        var before = await ViewAsync(path);
        var answer = await Analyst.PatchAsync(path, """{"company": "Fabrikam, Inc."}""", await TagAsync(path));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Headers.ETag.ShouldBe((await Analyst.GetAsync(path)).Headers.ETag);
        var after = answer.As<DocumentView>();
        (after.Company, after.CompanySource).ShouldBe(("Fabrikam, Inc.", CompanySource.Given));
        after.CompanyId.ShouldNotBe(before.CompanyId);
        await ShouldBeFiledUnderAsync(path, after.CompanyId!, before.CompanyId!);

        // Taken back, it is what the document prints again.
        var taken = (await Analyst.PatchAsync(path, """{"company": null}""", await TagAsync(path))).As<DocumentView>();
        (taken.Company, taken.CompanySource, taken.CompanyId).ShouldBe((before.Company, before.CompanySource, before.CompanyId));
        await ShouldBeFiledUnderAsync(path, before.CompanyId!, after.CompanyId!);
    }

    /// <summary>What a crash between the moves and the document's own record leaves, and the other way round.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Patch_AskedForAgainAfterAnInterruption_IsFinished(bool movedOnly)
    {
        var path = await UploadAsync(("company", "Contoso GmbH"));
        var before = await ViewAsync(path);
        var stored = (await Records.FindAsync(DocumentRecord.Container, Tenant, before.DocumentId, Cancel))!;
        var changed = stored.Value.Of(Tenant, "Fabrikam, Inc.") with { FormerCompanyId = stored.Value.CompanyId };
        if (movedOnly)
        {
            await Advisor.Services.GetRequiredService<CompanyBook>().AssignAsync(Tenant, changed, Cancel);
        }
        else
        {
            await Records.PutAsync(DocumentRecord.Container, Tenant, stored.Id, changed, stored.ETag, Cancel);
        }

        var answer = await Analyst.PatchAsync(path, """{"company": "Fabrikam, Inc."}""", await TagAsync(path));
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        await ShouldBeFiledUnderAsync(path, changed.CompanyId!, before.CompanyId!);
    }

    [Fact]
    public async Task Patch_WithoutOrWithAnotherVersion_ChangesNothing()
    {
        var path = await UploadAsync();
        const string Body = """{"company": "Fabrikam, Inc."}""";
        var tag = await TagAsync(path);
        var without = await Analyst.PatchAsync(path, Body, ifMatch: null);
        (without.Status, without.Type).ShouldBe((HttpStatusCode.PreconditionRequired, "urn:advisor:problem:precondition-required"));
        foreach (var (other, problem) in new[] { ("\"other\"", "changed"), ($"W/{tag}", "weak-tag") })
        {
            var refused = await Analyst.PatchAsync(path, Body, other);
            (refused.Status, refused.Type).ShouldBe((HttpStatusCode.PreconditionFailed, $"urn:advisor:problem:{problem}"));
        }

        (await ViewAsync(path)).Company.ShouldBeNull();
        (await Analyst.PatchAsync(path, Body, $"\"other\", {tag}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Analyst.PatchAsync(path, Body, tag)).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Patch_ManyAtOnceOnOneVersion_OneWinsAndEverythingIsFiledUnderIt()
    {
        var path = await UploadAsync(("company", "Contoso GmbH"));
        var former = (await ViewAsync(path)).CompanyId!;
        var tag = await TagAsync(path);
        var answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(n => Analyst.PatchAsync(path, $$"""{"company": "Fabrikam {{n}}"}""", tag)));
        answers.Select(answer => answer.Status).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed]);
        await ShouldBeFiledUnderAsync(path, answers.Single(answer => answer.Status == HttpStatusCode.OK).As<DocumentView>().CompanyId!, former);
    }

    [Theory]
    [InlineData("""{"name": "other.pdf"}""", "name")]
    [InlineData("""{"company": 5}""", "company")]
    [InlineData("""{"company": "!"}""", "company")]
    [InlineData("""{"legal_hold": "yes"}""", "legal_hold")]
    [InlineData("""{"legal_hold": true}""", "legal_hold_reason")]
    [InlineData("""{"legal_hold": true, "legal_hold_reason": " "}""", "legal_hold_reason")]
    [InlineData("""{"legal_hold_reason": "matter 7"}""", "legal_hold_reason")]
    [InlineData("""{"legal_hold": false, "legal_hold_reason": "matter 7"}""", "legal_hold_reason")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    public async Task Patch_ChangeThatMakesNoSense_NamesTheMember(string body, string member)
    {
        var path = await UploadAsync();
        var refused = await Admin.PatchAsync(path, body, await TagAsync(path));
        refused.ShouldBlame(member);
    }

    [Fact]
    public async Task Text_BeforeTheDocumentIsRead_IsNotReady()
    {
        var path = await UploadAsync();
        var stored = (await Records.FindAsync(DocumentRecord.Container, Tenant, path.Split('/')[^1], Cancel))!;
        await Records.PutAsync(DocumentRecord.Container, Tenant, stored.Id, stored.Value with { HasStatements = null, Status = DocumentStatus.Received }, null, Cancel);
        var early = await Analyst.GetAsync(path + "/text");
        (early.Status, early.Type).ShouldBe((HttpStatusCode.Conflict, "urn:advisor:problem:not-ready"));
        (await Analyst.GetAsync(path)).As<DocumentView>().Links.Keys.ShouldNotContain("text");
    }

    private async Task ShouldBeFiledUnderAsync(string path, string company, string former)
    {
        var view = await ViewAsync(path);
        view.CompanyId.ShouldBe(company);
        var insights = await Analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={view.DocumentId}", "insights");
        insights.ShouldNotBeEmpty();
        (await Analyst.AllAsync<InsightView>($"/api/v1/insights?company={company}", "insights")).Select(insight => insight.Id).ShouldBe(insights.Select(insight => insight.Id));
        (await Analyst.AllAsync<InsightView>($"/api/v1/insights?company={former}", "insights")).Count.ShouldBe(0);
        (await Analyst.GetAsync($"/api/v1/companies/{company}")).As<CompanyView>().Documents.ShouldBe(1);
        (await Analyst.GetAsync($"/api/v1/companies/{former}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Analyst.AllAsync<CompanyView>("/api/v1/companies", "companies")).ShouldHaveSingleItem().CompanyId.ShouldBe(company);
        (await Analyst.AllAsync<SeriesPoint>($"/api/v1/companies/{company}/series?metric=revenue", "points")).ShouldNotBeEmpty();
        (await Records.AllAsync(HeadlineFact.Container, Tenant, [new RecordFilter("company_id", RecordOperator.Equal, former)], Cancel)).ShouldBeEmpty();
    }
}
