using System.Net;
using System.Text.Json;
using Advisor.Documents;
using Advisor.Embedded.ServiceBus;
using Advisor.Insights.Alerts;
using Advisor.Insights;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Corrections of documents, and their end under retention and legal hold.</summary>
public sealed class DocumentChangeTests : IAsyncLifetime
{
    private static readonly TenantId s_tenant = new(RunningAdvisor.Tenant);
    private static readonly TimeSpan s_retention = TimeSpan.FromDays(2555);

    private readonly ShiftedTimeProvider _time = new();
    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;
    private ApiClient? _admin;

    private ApiClient Analyst => _analyst!;

    private ApiClient Admin => _admin!;

    private IRecordStore Records => _advisor!.Services.GetRequiredService<IRecordStore>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _advisor = await RunningAdvisor.StartAsync(_time);
        await SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }
    }

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
        (refused.Status, refused["errors"].TryGetProperty("company", out _)).ShouldBe((HttpStatusCode.BadRequest, true));
        var json = await Analyst.PostAsync("/api/v1/documents/ingest", JsonSerializer.Serialize(new { document_url = "https://example.com/a.pdf", company = company ?? new string('x', 201) }));
        (json.Status, json["errors"].TryGetProperty("company", out _)).ShouldBe((HttpStatusCode.BadRequest, true));
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
        var stored = (await Records.FindAsync(DocumentRecord.Container, s_tenant, before.DocumentId, Cancel))!;
        var changed = stored.Value.Of(s_tenant, "Fabrikam, Inc.") with { FormerCompanyId = stored.Value.CompanyId };
        if (movedOnly)
        {
            await _advisor!.Services.GetRequiredService<CompanyBook>().AssignAsync(s_tenant, changed, Cancel);
        }
        else
        {
            await Records.PutAsync(DocumentRecord.Container, s_tenant, stored.Id, changed, stored.ETag, Cancel);
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
        foreach (var other in new[] { "\"other\"", $"W/{tag}" })
        {
            var refused = await Analyst.PatchAsync(path, Body, other);
            (refused.Status, refused.Type).ShouldBe((HttpStatusCode.PreconditionFailed, "urn:advisor:problem:changed"));
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
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Text);
        refused["errors"].TryGetProperty(member, out _).ShouldBeTrue(refused.Text);
    }

    [Fact]
    public async Task LegalHold_IsAnAdministratorsToSetAndLift()
    {
        var path = await UploadAsync();
        const string Hold = """{"legal_hold": true, "legal_hold_reason": "Matter 7"}""";
        (await Analyst.PatchAsync(path, Hold, await TagAsync(path))).Status.ShouldBe(HttpStatusCode.Forbidden);
        var held = (await Admin.PatchAsync(path, Hold, await TagAsync(path), "application/json")).As<DocumentView>();
        (held.Retention.LegalHold, held.Retention.Reason).ShouldBe((true, "Matter 7"));

        await PassAsync(s_retention + TimeSpan.FromDays(1));
        var refused = await Admin.DeleteAsync(path);
        (refused.Status, refused.Type).ShouldBe((HttpStatusCode.Conflict, "urn:advisor:problem:legal-hold"));
        var lifted = (await Admin.PatchAsync(path, """{"legal_hold": false}""", await TagAsync(path))).As<DocumentView>();
        (lifted.Retention.LegalHold, lifted.Retention.Reason).ShouldBe((false, null));
        (await Admin.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Delete_WithinRetention_IsRefusedUntilItEnds()
    {
        var path = await UploadAsync();
        var until = (await ViewAsync(path)).Retention.RetainUntil;
        (await Analyst.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.Forbidden);
        await PassAsync(s_retention - TimeSpan.FromMinutes(5));
        var refused = await Admin.DeleteAsync(path);
        (refused.Status, refused.Type).ShouldBe((HttpStatusCode.Conflict, "urn:advisor:problem:under-retention"));
        refused["detail"].GetString()!.ShouldContain(until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));
        (await Admin.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);

        await PassAsync(TimeSpan.FromMinutes(6));
        (await Admin.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Delete_AfterRetention_LeavesWhatItSaysAndNothingElse()
    {
        var path = await UploadAsync(("company", "Contoso GmbH"));
        var view = await ViewAsync(path);
        var insights = await Analyst.AllAsync<InsightView>($"/api/v1/insights?document_id={view.DocumentId}", "insights");
        var chain = insights[0].ReasoningChainId;
        await Analyst.UntilAsync(path + "/summary", answer => answer.Status == HttpStatusCode.OK);

        // The CFO's notice and the reviewers' of the run, and one of an alert.
        await _advisor!.ClientAsync(Role.Reviewer);
        (await Analyst.PostAsync("/api/v1/alerts/escalate", $$"""{"insight_id": "{{insights[0].Id}}", "reviewer_email": "reviewer@northwind.example"}""")).Status.ShouldBe(HttpStatusCode.Created);
        var queues = _advisor.Services.GetRequiredService<SqliteQueues>();
        await Analyst.UntilAsync("/health", _ => queues.ListQueues().Count == 0);
        await PassAsync(s_retention + TimeSpan.FromDays(1));

        var deleted = await Admin.DeleteAsync(path);
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
        (deleted["status"].GetString(), deleted["deleted_by"].GetString(), deleted["sha256"].GetString()).ShouldBe(("deleted", "admin@northwind", view.Sha256));
        var removed = deleted["removed"].Deserialize<Dictionary<string, int>>()!;
        removed.ShouldBe(new Dictionary<string, int>
        {
            ["facts"] = view.Counts!.Facts, ["findings"] = 1, ["insights"] = insights.Count, ["originals"] = 1, ["summaries"] = 1, ["text_readings"] = 0,
            ["alerts"] = 1, ["notifications"] = 3,
        }, ignoreOrder: true);
        deleted["remains"].EnumerateArray().Select(item => item.GetProperty("what").GetString())
            .ShouldBe(["tombstone", "audit_entries", "ingestion", "reasoning_chains", "analyses", "reviews", "sent_notifications"]);
        (await Records.QueryAsync(AlertRecord.Container, s_tenant, new RecordQuery([]), Cancel)).Items.ShouldBeEmpty();
        (await Records.QueryAsync(NotificationRecord.Container, s_tenant, new RecordQuery([]), Cancel)).Items.ShouldBeEmpty();

        await ShouldBeGoneAsync(view);
        (await Admin.GetAsync($"/api/v1/reasoning-chains/{chain}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Admin.GetAsync($"/api/v1/companies/{view.CompanyId}")).Status.ShouldBe(HttpStatusCode.NotFound);
        var ingestion = (await Admin.GetAsync(view.Links["ingestion"].Href)).As<IngestionView>();
        ingestion.DocumentName.ShouldBe("(deleted)");
        var again = JsonSerializer.Serialize(new Dictionary<string, string> { ["ingestion_id"] = ingestion.IngestionId, ["analysis_type"] = "risk" });
        (await Analyst.PostAsync("/api/v1/analysis/trigger", again)).Status.ShouldBe(HttpStatusCode.NotFound);

        (await Admin.DeleteAsync(path)).Text.ShouldBe(deleted.Text);
        var stranger = await _advisor!.ClientOfEveryRoleAsync("somebody-else");
        (await stranger.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Delete_OfOneOfTwoWithTheSameBytes_KeepsTheReadingForTheOther()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        var (first, second) = (await UploadAsync("annual-report.pdf"), await UploadAsync("annual-report.pdf"));
        await PassAsync(s_retention + TimeSpan.FromDays(1));
        (await Admin.DeleteAsync(first))["removed"].GetProperty("text_readings").GetInt32().ShouldBe(0);
        (await Admin.GetAsync(second + "/text")).Status.ShouldBe(HttpStatusCode.OK);
        (await Admin.GetAsync(first + "/text")).Status.ShouldBe(HttpStatusCode.Gone);
        (await Admin.DeleteAsync(second))["removed"].GetProperty("text_readings").GetInt32().ShouldBe(1);
        _advisor!.Blobs.ShouldBeEmpty();
    }

    /// <summary>A deletion that a crash cut short is nobody's to see, and the next DELETE finishes it.</summary>
    [Theory]
    [InlineData("marked")]
    [InlineData("originals gone")]
    [InlineData("document gone")]
    public async Task Delete_AskedForAgainAfterAnInterruption_FinishesAndTellsAllOfIt(string interrupted)
    {
        var path = await UploadAsync();
        var view = await ViewAsync(path);
        await PassAsync(s_retention + TimeSpan.FromDays(1));
        var stored = (await Records.FindAsync(DocumentRecord.Container, s_tenant, view.DocumentId, Cancel))!;
        if (interrupted == "marked")
        {
            var marked = stored.Value with { Status = DocumentStatus.Deleting, Deletion = new DeletionMark("first", _time.GetUtcNow()) };
            await Records.PutAsync(DocumentRecord.Container, s_tenant, stored.Id, marked, null, Cancel);
        }
        else
        {
            // As though the last steps had not been reached: the tombstone is open, and some of what it names is gone.
            await Admin.DeleteAsync(path);
            var tombstone = (await Records.FindAsync(Tombstone.Container, s_tenant, stored.Id, Cancel))!.Value;
            await Records.PutAsync(Tombstone.Container, s_tenant, stored.Id, tombstone with { Finished = false, Deletion = tombstone.Deletion with { By = "first" } }, null, Cancel);
            if (interrupted == "originals gone")
            {
                await Records.PutAsync(DocumentRecord.Container, s_tenant, stored.Id, stored.Value with { Status = DocumentStatus.Deleting, Deletion = tombstone.Deletion }, null, Cancel);
            }
        }

        (await Admin.GetAsync(path)).Status.ShouldBe(HttpStatusCode.Gone);
        (await Admin.AllAsync<DocumentView>("/api/v1/documents", "documents")).ShouldBeEmpty();
        var finished = await Admin.DeleteAsync(path);
        (finished.Status, finished["deleted_by"].GetString()).ShouldBe((HttpStatusCode.OK, "first"));
        finished["removed"].GetProperty("facts").GetInt32().ShouldBe(view.Counts!.Facts);
        finished["removed"].GetProperty("originals").GetInt32().ShouldBe(1);
        (await Records.FindAsync(Tombstone.Container, s_tenant, stored.Id, Cancel))!.Value.Finished.ShouldBeTrue();
        await ShouldBeGoneAsync(view);
    }

    [Fact]
    public async Task Delete_OfWhatWasNeverCompleted_NeedsNoRetention()
    {
        var path = await UploadAsync();
        var view = await ViewAsync(path);
        var stored = (await Records.FindAsync(DocumentRecord.Container, s_tenant, view.DocumentId, Cancel))!;
        await Records.PutAsync(DocumentRecord.Container, s_tenant, stored.Id, stored.Value with { Status = DocumentStatus.Read }, null, Cancel);
        var busy = await Admin.DeleteAsync(path);
        (busy.Status, busy.Type).ShouldBe((HttpStatusCode.Conflict, "urn:advisor:problem:in-progress"));
        (await Admin.PatchAsync(path, """{"company": "Fabrikam"}""", await TagAsync(path))).Type.ShouldBe("urn:advisor:problem:in-progress");

        await Records.PutAsync(DocumentRecord.Container, s_tenant, stored.Id, stored.Value with { Status = DocumentStatus.Failed }, null, Cancel);
        (await Admin.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        await ShouldBeGoneAsync(view);
    }

    [Fact]
    public async Task Text_BeforeTheDocumentIsRead_IsNotReady()
    {
        var path = await UploadAsync();
        var stored = (await Records.FindAsync(DocumentRecord.Container, s_tenant, path.Split('/')[^1], Cancel))!;
        await Records.PutAsync(DocumentRecord.Container, s_tenant, stored.Id, stored.Value with { HasStatements = null, Status = DocumentStatus.Received }, null, Cancel);
        var early = await Analyst.GetAsync(path + "/text");
        (early.Status, early.Type).ShouldBe((HttpStatusCode.Conflict, "urn:advisor:problem:not-ready"));
        (await Analyst.GetAsync(path)).As<DocumentView>().Links.Keys.ShouldNotContain("text");
    }

    private async Task<string> UploadAsync(params (string Name, string Value)[] fields) => await UploadAsync("quarterly-workbook.xlsx", fields);

    private async Task<string> UploadAsync(string sample, params (string Name, string Value)[] fields)
    {
        var accepted = await Analyst.UploadAsync(sample, await File.ReadAllBytesAsync(AdvisorFixture.Sample(sample), Cancel), fields);
        var ended = await Analyst.EndOfAsync(accepted.Headers.Location!.ToString());
        ended["status"].GetString().ShouldBe("completed", ended.Text);
        return $"/api/v1/documents/{accepted["document_id"].GetString()}";
    }

    private async Task<DocumentView> ViewAsync(string path) => (await Admin.GetAsync(path)).As<DocumentView>();

    private async Task<string> TagAsync(string path) => (await Admin.GetAsync(path)).Headers.ETag!.ToString();

    /// <summary>Lets time pass, and signs in anew: credentials do not live for years.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        await SignInAsync();
    }

    private async Task SignInAsync()
    {
        _analyst = await _advisor!.ClientAsync(Role.Analyst);
        _admin = await _advisor.ClientAsync(Role.Admin);
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
        (await Records.AllAsync(HeadlineFact.Container, s_tenant, [new RecordFilter("company_id", RecordOperator.Equal, former)], Cancel)).ShouldBeEmpty();
    }

    private async Task ShouldBeGoneAsync(DocumentView view)
    {
        var path = $"/api/v1/documents/{view.DocumentId}";
        foreach (var part in new[] { "", "/original", "/text", "/facts", "/proofs" })
        {
            var gone = await Admin.GetAsync(path + part);
            (gone.Status, gone.Type).ShouldBe((HttpStatusCode.Gone, "urn:advisor:problem:deleted"), part);
        }

        (await Admin.PatchAsync(path, "{}", "*")).Status.ShouldBe(HttpStatusCode.Gone);
        (await Admin.GetAsync(path + "/summary")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Admin.AllAsync<InsightView>($"/api/v1/insights?document_id={view.DocumentId}&include=superseded", "insights")).ShouldBeEmpty();
        (await Records.AllAsync(HeadlineFact.Container, s_tenant, [], Cancel)).ShouldBeEmpty();
        _advisor!.Blobs.ShouldBeEmpty();
    }
}
