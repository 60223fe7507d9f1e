using System.Text.Json;
using Advisor.Azure;
using Advisor.Documents;
using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Reasoning;
using Advisor.Tests.Azure.DocumentIntelligence;
using Advisor.Tests.Documents.Statements;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static Advisor.Tests.Azure.DocumentIntelligence.LayoutService;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>A scan that a service reads: once, whoever asks again, and so that a person can see who read it.</summary>
public sealed class RecognitionTests : OneDocumentHost
{
    private const string Listing = """
        Tamarack Supply Cooperative

        CONSOLIDATED BALANCE SHEETS
        (in thousands)
                                            December 31,
                                          2025      2024
        Cash and cash equivalents        1,200     1,100
        Inventories                        300       250
        Total current assets             1,500     1,350
        Property and equipment             500       450
        Total assets                     2,000     1,800
        """;

    private const string Engine = "document-intelligence prebuilt-layout 2023-07-31";

    private readonly LayoutService _service = new() { Answer = pages => Result([.. pages.Select(page => Page(page, InInches(PrintedLine.Words(Listing))))]) };

    protected override Task<RunningAdvisor> StartAsync()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        return RunningAdvisor.StartAsync(services => services.AddSingleton<IPageRecognizer>(new DocumentIntelligenceRecognizer(_service.Client)));
    }

    [Fact]
    public async Task Ingest_Scan_IsReadByTheServiceAndSaysSo()
    {
        var path = await UploadAsync("scanned-page.pdf");

        var facts = await Analyst.AllAsync<FactView>($"{path}/facts?limit=500", "facts");
        facts.Select(fact => fact.Printed).ShouldBe(["1,200", "1,100", "300", "250", "1,500", "1,350", "500", "450", "2,000", "1,800"], ignoreOrder: true);
        facts.ShouldAllBe(fact => fact.ReadBy == ReadingMethod.Service && fact.Confidence == 0.98m && fact.Page == 1 && fact.Box != null);
        facts.ShouldContain(fact => fact.Metric == "total_assets" && fact.Value == 2_000_000);

        var page = (await Analyst.GetAsync($"{path}/text"))["pages"].EnumerateArray().ShouldHaveSingleItem();
        (page.GetProperty("read_by").GetString(), page.GetProperty("engine").GetString()).ShouldBe(("service", Engine));
        var audited = (await Admin.GetAsync("/api/v1/audit?action=document.read"))["entries"].EnumerateArray().ShouldHaveSingleItem();
        audited.GetProperty("details").GetProperty("engines").GetString().ShouldBe($"{Engine}: 1");
        var read = (await StepsAsync(path, "read_pages")).ShouldHaveSingleItem().GetProperty("payload");
        read.GetProperty("scanned").GetInt32().ShouldBe(1);
        var engine = read.GetProperty("engines").EnumerateArray().ShouldHaveSingleItem();
        (engine.GetProperty("engine").GetString(), engine.GetProperty("pages").GetString()).ShouldBe((Engine, "1"));
    }

    [Fact]
    public async Task Ingest_TextLayer_IsNotSentAnywhere()
    {
        var path = await UploadAsync("annual-report.pdf");

        _service.Sent.ShouldBeEmpty();
        var engine = (await StepsAsync(path, "read_pages")).ShouldHaveSingleItem().GetProperty("payload").GetProperty("engines").EnumerateArray().ShouldHaveSingleItem();
        engine.GetProperty("engine").GetString().ShouldNotBeNull().ShouldMatch(@"\Apoppler [0-9.]+\z");
        engine.GetProperty("pages").GetString().ShouldBe("1-25");
    }

    /// <summary>A second recognition may differ, and costs: what was stored first stays, for the same bytes and for an activity that runs again.</summary>
    [Fact]
    public async Task ReadPages_Again_AsksNothingAndChangesNothing()
    {
        var path = await UploadAsync("scanned-page.pdf");
        var facts = await Analyst.AllAsync<FactView>($"{path}/facts?limit=500", "facts");
        _service.Answer = pages => Result([.. pages.Select(page => Page(page, []))]);

        await UploadAsync("scanned-page.pdf");
        var run = await RunOfAsync(path);
        var activities = ActivatorUtilities.CreateInstance<DocumentActivities>(Advisor.Services);
        await activities.ReadPages(new ReadPagesRequest(run, new PageRange(1, 1)), Cancel);
        await activities.ExtractFacts(run, Cancel);

        _service.Sent.ShouldHaveSingleItem();
        (await StepsAsync(path, "read_pages")).ShouldHaveSingleItem();
        (await Analyst.AllAsync<FactView>($"{path}/facts?limit=500", "facts")).Select(fact => (fact.Id, fact.Printed)).ShouldBe(facts.Select(fact => (fact.Id, fact.Printed)));
    }

    private async Task<DocumentRun> RunOfAsync(string path)
    {
        var document = (await Records.FindAsync(DocumentRecord.Container, Tenant, path.Split('/')[^1], Cancel))!;
        var ingestion = (await Records.FindAsync(IngestionRecord.Container, Tenant, document.Value.IngestionId!, Cancel))!.Value;
        return new DocumentRun(Tenant, ingestion.RunId, ingestion.Id, document.Id, []);
    }

    private async Task<List<JsonElement>> StepsAsync(string path, string step) =>
        (await Analyst.AllAsync<JsonElement>($"/api/v1/runs/{(await RunOfAsync(path)).RunId}/events", "events")).FindAll(entry => entry.GetProperty("step").GetString() == step);
}
