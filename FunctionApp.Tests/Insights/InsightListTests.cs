using System.Globalization;
using System.Net;
using Advisor.Documents.Contracts;
using Advisor.Insights;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights;

/// <summary>A host whose tenant has insights of many kinds, written from those of one real document.</summary>
public sealed class ManyInsights : IAsyncLifetime
{
    private const int Count = 240;

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;

    public ApiClient Analyst => _analyst!;

    public IReadOnlyList<InsightRecord> All { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        _advisor = await RunningAdvisor.StartAsync();
        var maker = await _advisor.ClientAsync(Role.Analyst, "maker");
        var accepted = await maker.UploadAsync("workbook.xlsx", await File.ReadAllBytesAsync(AdvisorFixture.Sample("quarterly-workbook.xlsx"), cancel));
        await maker.EndOfAsync(accepted.Headers.Location!.ToString());
        var records = _advisor.Services.GetRequiredService<IRecordStore>();
        var real = (await records.AllAsync(InsightRecord.Container, new TenantId("maker"), [], cancel)).ConvertAll(item => item.Value);
        real.Count.ShouldBeGreaterThan(8);

        _analyst = await _advisor.ClientAsync(Role.Analyst);
        var tenant = new TenantId(RunningAdvisor.Tenant);
        All = [.. Enumerable.Range(0, Count).Select(n => Variation(real[n % real.Count], n, new Random(n), tenant))];
        await records.PutManyAsync(InsightRecord.Container, tenant, [.. All.Select(insight => (insight.Id, insight))], cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }
    }

    private static InsightRecord Variation(InsightRecord real, int n, Random random, TenantId tenant)
    {
        string[] types = ["anomaly", "trend", "risk"];
        var company = random.Next(5) == 0 ? null : $"Company {random.Next(4)}, Inc.";
        var (type, created, rank) = (types[random.Next(3)], Start.AddHours(random.Next(72)), random.Next(1, 40));
        return real with
        {
            Id = DeterministicId.Of("variation", n.ToString(CultureInfo.InvariantCulture)),
            AnalysisId = $"analysis-{n % 7}",
            IngestionId = $"ingestion-{n % 5}",
            DocumentId = $"document-{n % 5}",
            Type = type,
            Band = (Band)random.Next(3),
            Status = (InsightStatus)random.Next(4),
            ConfidenceScore = random.Next(0, 21) / 20m,
            Amount = random.Next(4) == 0 ? null : random.Next(-5, 20) * 1_000_000.5m,
            CompanyName = company,
            CompanyId = CompanyName.IdOf(tenant, company),
            CreatedAt = created,
            SortKey = InsightRecord.SortKeyOf(created, type, rank),
        };
    }
}

/// <summary>Filters and orders of the insight list: every combination pages to what filtering the whole gives.</summary>
public sealed class InsightListTests(ManyInsights insights) : IClassFixture<ManyInsights>
{
    private static readonly (string Query, Func<InsightRecord, bool> Holds)[] s_filters =
    [
        ("type=trend", insight => insight.Type == "trend"),
        ("band=high", insight => insight.Band == Band.High),
        ("status=in_review", insight => insight.Status == InsightStatus.InReview),
        ("status=superseded", insight => insight.Status == InsightStatus.Superseded),
        ("confidence_min=0.45", insight => insight.ConfidenceScore >= 0.45m),
        ("metric=revenue", insight => insight.Metrics.Contains("revenue")),
        ("company=company%202", insight => insight.CompanyName == "Company 2, Inc."),
        ("document_id=document-3", insight => insight.DocumentId == "document-3"),
        ("ingestion_id=ingestion-3", insight => insight.IngestionId == "ingestion-3"),
        ("analysis_id=analysis-3", insight => insight.AnalysisId == "analysis-3"),
        ("include=superseded", _ => true),
        ("from=2026-03-02", insight => insight.CreatedAt >= ManyInsights.Start.AddDays(1)),
        ("to=2026-03-02T12:00:00Z", insight => insight.CreatedAt < ManyInsights.Start.AddHours(36)),
        ("from=2026-03-01T05:00:00%2B02:00", insight => insight.CreatedAt >= ManyInsights.Start.AddHours(3)),
    ];

