using System.Net;
using System.Reflection;
using System.Text.Json;
using Advisor.Documents;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Insights;
using Advisor.Insights.Alerts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>The end of documents, under retention and legal hold.</summary>
public sealed class DocumentDeletionTests : OneDocumentHost
{
    private static readonly TimeSpan s_retention = TimeSpan.FromDays(2555);

    /// <summary>All that is asked of one document by its path.</summary>
    private static readonly List<(string Method, string Route)> s_routes =
    [
        .. from type in typeof(Composition).Assembly.GetTypes()
           from method in type.GetMethods()
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger?.Route?.StartsWith("api/v1/documents/{id}", StringComparison.Ordinal) == true
           from verb in trigger.Methods!
           select (verb, "/" + trigger.Route),
    ];

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
        await Advisor.ClientAsync(Role.Reviewer);
        (await Analyst.PostAsync("/api/v1/alerts/escalate", $$"""{"insight_id": "{{insights[0].Id}}", "reviewer_email": "reviewer@northwind.example"}""")).Status.ShouldBe(HttpStatusCode.Created);
        await IdleAsync();
        await PassAsync(s_retention + TimeSpan.FromDays(1));

        var deleted = await Admin.DeleteAsync(path);
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
        (deleted["status"].GetString(), deleted["deleted_by"].GetString(), deleted["sha256"].GetString()).ShouldBe(("deleted", "admin@northwind", view.Sha256));
        var removed = deleted["removed"].Deserialize<Dictionary<string, int>>()!;
        removed.ShouldBe(new Dictionary<string, int>
        {
            ["facts"] = view.Counts!.Facts, ["findings"] = 1, ["insights"] = insights.Count, ["originals"] = 1, ["summaries"] = 1, ["text_readings"] = 0,
            ["alerts"] = 1, ["notifications"] = 3, ["model_calls"] = 0, ["fact_corrections"] = 0,
        }, ignoreOrder: true);
        deleted["remains"].EnumerateArray().Select(item => item.GetProperty("what").GetString())
            .ShouldBe(["tombstone", "audit_entries", "ingestion", "kept_answers", "reasoning_chains", "analyses", "reviews"]);
        (await Records.QueryAsync(AlertRecord.Container, Tenant, new RecordQuery([]), Cancel)).Items.ShouldBeEmpty();
        (await Records.QueryAsync(NotificationRecord.Container, Tenant, new RecordQuery([]), Cancel)).Items.ShouldBeEmpty();
        ShouldStandNowhereElse(view.DocumentId, "deleted-documents", "ingestions", "analyses", "reasoning-chains");
        ShouldStandNowhereElse(view.Name, "reasoning-chains");
        ShouldStandNowhereElse("Contoso");

