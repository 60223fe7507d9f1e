using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Contract;

/// <summary>What the exchanges ask for, in a tenant of its own: a report that was read and analysed, and records in states that pass too quickly to be met.</summary>
public sealed class ContractWorld(AdvisorFixture fixture) : IAsyncLifetime
{
    public const string Tenant = "fabrikam";

    private IngestionView? _ingestion;

    /// <summary>A caller whom no operation refuses for a missing role.</summary>
    public ApiClient Everyone { get; private set; } = null!;

    public RunningAdvisor Advisor => fixture.Advisor;

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

    /// <summary>An insight whose record was changed behind the product's back.</summary>
    public string Altered { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        Everyone = await Advisor.ClientOfEveryRoleAsync(Tenant);
        _ingestion = (await Everyone.EndOfAsync(await fixture.UploadAsync(AdvisorFixture.Sample("annual-report.pdf"), Everyone))).As<IngestionView>();
        await Everyone.UntilAsync($"/api/v1/documents/{Document}/summary", answer => answer.Status == HttpStatusCode.OK);
        Insight = (await Everyone.GetAsync($"/api/v1/insights?analysis_id={Analysis}"))["insights"][0].Deserialize<InsightView>(AdvisorJson.Options)!;
        NextInsights = (await Everyone.GetAsync($"/api/v1/insights?document_id={Document}&limit=2"))["pagination"].GetProperty("next").GetString()!;
        Unread = await CopyAsync("documents", Document, record => record.Remove("has_statements"));
        UnreadIngestion = await CopyAsync("ingestions", Ingestion, record =>
        {
            record["document_id"] = Unread;
            record["status"] = "extracting";
        });
        Altered = await CopyAsync("insights", Insight.Id, record => record["summary"] = "Revenue doubled.");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A record under another id, with a change.</summary>
    private async Task<string> CopyAsync(string name, string id, Action<JsonObject> change)
    {
        var (records, tenant, container) = (Advisor.Services.GetRequiredService<IRecordStore>(), new TenantId(Tenant), new RecordContainer<JsonObject>(name));
        var copy = (await records.FindAsync(container, tenant, id, CancellationToken.None)).ShouldNotBeNull().Value.DeepClone().AsObject();
        var copyId = DeterministicId.Of("copy", id);
        copy["id"] = copyId;
        change(copy);
        await records.CreateAsync(container, tenant, copyId, copy, CancellationToken.None);
        return copyId;
    }
}
