using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel.Http;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Contract;

/// <summary>What the exchanges ask for, on a host of its own, for it alters records: a report that was read and analysed, and records in states that pass too quickly to be met.</summary>
public sealed class ContractWorld : IAsyncLifetime
{
    public const string Tenant = "fabrikam";

    private RunningAdvisor? _advisor;
    private IngestionView? _ingestion;

    /// <summary>A caller whom no operation refuses for a missing role.</summary>
    public ApiClient Everyone { get; private set; } = null!;

    public RunningAdvisor Advisor => _advisor!;

    public string Document => _ingestion!.DocumentId;

    public string Ingestion => _ingestion!.IngestionId;

    public string Run => _ingestion!.RunId;

    public string Analysis => _ingestion!.AnalysisIds[0];

    public InsightView Insight { get; private set; } = null!;

    /// <summary>The second page of a list of insights.</summary>
    public string NextInsights { get; private set; } = "";

    /// <summary>A document that has not been read.</summary>
    public string Unread { get; private set; } = "";

    /// <summary>The ingestion of <see cref="Unread"/>.</summary>
    public string UnreadIngestion { get; private set; } = "";

    /// <summary>An analysis that has not ended.</summary>
    public string RunningAnalysis { get; private set; } = "";

    public string FailedAnalysis { get; private set; } = "";

    /// <summary>The recording of a call of a language model that declined.</summary>
    public string ModelCall { get; } = ModelRecording.IdOf("call", 0);

    /// <summary>An insight whose record was changed behind the product's back.</summary>
    public string Altered { get; private set; } = "";

    /// <summary>A CSV file that was read.</summary>
    public string Ledger { get; private set; } = "";

    /// <summary>Documents with the bytes of <see cref="Document"/>, by the format that their record says.</summary>
    public IReadOnlyDictionary<string, string> Formats { get; private set; } = new Dictionary<string, string>();

    /// <summary>A document that may be changed; of a company of its own.</summary>
    public string Changeable { get; private set; } = "";

    /// <summary>A document that may be deleted.</summary>
    public string Doomed { get; private set; } = "";

    public string Deleted { get; private set; } = "";

    /// <summary>A document under legal hold.</summary>
    public string Held { get; private set; } = "";

    /// <summary>A document whose bytes are gone.</summary>
    public string Lost { get; private set; } = "";

    public string Company { get; private set; } = "";

    /// <summary>An alert whose notification was delivered.</summary>
    public string Alert { get; private set; } = "";

    /// <summary>A notification that no channel took.</summary>
    public string Undelivered { get; private set; } = "";

    /// <summary>The second page of each list, by the list's path.</summary>
    public IReadOnlyDictionary<string, string> Next { get; private set; } = new Dictionary<string, string>();

    /// <summary>Somebody who may review, and somebody who may not.</summary>
    public (string Reviewer, string Analyst) People { get; } = ($"all@{Tenant}.example", $"analyst@{Tenant}.example");

    public async ValueTask InitializeAsync()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        _advisor = await RunningAdvisor.StartAsync();
        Everyone = await Advisor.ClientOfEveryRoleAsync(Tenant);
        _ingestion = await IngestAsync("annual-report.pdf");
        await Everyone.UntilAsync($"/api/v1/documents/{Document}/summary", answer => answer.Status == HttpStatusCode.OK);
        Insight = (await Everyone.GetAsync($"/api/v1/insights?analysis_id={Analysis}"))["insights"][0].Deserialize<InsightView>(AdvisorJson.Options)!;
        NextInsights = (await Everyone.GetAsync($"/api/v1/insights?document_id={Document}&limit=2"))["pagination"].GetProperty("next").GetString()!;
        Unread = await CopyAsync("documents", Document, record =>
        {
            record.Remove("has_statements");
            record["status"] = "received";
        });
        UnreadIngestion = await CopyAsync("ingestions", Ingestion, record =>
        {
            record["document_id"] = Unread;
            record["status"] = "extracting";
        });
        RunningAnalysis = await CopyAsync("analyses", Analysis, record => record["status"] = "running", "running");
        FailedAnalysis = await CopyAsync("analyses", Analysis, record => record["status"] = "failed", "failed");
        await Advisor.Services.GetRequiredService<IRecordStore>().CreateAsync(ModelRecording.Container, new TenantId(Tenant), ModelCall, Recording(), CancellationToken.None);
        Altered = await CopyAsync("insights", Insight.Id, record => record["summary"] = "Revenue doubled.");
        await MakeDocumentsAsync();
        await MakeAlertsAsync();
        var next = new Dictionary<string, string>();
        foreach (var list in new[] { "documents", "ingestions", "companies", "alerts", "notifications", "audit" }.Select(name => $"/api/v1/{name}"))
        {
            next[list] = (await Everyone.GetAsync($"{list}?limit=1"))["pagination"].GetProperty("next").GetString().ShouldNotBeNull(list);
        }

