using System.Collections.Concurrent;
using System.Net;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Everything the API says of one document after its run.</summary>
public sealed record DocumentAnalysis(
    string File, IngestionView Ingestion, IReadOnlyList<FactView> Facts, IReadOnlyList<InsightView> Insights, IReadOnlyList<Proof> Proofs)
{
    public FactView Fact(string id) => Facts.Single(fact => fact.Id == id);
}

/// <summary>One host for all tests that only read what a run left; each file is analysed once, when it is first asked for.</summary>
public sealed class AdvisorFixture : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<DocumentAnalysis>>> _analyses = new(StringComparer.Ordinal);
    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;

    public RunningAdvisor Advisor => _advisor!;

    /// <summary>An analyst of the tenant whose documents these are.</summary>
    public ApiClient Analyst => _analyst!;

    public static string Sample(string name) => Path.Combine(Evals.RepositoryRoot, "samples", name);

    public async ValueTask InitializeAsync()
    {
        _advisor = await RunningAdvisor.StartAsync();
        _analyst = await _advisor.ClientAsync(Role.Analyst);
    }

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }
    }

    /// <summary>Uploads a file; the ingestion's path.</summary>
    public async Task<string> UploadAsync(string file, ApiClient? client = null)
    {
        var accepted = await (client ?? Analyst).UploadAsync(Path.GetFileName(file), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, $"{Path.GetFileName(file)}: {accepted.Text}");
        return accepted.Headers.Location!.ToString();
    }

    /// <summary>The finished analysis of a file; made once for all who ask.</summary>
    public Task<DocumentAnalysis> AnalyzeAsync(string file)
    {
        if (Path.GetExtension(file) == ".pdf")
        {
            SystemTool.Require("pdftotext", "poppler-utils");
        }

        return _analyses.GetOrAdd(file, path => new Lazy<Task<DocumentAnalysis>>(() => AnalyzeNowAsync(path))).Value;
    }

    public Task<DocumentAnalysis> AnalyzeSampleAsync(string name)
    {
        if (name == "scanned-page.pdf")
        {
            SystemTool.Require("tesseract", "tesseract-ocr");
        }

        return AnalyzeAsync(Sample(name));
    }

    private async Task<DocumentAnalysis> AnalyzeNowAsync(string file)
    {
        var ended = await Analyst.EndOfAsync(await UploadAsync(file));
        var ingestion = ended.As<IngestionView>();
        ingestion.Status.ShouldBe(IngestionStatus.Completed, $"{Path.GetFileName(file)}: {ended.Text}");
        return new DocumentAnalysis(
            file,
            ingestion,
            await Analyst.AllAsync<FactView>($"/api/v1/documents/{ingestion.DocumentId}/facts?limit=500", "facts"),
            await Analyst.AllAsync<InsightView>($"/api/v1/insights?ingestion_id={ingestion.IngestionId}&limit=500", "insights"),
            await Analyst.AllAsync<Proof>($"/api/v1/documents/{ingestion.DocumentId}/proofs?limit=500", "proofs"));
    }
}

/// <summary>The tests that share the <see cref="AdvisorFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class EndToEndTests : ICollectionFixture<AdvisorFixture>
{
    public const string Name = "end to end";
}
