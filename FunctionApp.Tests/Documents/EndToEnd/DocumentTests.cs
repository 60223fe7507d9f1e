using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Advisor.Documents;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Documents to look at: their records, their bytes, their text.</summary>
[Collection(EndToEndTests.Name)]
public sealed class DocumentTests(AdvisorFixture fixture)
{
    private const string Report = "annual-report.pdf";
    private const string Workbook = "quarterly-workbook.xlsx";

    [Fact]
    public async Task Document_ThatWasRead_TellsWhatItIs()
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        var bytes = await File.ReadAllBytesAsync(AdvisorFixture.Sample(Report), TestContext.Current.CancellationToken);
        var view = (await fixture.Analyst.GetAsync(PathOf(analysis))).As<DocumentView>();
        (view.Name, view.Bytes, view.Sha256, view.Pages, view.Status).ShouldBe((Report, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), 25, DocumentStatus.Completed));
        (view.Company, view.CompanySource, view.Form, view.LatestPeriod).ShouldBe(("Northwind Instruments, Inc.", CompanySource.Printed, "10-K", "FY2025"));
        view.Counts!.Facts.ShouldBe(analysis.Facts.Count);
        view.Counts.Metrics.ShouldBe(analysis.Facts.Count(fact => fact.Metric is not null));
        (view.Counts.ProofsHeld + view.Counts.ProofsFailed + view.Counts.ProofsUnproven).ShouldBe(analysis.Proofs.Count);
        view.Retention.ShouldBe(new RetentionView(view.UploadedAt.AddDays(2555), LegalHold: false, null));
        view.UploadedBy.ShouldBe("analyst@northwind");
        foreach (var link in view.Links.Values)
        {
            (await fixture.Analyst.GetAsync(link.Href)).Status.ShouldBe(HttpStatusCode.OK, link.Href);
        }
    }

    [Fact]
    public async Task Document_AskedForAgain_IsNotSentAgain()
    {
        var path = PathOf(await fixture.AnalyzeSampleAsync(Report));
        var tag = (await fixture.Analyst.GetAsync(path)).Headers.ETag!;
        tag.IsWeak.ShouldBeFalse();
        var again = await GetAsync(path, ("If-None-Match", $"\"other\", W/{tag}"));
        (again.Status, again.Body.Length, again.Headers.ETag).ShouldBe((HttpStatusCode.NotModified, 0, tag));
        (await GetAsync(path, ("If-None-Match", "*"))).Status.ShouldBe(HttpStatusCode.NotModified);
        (await GetAsync(path, ("If-None-Match", "\"other\""))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Original_Whole_IsTheBytesUploaded()
    {
        var bytes = await File.ReadAllBytesAsync(AdvisorFixture.Sample(Report), TestContext.Current.CancellationToken);
        var original = await GetAsync(PathOf(await fixture.AnalyzeSampleAsync(Report)) + "/original");
        (original.Status, original.Body.AsSpan().SequenceEqual(bytes)).ShouldBe((HttpStatusCode.OK, true));
        original.Headers.ETag!.ToString().ShouldBe($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"");
        original.Content.ContentType!.ToString().ShouldBe("application/pdf");
        original.Content.ContentDisposition!.DispositionType.ShouldBe("attachment");
        original.Content.ContentDisposition.FileName.ShouldBe(Report);
        original.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        original.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        original.Headers.CacheControl!.Private.ShouldBeTrue();
        original.Headers.AcceptRanges.ShouldBe(["bytes"]);
    }

    [Theory]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=1000-1000", 1000, 1)]
    [InlineData("bytes=-50", -50, 50)]
    public async Task Original_Range_IsThatPartOfTheBytes(string range, int from, int count)
    {
        var bytes = await File.ReadAllBytesAsync(AdvisorFixture.Sample(Report), TestContext.Current.CancellationToken);
        var path = PathOf(await fixture.AnalyzeSampleAsync(Report)) + "/original";
        var part = await GetAsync(path, ("Range", range));
        part.Status.ShouldBe(HttpStatusCode.PartialContent);
        part.Body.ShouldBe(bytes.AsSpan(from < 0 ? bytes.Length + from : from, count).ToArray());
        part.Content.ContentRange!.Length.ShouldBe(bytes.Length);

        var tag = part.Headers.ETag!.ToString();
        (await GetAsync(path, ("Range", range), ("If-Range", tag))).Status.ShouldBe(HttpStatusCode.PartialContent);
        (await GetAsync(path, ("Range", range), ("If-Range", "\"other\""))).Status.ShouldBe(HttpStatusCode.OK);
        (await GetAsync(path, ("If-None-Match", tag))).Status.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Original_RangePastTheEnd_IsNotSatisfiable()
    {
        var path = PathOf(await fixture.AnalyzeSampleAsync(Report)) + "/original";
        var refused = await GetAsync(path, ("Range", "bytes=99999999-"));
        refused.Status.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        refused.Content.ContentRange!.Length.ShouldNotBeNull();
    }

    [Fact]
    public async Task Original_Inline_IsForPdfsOnly()
    {
        var pdf = await GetAsync(PathOf(await fixture.AnalyzeSampleAsync(Report)) + "/original?inline=true");
        pdf.Content.ContentDisposition!.DispositionType.ShouldBe("inline");
        var workbook = await GetAsync(PathOf(await fixture.AnalyzeSampleAsync(Workbook)) + "/original?inline=true");
        workbook.Content.ContentDisposition!.DispositionType.ShouldBe("attachment");
        workbook.Content.ContentType!.ToString().ShouldBe("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    }

    [Fact]
    public async Task Original_NameThatIsNoHeader_IsEncoded()
    {
        var accepted = await fixture.Analyst.UploadAsync("Q1 Übersicht; x=1.csv", "Account,Amount\nCash,1\n"u8.ToArray(), ("analysis_types", "risk"));
        await fixture.Analyst.EndOfAsync(accepted.Headers.Location!.ToString());
        var original = await GetAsync($"/api/v1/documents/{accepted["document_id"].GetString()}/original");
        original.Content.ContentDisposition!.FileNameStar.ShouldBe("Q1 Übersicht; x=1.csv");
        original.Content.ContentDisposition.Parameters.Select(parameter => parameter.Name).ShouldBe(["filename", "filename*"]);
        original.Content.ContentType!.MediaType.ShouldBe("text/csv");
    }

    [Fact]
    public async Task Text_OfPages_HoldsThePrintedTextOfEveryFactInItsBox()
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        var pages = await fixture.Analyst.AllAsync<PageText>(PathOf(analysis) + "/text", "pages");
        pages.Select(page => page.Page).ShouldBe(Enumerable.Range(1, 25));
        var statement = analysis.Facts.Where(fact => fact is { Box: not null, Metric: not null }).ToList();
        statement.ShouldNotBeEmpty();
        foreach (var fact in statement)
        {
            pages[fact.Page!.Value - 1].Words.ShouldContain(
                word => word.Text.Contains(fact.Printed.Trim('(', ')', '$', ' ')) && word.Box.Left < fact.Box!.Value.Right && word.Box.Right > fact.Box.Value.Left && word.Box.Top < fact.Box.Value.Bottom && word.Box.Bottom > fact.Box.Value.Top,
                $"{fact.Printed} on page {fact.Page}");
        }
    }

    [Theory]
    [InlineData("", 10, 1)]
    [InlineData("?page=15", 1, 15)]
    [InlineData("?page=24-25", 2, 24)]
    [InlineData("?page=3-20&limit=4", 4, 3)]
    public async Task Text_OfSomePages_IsThatOfThem(string query, int count, int first)
    {
        var text = await fixture.Analyst.GetAsync(PathOf(await fixture.AnalyzeSampleAsync(Report)) + "/text" + query);
        text["page_count"].GetInt32().ShouldBe(25);
        text["pages"].EnumerateArray().Select(page => page.GetProperty("page").GetInt32()).ShouldBe(Enumerable.Range(first, count));
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=26")]
    [InlineData("page=7-3")]
    [InlineData("page=1-2-3")]
    [InlineData("page=one")]
    [InlineData("continuation=x")]
    public async Task Text_PagesThatAreNone_AreRefused(string query)
    {
        var refused = await fixture.Analyst.GetAsync(PathOf(await fixture.AnalyzeSampleAsync(Report)) + "/text?" + query);
        refused.ShouldBlame(query.Split('=')[0]);
    }

    [Fact]
    public async Task Text_OfAScan_TellsItsConfidence()
    {
        var text = await fixture.Analyst.GetAsync(PathOf(await fixture.AnalyzeSampleAsync("scanned-page.pdf")) + "/text");
        var page = text["pages"].EnumerateArray().Single();
        page.GetProperty("read_by").GetString().ShouldBe("ocr");
        page.GetProperty("words").EnumerateArray().ShouldAllBe(word => word.GetProperty("confidence").GetDouble() >= 0 && word.GetProperty("confidence").GetDouble() <= 1);
    }

    [Fact]
    public async Task Text_OfAWorkbook_HoldsTheCellOfEveryFact()
    {
        var analysis = await fixture.AnalyzeSampleAsync(Workbook);
        var rows = await fixture.Analyst.AllAsync<RowText>(PathOf(analysis) + "/text?limit=40", "rows");
        var cells = rows.SelectMany(row => row.Cells.Select(cell => (Place: $"{row.Sheet}!{cell.Address}", Cell: cell))).ToDictionary(item => item.Place, item => item.Cell);
        analysis.Facts.ShouldNotBeEmpty();
        analysis.Facts.ShouldAllBe(fact => cells.ContainsKey($"{fact.Sheet}!{fact.Cell}"));
        cells.Values.ShouldContain(cell => cell.Formula != null && cell.Formula.StartsWith("SUM("));
        cells.Values.ShouldContain(cell => cell.NumberFormat.Contains("#,##0"));

        var sheets = (await fixture.Analyst.GetAsync(PathOf(analysis) + "/text?limit=1"))["sheets"].EnumerateArray().Select(sheet => sheet.GetProperty("name").GetString()).ToList();
        rows.Select(row => row.Sheet).Distinct().ShouldBe(sheets);
        var one = await fixture.Analyst.AllAsync<RowText>(PathOf(analysis) + "/text?sheet=income%20statement", "rows");
        one.Select(row => row.Row).ShouldBe(rows.Where(row => row.Sheet == "Income statement").Select(row => row.Row));
        var unknown = await fixture.Analyst.GetAsync(PathOf(analysis) + "/text?sheet=nowhere");
        unknown.ShouldBlame("sheet");
    }

    [Fact]
    public async Task Text_OfACsvFile_HasValuesOfTheirKind()
    {
        var analysis = await fixture.AnalyzeSampleAsync("ledger.csv");
        var text = await fixture.Analyst.GetAsync(PathOf(analysis) + "/text?limit=3");
        var cells = text["rows"].EnumerateArray().SelectMany(row => row.GetProperty("cells").EnumerateArray()).ToList();
        cells.Select(cell => cell.GetProperty("address").GetString()).ShouldContain("A1");
        cells.Select(cell => cell.GetProperty("value").ValueKind).Distinct().ShouldContain(JsonValueKind.Number);
        text["pagination"].GetProperty("next").GetString()!.ShouldContain("continuation=3");
    }

    [Theory]
    [InlineData("name=REPORT", Report)]
    [InlineData("format=xlsx", Workbook)]
    [InlineData("form=10-k", Report)]
    [InlineData("company=northwind%20instruments", Report)]
    [InlineData("status=completed", Report)]
    [InlineData("from=2000-01-01&to=2100-01-01", Report)]
    [InlineData("name=quarterly&format=xlsx&status=completed&sort=-name", Workbook)]
    public async Task Documents_Filtered_AreThoseOfTheWholeThatMatch(string query, string among)
    {
        await fixture.AnalyzeSampleAsync(Report);
        await fixture.AnalyzeSampleAsync(Workbook);
        var all = await fixture.Analyst.AllAsync<DocumentView>("/api/v1/documents?sort=name&limit=2", "documents");
        var found = await fixture.Analyst.AllAsync<DocumentView>($"/api/v1/documents?limit=2&{query}", "documents");
        var wanted = all.Where(document => query.Split('&').Select(part => part.Split('=')).All(filter => filter switch
        {
            ["name", var name] => document.Name.Contains(name, StringComparison.OrdinalIgnoreCase),
            ["format", var format] => document.Format.ToString().Equals(format, StringComparison.OrdinalIgnoreCase),
            ["form", _] => document.Form == "10-K",
            ["company", _] => document.Company == "Northwind Instruments, Inc.",
            ["status", _] => document.Status == DocumentStatus.Completed,
            _ => true,
        })).Select(document => document.DocumentId).ToHashSet();

        // Other tests upload at the same time: what was there before is what is compared.
        found.Select(document => document.DocumentId).Where(id => all.Exists(document => document.DocumentId == id)).ToHashSet().SetEquals(wanted).ShouldBeTrue(query);
        found.ShouldContain(document => document.Name == among);
    }

    [Fact]
    public async Task Documents_FromAndToTheInstantOfAnUpload_CountTheFirstAndNotTheLast()
    {
        var view = (await fixture.Analyst.GetAsync(PathOf(await fixture.AnalyzeSampleAsync(Report)))).As<DocumentView>();
        var instant = Uri.EscapeDataString(view.UploadedAt.ToString("O"));
        (await fixture.Analyst.AllAsync<DocumentView>($"/api/v1/documents?from={instant}", "documents")).ShouldContain(document => document.DocumentId == view.DocumentId);
        (await fixture.Analyst.AllAsync<DocumentView>($"/api/v1/documents?to={instant}", "documents")).ShouldNotContain(document => document.DocumentId == view.DocumentId);
    }

    [Theory]
    [InlineData("newest", true)]
    [InlineData("oldest", false)]
    public async Task Documents_ByTime_ComeInThatOrder(string sort, bool descending)
    {
        await fixture.AnalyzeSampleAsync(Report);
        await fixture.AnalyzeSampleAsync(Workbook);
        var times = (await fixture.Analyst.AllAsync<DocumentView>($"/api/v1/documents?limit=2&sort={sort}", "documents")).ConvertAll(document => document.UploadedAt);
        times.ShouldBe(descending ? times.OrderDescending() : times.Order());
        times.Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData("documents?sort=size", "sort")]
    [InlineData("documents?status=deleting", "status")]
    [InlineData("documents?format=word", "format")]
    [InlineData("documents?from=today", "from")]
    [InlineData("documents?to=today", "to")]
    [InlineData("documents?limit=0", "limit")]
    [InlineData("documents?continuation=x", "continuation")]
    [InlineData("ingestions?status=done", "status")]
    [InlineData("ingestions?limit=x", "limit")]
    [InlineData("companies?limit=x", "limit")]
    [InlineData("companies?continuation=x", "continuation")]
    public async Task Lists_BadQuery_NameTheField(string path, string field) => (await fixture.Analyst.GetAsync($"/api/v1/{path}")).ShouldBlame(field);

    [Fact]
    public async Task Ingestions_AllOfThem_ComeNewestFirst()
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        await fixture.AnalyzeSampleAsync(Workbook);
        var all = await fixture.Analyst.AllAsync<IngestionView>("/api/v1/ingestions?limit=1&status=completed", "ingestions");
        all.Select(ingestion => ingestion.IngestionId).ShouldContain(analysis.Ingestion.IngestionId);
        all.Select(ingestion => ingestion.CreatedAt).ShouldBe(all.Select(ingestion => ingestion.CreatedAt).OrderDescending());
        all.ShouldAllBe(ingestion => ingestion.Status == IngestionStatus.Completed);
        (await fixture.Analyst.AllAsync<IngestionView>("/api/v1/ingestions?status=failed", "ingestions")).ShouldAllBe(ingestion => ingestion.Status == IngestionStatus.Failed);
    }

    [Fact]
    public async Task Series_OfAMetric_HasEveryHeadlineFactOfIt()
    {
        var analysis = await fixture.AnalyzeSampleAsync(Report);
        var company = (await fixture.Analyst.GetAsync(PathOf(analysis))).As<DocumentView>().CompanyId;
        var metrics = await fixture.Analyst.AllAsync<JsonElement>($"/api/v1/companies/{company}/series?limit=3", "metrics");
        metrics.Select(metric => metric.GetProperty("metric").GetString()).ShouldBeSubsetOf(analysis.Facts.Select(fact => fact.Metric));
        metrics.Count.ShouldBeGreaterThan(10);

        var points = await fixture.Analyst.AllAsync<SeriesPoint>($"/api/v1/companies/{company}/series?metric=revenue&limit=2", "points");
        var facts = analysis.Facts.Where(fact => fact is { Metric: "revenue", Period: not null }).ToList();
        facts.ShouldNotBeEmpty();
        points.Select(point => point.PeriodEnd).ShouldBe(points.Select(point => point.PeriodEnd).Order());
        foreach (var group in facts.GroupBy(fact => fact.Period))
        {
            var own = points.Where(point => point.Period == group.Key).SelectMany(point => point.Sources).Where(source => source.DocumentId == analysis.Ingestion.DocumentId).ToList();
            own.Sum(source => source.Occurrences).ShouldBe(group.Count(), group.Key);
            own.ShouldAllBe(source => group.Any(fact => fact.Id == source.FactId && fact.Value == source.Value && fact.Page == source.Page && fact.Box == source.Box));
        }

        var years = await fixture.Analyst.AllAsync<SeriesPoint>($"/api/v1/companies/{company}/series?metric=revenue&period_type=year&from=2024-01-01&to=2025-12-31", "points");
        years.ShouldNotBeEmpty();
        years.Select(point => point.Period).ShouldBe(points.Where(point => point is { Months: 12, PeriodEnd.Year: 2024 or 2025 }).Select(point => point.Period));
        var bad = await fixture.Analyst.GetAsync($"/api/v1/companies/{company}/series?metric=revenue&period_type=decade");
        bad.ShouldBlame("period_type");
    }

    private static string PathOf(DocumentAnalysis analysis) => $"/api/v1/documents/{analysis.Ingestion.DocumentId}";

    private async Task<(HttpStatusCode Status, byte[] Body, HttpResponseHeaders Headers, HttpContentHeaders Content)> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
        }

        using var response = await fixture.Analyst.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), response.Headers, response.Content.Headers);
    }
}