        Next = next;
    }

    public ValueTask DisposeAsync() => _advisor?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ModelRecording Recording() => new()
    {
        Id = ModelCall,
        CallId = "call",
        Sample = 0,
        Tenant = new TenantId(Tenant),
        RunId = Run,
        DocumentId = Document,
        Prompt = new PromptReference("insight-claims", "1.0.0", new string('0', 64)),
        System = "You help.",
        User = "Propose.",
        PromptHash = new string('0', 64),
        Redactions = new Dictionary<string, int> { ["facts.email"] = 1 },
        ModelAsked = "scripted",
        Model = "scripted-refusal",
        Temperature = 0,
        Seed = 0,
        MaxOutputTokens = 100,
        Rejected = "No.",
        OutputHash = new string('0', 64),
        FinishReason = "stop",
        InputTokens = 10,
        OutputTokens = 2,
        CostUsd = 0.01m,
        MeanLogProbability = -0.1m,
        Attempts = 1,
        StartedAt = DateTimeOffset.UnixEpoch,
        DurationMs = 3,
        Failure = new ModelFailure(ModelFailure.Refused, "It declined."),
    };

    private async Task<IngestionView> IngestAsync(string sample)
    {
        var accepted = await Everyone.UploadAsync(sample, await File.ReadAllBytesAsync(AdvisorFixture.Sample(sample), TestContext.Current.CancellationToken));
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        return (await Everyone.EndOfAsync(accepted.Headers.Location!.ToString())).As<IngestionView>();
    }

    private async Task MakeDocumentsAsync()
    {
        Ledger = (await IngestAsync("ledger.csv")).DocumentId;
        Formats = new Dictionary<string, string>
        {
            ["pdf"] = Document,
            ["xlsx"] = await CopyAsync("documents", Document, record => record["format"] = "xlsx", "xlsx"),
            ["xls"] = await CopyAsync("documents", Document, record => record["format"] = "xls", "xls"),
            ["csv"] = Ledger,
        };
        Changeable = await CopyAsync("documents", Document, _ => { }, "changeable");
        (await Everyone.PatchAsync($"/api/v1/documents/{Changeable}", """{"company": "Contoso Tools"}""", "*")).Status.ShouldBe(HttpStatusCode.OK);
        Lost = await CopyAsync("documents", Document, record => record["blob"] = "lost", "lost");
        Held = await CopyAsync("documents", Document, record => record["legal_hold"] = true, "held");
        Doomed = await CopyAsync("documents", Document, Failed, "doomed");
        Deleted = await CopyAsync("documents", Document, Failed, "deleted");
        (await Everyone.DeleteAsync($"/api/v1/documents/{Deleted}")).Status.ShouldBe(HttpStatusCode.OK);
        Company = (await Everyone.GetAsync($"/api/v1/documents/{Document}"))["company_id"].GetString()!;

        // Without the bytes of another, which would go with it.
        static void Failed(JsonObject record) => (record["status"], record["blob"], record["uploaded_at"]) = ("failed", "none", "2001-01-31T09:00:00.0000000+00:00");
    }

    private async Task MakeAlertsAsync()
    {
        await Advisor.ClientAsync(Role.Analyst, Tenant);
        foreach (var _ in new[] { "first", "second" })
        {
            var alert = await Everyone.PostAsync("/api/v1/alerts/escalate", $$"""{"insight_id": "{{Insight.Id}}", "reviewer_email": "{{People.Reviewer}}"}""");
            alert.Status.ShouldBe(HttpStatusCode.Created, alert.Text);
            Alert = alert["alert_id"].GetString()!;
        }

        await Everyone.UntilAsync($"/api/v1/notifications/{Alert}", answer => answer["status"].GetString() == "accepted");
        Undelivered = await CopyAsync("notifications", Alert, record =>
        {
            record["status"] = "dead";
            record["notification"]!["id"] = DeterministicId.Of("copy", Alert, "");
            record["deliveries"]![0]!["status"] = "dead";
        });
    }

    /// <summary>A record under another id, with a change; of several copies each has a mark.</summary>
    private async Task<string> CopyAsync(string name, string id, Action<JsonObject> change, string mark = "")
    {
        var (records, tenant, container) = (Advisor.Services.GetRequiredService<IRecordStore>(), new TenantId(Tenant), new RecordContainer<JsonObject>(name));
        var copy = (await records.FindAsync(container, tenant, id, CancellationToken.None)).ShouldNotBeNull().Value.DeepClone().AsObject();
        var copyId = DeterministicId.Of("copy", id, mark);
        copy["id"] = copyId;
        change(copy);
        await records.CreateAsync(container, tenant, copyId, copy, CancellationToken.None);
        return copyId;
    }
}