        await ShouldBeGoneAsync(view);
        (await Admin.GetAsync($"/api/v1/reasoning-chains/{chain}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Admin.GetAsync($"/api/v1/companies/{view.CompanyId}")).Status.ShouldBe(HttpStatusCode.NotFound);
        var ingestion = (await Admin.GetAsync(view.Links["ingestion"].Href)).As<IngestionView>();
        ingestion.DocumentName.ShouldBe("(deleted)");
        var again = JsonSerializer.Serialize(new Dictionary<string, string> { ["ingestion_id"] = ingestion.IngestionId, ["analysis_type"] = "risk" });
        (await Analyst.PostAsync("/api/v1/analysis/trigger", again)).Status.ShouldBe(HttpStatusCode.NotFound);

        (await Admin.DeleteAsync(path)).Text.ShouldBe(deleted.Text);
        var stranger = await Advisor.ClientOfEveryRoleAsync("somebody-else");
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
        Advisor.Blobs.ShouldBeEmpty();
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
        var stored = (await Records.FindAsync(DocumentRecord.Container, Tenant, view.DocumentId, Cancel))!;
        if (interrupted == "marked")
        {
            var marked = stored.Value with { Status = DocumentStatus.Deleting, Deletion = new DeletionMark("first", Time.GetUtcNow()) };
            await Records.PutAsync(DocumentRecord.Container, Tenant, stored.Id, marked, null, Cancel);
        }
        else
        {
            // As though the last steps had not been reached: the tombstone is open, and some of what it names is gone.
            await Admin.DeleteAsync(path);
            var tombstone = (await Records.FindAsync(Tombstone.Container, Tenant, stored.Id, Cancel))!.Value;
            await Records.PutAsync(Tombstone.Container, Tenant, stored.Id, tombstone with { Finished = false, Deletion = tombstone.Deletion with { By = "first" } }, null, Cancel);
            if (interrupted == "originals gone")
            {
                await Records.PutAsync(DocumentRecord.Container, Tenant, stored.Id, stored.Value with { Status = DocumentStatus.Deleting, Deletion = tombstone.Deletion }, null, Cancel);
            }
        }

        (await Admin.GetAsync(path)).Status.ShouldBe(HttpStatusCode.Gone);
        (await Admin.AllAsync<DocumentView>("/api/v1/documents", "documents")).ShouldBeEmpty();
        var finished = await Admin.DeleteAsync(path);
        (finished.Status, finished["deleted_by"].GetString()).ShouldBe((HttpStatusCode.OK, "first"));
        finished["removed"].GetProperty("facts").GetInt32().ShouldBe(view.Counts!.Facts);
        finished["removed"].GetProperty("originals").GetInt32().ShouldBe(1);
        (await Records.FindAsync(Tombstone.Container, Tenant, stored.Id, Cancel))!.Value.Finished.ShouldBeTrue();
        await ShouldBeGoneAsync(view);
    }

    [Fact]
    public async Task FailedReading_UnderLegalHold_KeepsTheDocument()
    {
        var path = await UploadAsync();
        var view = await ViewAsync(path);
        var stored = (await Records.FindAsync(DocumentRecord.Container, Tenant, view.DocumentId, Cancel))!;
        var ingestion = (await Records.QueryAsync(IngestionRecord.Container, Tenant, new RecordQuery([new RecordFilter("document_id", RecordOperator.Equal, view.DocumentId)]), Cancel)).Items.Single().Value;
        var fail = new FailIngestionRequest(new DocumentRun(Tenant, ingestion.RunId, ingestion.Id, view.DocumentId, []), new IngestionError("urn:advisor:problem:processing-failed", "t", "d"));
        var activities = ActivatorUtilities.CreateInstance<DocumentActivities>(Advisor.Services);

        await Records.PutAsync(DocumentRecord.Container, Tenant, stored.Id, stored.Value with { HasStatements = null, LegalHold = true, LegalHoldReason = "Matter 7" }, null, Cancel);
        await activities.FailIngestion(fail, Cancel);
        (await ViewAsync(path)).Status.ShouldBe(DocumentStatus.Failed);
        (await Admin.GetAsync(path + "/original")).Status.ShouldBe(HttpStatusCode.OK);

        await Records.PutAsync(DocumentRecord.Container, Tenant, stored.Id, stored.Value with { HasStatements = null, LegalHold = false }, null, Cancel);
        await Advisor.Services.GetRequiredService<DocumentBlobs>().WritePagesAsync(Tenant, stored.Value.Sha256, new PageRange(1, 2), [], Cancel);
        await activities.FailIngestion(fail, Cancel);
        (await Admin.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        Advisor.Blobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_OfWhatWasNeverCompleted_NeedsNoRetention()
    {
        var path = await UploadAsync();
        var view = await ViewAsync(path);
        var stored = (await Records.FindAsync(DocumentRecord.Container, Tenant, view.DocumentId, Cancel))!;
        await Records.PutAsync(DocumentRecord.Container, Tenant, stored.Id, stored.Value with { Status = DocumentStatus.Read }, null, Cancel);
        var busy = await Admin.DeleteAsync(path);
        (busy.Status, busy.Type).ShouldBe((HttpStatusCode.Conflict, "urn:advisor:problem:in-progress"));
        (await Admin.PatchAsync(path, """{"company": "Fabrikam"}""", await TagAsync(path))).Type.ShouldBe("urn:advisor:problem:in-progress");

        // An analysis failed, and others may have published: it is kept like any that was read.
        await Records.PutAsync(DocumentRecord.Container, Tenant, stored.Id, stored.Value with { Status = DocumentStatus.Failed }, null, Cancel);
        (await Admin.DeleteAsync(path)).Type.ShouldBe("urn:advisor:problem:under-retention");

        await Records.PutAsync(DocumentRecord.Container, Tenant, stored.Id, stored.Value with { Status = DocumentStatus.Failed, HasStatements = null }, null, Cancel);
        (await Admin.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        await ShouldBeGoneAsync(view);
    }

    /// <summary>Looks for a text in all records, and in the names and bytes of all files of blobs and the outbox.</summary>
    private void ShouldStandNowhereElse(string text, params string[] allowed)
    {
        using var database = new SqliteConnection($"Data Source={new DataFolder(Advisor.DataFolder).Records};Mode=ReadOnly");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT DISTINCT container FROM records WHERE instr(json, $text) > 0 OR instr(id, $text) > 0";
        command.Parameters.AddWithValue("$text", text);
        using var rows = command.ExecuteReader();
        var containers = new List<string>();
        while (rows.Read())
        {
            containers.Add(rows.GetString(0));
        }

        containers.Except(allowed).ShouldBeEmpty(text);
        Directory.GetFiles(new DataFolder(Advisor.DataFolder).Blobs, "*", SearchOption.AllDirectories)
            .Where(file => file.Contains(text) || File.ReadAllText(file).Contains(text)).ShouldBeEmpty(text);
    }

    private async Task ShouldBeGoneAsync(DocumentView view)
    {
        s_routes.Count.ShouldBeGreaterThan(7);
        s_routes.ShouldAllBe(route => route.Method == "get" || route.Method == "patch" || route.Method == "delete");
        foreach (var (method, route) in s_routes.Where(route => route.Method != "delete"))
        {
            var at = route.Replace("{id}", view.DocumentId);
            var gone = method == "get" ? await Admin.GetAsync(at) : await Admin.PatchAsync(at, "{}", "*");
            (gone.Status, gone.Type).ShouldBe((HttpStatusCode.Gone, "urn:advisor:problem:deleted"), $"{method} {route}");
        }

        (await Admin.AllAsync<InsightView>($"/api/v1/insights?document_id={view.DocumentId}&include=superseded", "insights")).ShouldBeEmpty();
        (await Records.AllAsync(HeadlineFact.Container, Tenant, [], Cancel)).ShouldBeEmpty();
        Advisor.Blobs.ShouldBeEmpty();
    }
}