    public static TheoryData<int, string> Cases()
    {
        // Each filter alone, each pair of them under some order, and a few of many.
        var cases = new TheoryData<int, string>();
        string[] orders = ["", "confidence", "-confidence", "amount", "-amount"];
        foreach (var order in orders)
        {
            cases.Add(0, order);
        }

        for (var i = 0; i < s_filters.Length; i++)
        {
            cases.Add(1 << i, orders[i % orders.Length]);
            for (var j = i + 1; j < s_filters.Length; j++)
            {
                if (NameOf(i) != NameOf(j))
                {
                    cases.Add((1 << i) | (1 << j), orders[(i + j) % orders.Length]);
                }
            }
        }

        cases.Add(0b01_0000_0101_0011, "-confidence");
        cases.Add(0b01_1000_0010_0001, "amount");
        cases.Add(0b01_1100_0001_0001, "");
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Insights_FilteredAndSorted_PageToWhatTheWholeGives(int choice, string order)
    {
        var filters = s_filters.Where((_, i) => (choice & (1 << i)) != 0).ToList();
        var names = filters.ConvertAll(filter => filter.Query.Split('=')[0]);
        var listsSuperseded = names.Intersect(["status", "analysis_id", "include"]).Any();
        var wanted = insights.All.Where(insight => filters.TrueForAll(filter => filter.Holds(insight)) && (listsSuperseded || insight.Status != InsightStatus.Superseded)).ToList();
        (wanted.Count > 0 || filters.Count > 1).ShouldBeTrue("a filter that nothing passes tests nothing");
        var path = "/api/v1/insights?" + string.Join('&', [.. filters.Select(filter => filter.Query), "limit=23", $"sort={order}"]);
        var found = await insights.Analyst.AllAsync<InsightView>(path, "insights");
        found.Select(insight => insight.Id).ShouldBe(Sorted(wanted, order).Select(insight => insight.Id), path);
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-02-30", "from")]
    [InlineData("to=2026-13-01T00:00:00Z", "to")]
    [InlineData("to=0001-01-01", "to")]
    [InlineData("sort=oldest", "sort")]
    [InlineData("status=open", "status")]
    [InlineData("type=guess", "type")]
    [InlineData("band=highest", "band")]
    [InlineData("include=everything", "include")]
    [InlineData("confidence_min=1.5", "confidence_min")]
    [InlineData("limit=0", "limit")]
    [InlineData("continuation=nonsense", "continuation")]
    public async Task Insights_BadQuery_NamesTheField(string query, string field) => (await insights.Analyst.GetAsync($"/api/v1/insights?{query}")).ShouldBlame(field);

    [Fact]
    public async Task Insights_ContinuationUnderAnotherOrder_IsRefused()
    {
        var page = await insights.Analyst.GetAsync("/api/v1/insights?limit=5&sort=confidence");
        var next = page["pagination"].GetProperty("next").GetString()!;
        (await insights.Analyst.GetAsync(next.Replace("sort=confidence", "sort=-confidence"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Insights_OfOneCompany_ByIdAndByName_AreTheSame()
    {
        var id = insights.All.First(insight => insight.CompanyName == "Company 1, Inc.").CompanyId;
        var byId = await insights.Analyst.AllAsync<InsightView>($"/api/v1/insights?company={id}", "insights");
        byId.ShouldNotBeEmpty();
        byId.ShouldAllBe(insight => insight.Company == "Company 1, Inc." && insight.CompanyId == id);
        foreach (var name in new[] { "Company 1, Inc.", "COMPANY 1" })
        {
            (await insights.Analyst.AllAsync<InsightView>($"/api/v1/insights?company={Uri.EscapeDataString(name)}", "insights")).Select(insight => insight.Id).ShouldBe(byId.Select(insight => insight.Id));
        }
    }

    private static string NameOf(int filter) => s_filters[filter].Query.Split('=')[0];

    private static IEnumerable<InsightRecord> Sorted(List<InsightRecord> wanted, string order)
    {
        var ascending = wanted.OrderBy(insight => order.TrimStart('-') switch
        {
            "confidence" => insight.ConfidenceScore,
            "amount" => insight.Amount ?? decimal.MinValue,
            _ => 0,
        }).ThenBy(insight => order.Length == 0 ? insight.SortKey : "", StringComparer.Ordinal).ThenBy(insight => insight.Id, StringComparer.Ordinal);
        return order.StartsWith('-') ? ascending.Reverse() : ascending;
    }
}
