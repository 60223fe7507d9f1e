using System.IO.Compression;
using System.Net;
using System.Text;
using Advisor.Documents;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>A host that reads three pages at most, for files that are not taken in.</summary>
public sealed class IntakeFixture : IAsyncLifetime
{
    public const int MaxPages = 3;

    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;

    public RunningAdvisor Advisor => _advisor!;

    public ApiClient Analyst => _analyst!;

    public async ValueTask InitializeAsync()
    {
        _advisor = await RunningAdvisor.StartAsync(("Documents:MaxPages", "3"));
        _analyst = await _advisor.ClientAsync(Role.Analyst);
    }

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }
    }
}

/// <summary>What is not taken in is refused in its own words, and leaves nothing behind.</summary>
public sealed class IntakeTests(IntakeFixture fixture) : IClassFixture<IntakeFixture>, IAsyncLifetime
{
    private const string Ingest = "/api/v1/documents/ingest";

    /// <summary>What was stored before the test.</summary>
    private IReadOnlyList<string> _before = [];

    public async ValueTask InitializeAsync() => _before = await StoredAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Ingest_EmptyFile_IsRefused() =>
        await RefusedAsync(await UploadAsync("report.pdf", []), HttpStatusCode.UnprocessableEntity, "empty-file");

    [Fact]
    public async Task Ingest_TruncatedPdf_IsRefused()
    {
        var whole = await ReportAsync();
        await RefusedAsync(await UploadAsync("report.pdf", whole[..(whole.Length / 2)]), HttpStatusCode.UnprocessableEntity, "truncated-file");
    }

    [Fact]
    public async Task Ingest_WorkbookWithPassword_IsRefused()
    {
        var workbook = await File.ReadAllBytesAsync(Path.Combine(Evals.Folder("workbooks"), "password_protected.xlsx"), TestContext.Current.CancellationToken);
        await RefusedAsync(await UploadAsync("book.xlsx", workbook), HttpStatusCode.UnprocessableEntity, "password-protected-workbook");
    }

    [Fact]
    public async Task Ingest_WordDocumentAsPdf_IsRefused() =>
        await RefusedAsync(await UploadAsync("report.pdf", WordDocument()), HttpStatusCode.UnsupportedMediaType, "mislabelled-file");

    [Fact]
    public async Task Ingest_WordDocument_IsRefused() =>
        await RefusedAsync(await UploadAsync("report.docx", WordDocument()), HttpStatusCode.UnsupportedMediaType, "unsupported-file");

    [Fact]
    public async Task Ingest_PictureAsPdf_IsRefused()
    {
        byte[] picture = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. new byte[200]];
        await RefusedAsync(await UploadAsync("report.pdf", picture), HttpStatusCode.UnsupportedMediaType, "mislabelled-file");
    }

    [Fact]
    public async Task Ingest_PdfDeclaredAsCsv_IsRefused() =>
        await RefusedAsync(await UploadAsync("report.pdf", await ReportAsync(), ("document_type", "csv")), HttpStatusCode.UnsupportedMediaType, "mislabelled-file");

    [Theory]
    [InlineData(50 * 1024 * 1024 + 1)]
    [InlineData(52 * 1024 * 1024 + 1)]
    public async Task Ingest_MoreThanFiftyMegabytes_IsRefused(int length) =>
        await RefusedAsync(await UploadAsync("report.pdf", new byte[length]), HttpStatusCode.RequestEntityTooLarge, "oversized-file");

    [Theory]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    [InlineData("{\"document_url\": ", "document_url")]
    [InlineData("{\"document_url\": 5}", "document_url")]
    [InlineData("{\"analysis_types\": \"trend\"}", "analysis_types")]
    [InlineData("{\"document_url\": \"\"}", "document_url")]
    [InlineData("{\"document_type\": \"pdf\"}", "document_url")]
    public async Task Ingest_BadJson_NamesTheMember(string body, string member)
    {
        var problem = await RefusedAsync(await fixture.Analyst.PostAsync(Ingest, body), HttpStatusCode.BadRequest, "invalid-request");
        problem["errors"].GetProperty(member).GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("[\"guess\"]")]
    [InlineData("[null]")]
    [InlineData("[\"anomaly\", null]")]
    public async Task Ingest_UnknownAnalysisInJson_IsRefused(string types)
    {
        var problem = await RefusedAsync(
            await fixture.Analyst.PostAsync(Ingest, $$"""{"document_url": "https://example.com/report.pdf", "analysis_types": {{types}}}"""), HttpStatusCode.BadRequest, "invalid-request");
        problem["errors"].GetProperty("analysis_types").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Ingest_UnknownAnalysisInForm_IsRefused()
    {
        var problem = await RefusedAsync(
            await UploadAsync("report.pdf", await ReportAsync(), ("analysis_types", "trend, guess")), HttpStatusCode.BadRequest, "invalid-request");
        problem["errors"].GetProperty("analysis_types")[0].GetString().ShouldNotBeNull().ShouldContain("'guess'");
    }

    [Fact]
    public async Task Ingest_UnknownDocumentType_IsRefused() =>
        (await RefusedAsync(await UploadAsync("report.pdf", await ReportAsync(), ("document_type", "word")), HttpStatusCode.BadRequest, "invalid-request"))
            ["errors"].TryGetProperty("document_type", out _).ShouldBeTrue();

    [Theory]
    [InlineData(255, HttpStatusCode.Accepted)]
    [InlineData(256, HttpStatusCode.BadRequest)]
    [InlineData(5000, HttpStatusCode.BadRequest)]
    public async Task Ingest_LongFileName_IsAcceptedUpToTheLimit(int length, HttpStatusCode expected)
    {
        var answer = await fixture.Analyst.UploadAsync($"{new string('n', length - 4)}.csv", "Metric,2025\nRevenue,100\n"u8.ToArray());
        answer.Status.ShouldBe(expected, answer.Text);
        answer.Text.Contains("at most 255 characters", StringComparison.Ordinal).ShouldBe(expected == HttpStatusCode.BadRequest);
        if (expected == HttpStatusCode.Accepted)
        {
            await fixture.Analyst.EndOfAsync(answer.Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task Ingest_FileAndUrl_IsRefused() =>
        await RefusedAsync(await UploadAsync("report.pdf", await ReportAsync(), ("document_url", "https://example.com/report.pdf")), HttpStatusCode.BadRequest, "invalid-request");

    [Fact]
    public async Task Ingest_NeitherFileNorUrl_IsRefused()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Ingest) { Content = new MultipartFormDataContent { { new StringContent("pdf"), "document_type" } } };
        await RefusedAsync(await fixture.Analyst.SendAsync(request), HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=cut", "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7")]
    [InlineData("multipart/form-data; boundary=cut", "nothing of the kind")]
    [InlineData("multipart/form-data", "--cut\r\n")]
    public async Task Ingest_MalformedMultipart_IsRefused(string contentType, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Ingest) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        await RefusedAsync(await fixture.Analyst.SendAsync(request), HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("http://example.com/report.pdf")]
    [InlineData("ftp://example.com/report.pdf")]
    [InlineData("file:///etc/hostname")]
    [InlineData("report.pdf")]
    [InlineData("https://user@example.com/report.pdf")]
    [InlineData("https://user:secret@example.com/report.pdf")]
    [InlineData("https://127.0.0.1/report.pdf")]
    [InlineData("https://127.1/report.pdf")]
    [InlineData("https://2130706433/report.pdf")]
    [InlineData("https://0x7f.0.0.1/report.pdf")]
    [InlineData("https://0.0.0.0/report.pdf")]
    [InlineData("https://10.1.2.3/report.pdf")]
    [InlineData("https://172.16.0.1/report.pdf")]
    [InlineData("https://192.168.1.1:8443/report.pdf")]
    [InlineData("https://100.64.0.1/report.pdf")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://224.0.0.1/report.pdf")]
    [InlineData("https://[::1]/report.pdf")]
    [InlineData("https://[::]/report.pdf")]
    [InlineData("https://[fe80::1]/report.pdf")]
    [InlineData("https://[fd00::1]/report.pdf")]
    [InlineData("https://[::ffff:127.0.0.1]/report.pdf")]
    [InlineData("https://[::ffff:169.254.169.254]/report.pdf")]
    [InlineData("https://[64:ff9b::7f00:1]/report.pdf")]
    [InlineData("https://[2002:7f00:1::]/report.pdf")]
    public async Task Ingest_UrlThatIsNotPublicHttps_IsRefused(string url) => await RefusedAsync(
        await fixture.Analyst.PostAsync(Ingest, $$"""{"document_url": "{{url}}"}"""), HttpStatusCode.UnprocessableEntity, "forbidden-url");

    [Fact]
    public async Task Ingest_HostThatResolvesToLoopback_FailsWithoutFetching()
    {
        var accepted = await fixture.Analyst.PostAsync(Ingest, """{"document_url": "https://localhost/report.pdf"}""");
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        await FailedAsync(accepted, "urn:advisor:problem:forbidden-url");
    }

    [Fact]
    public async Task Ingest_HostThatIsNotAllowed_IsRefusedByName()
    {
        await using var advisor = await RunningAdvisor.StartAsync(("Documents:AllowedHosts:0", "reports.example.com"));
        var analyst = await advisor.ClientAsync(Role.Analyst);
        var refused = await analyst.PostAsync(Ingest, """{"document_url": "https://example.com/report.pdf"}""");
        refused.Type.ShouldBe("urn:advisor:problem:forbidden-url");
        refused["detail"].GetString()!.ShouldContain("'example.com'");
    }

    [Fact]
    public async Task Ingest_MoreThanALowLimit_NamesTheLimit()
    {
        await using var advisor = await RunningAdvisor.StartAsync(("Documents:MaxBytes", "2000"));
        var analyst = await advisor.ClientAsync(Role.Analyst);
        var refused = await analyst.UploadAsync("report.pdf", await ReportAsync());
        refused.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        refused["detail"].GetString().ShouldBe("Files of up to 2,000 bytes are read; split this one, or remove pictures and unused sheets.");
        advisor.Blobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ingest_MorePagesThanAreRead_FailsAndLeavesNothing()
    {
        SystemTool.Require("pdfinfo", "poppler-utils");
        var accepted = await UploadAsync("report.pdf", await ReportAsync());
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        var error = await FailedAsync(accepted, "urn:advisor:problem:too-many-pages");
        error.ShouldContain("25 pages");

        var facts = await fixture.Analyst.GetAsync($"/api/v1/documents/{accepted["document_id"].GetString()}/facts");
        facts.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    /// <summary>The problem in its agreed form, and nothing stored.</summary>
    private async Task<ApiAnswer> RefusedAsync(ApiAnswer answer, HttpStatusCode status, string slug)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.ContentType.ShouldBe("application/problem+json");
        answer.Type.ShouldBe($"urn:advisor:problem:{slug}");
        answer["status"].GetInt32().ShouldBe((int)status);
        answer["title"].GetString().ShouldNotBeNullOrWhiteSpace();
        answer["trace_id"].GetString().ShouldNotBeNullOrWhiteSpace();
        answer["instance"].GetString().ShouldBe(Ingest);
        ShouldBeOneSentence(answer["detail"].GetString()!);
        await ShouldHoldNothingNewAsync();
        return answer;
    }

    /// <summary>The ingestion fails with this type and nothing is stored; its advice.</summary>
    private async Task<string> FailedAsync(ApiAnswer accepted, string type)
    {
        var ended = await fixture.Analyst.EndOfAsync($"/api/v1/ingestions/{accepted["ingestion_id"].GetString()}");
        ended["status"].GetString().ShouldBe("failed");
        ended["error"].GetProperty("type").GetString().ShouldBe(type);
        var advice = ended["error"].GetProperty("detail").GetString()!;
        ShouldBeOneSentence(advice);
        var events = await fixture.Analyst.GetAsync($"/api/v1/runs/{accepted["run_id"].GetString()}/events");
        events["events"].EnumerateArray().Select(e => e.GetProperty("type").GetString()).TakeLast(2).ShouldBe(["error", "final"]);
        await ShouldHoldNothingNewAsync();
        return advice;
    }

    private static void ShouldBeOneSentence(string advice)
    {
        advice.ShouldEndWith(".");
        advice.ShouldNotContain(". ");
        advice.ShouldNotContain("\n");
        advice.Length.ShouldBeInRange(20, 300);
    }

    private async Task ShouldHoldNothingNewAsync() => (await StoredAsync()).ShouldBe(_before, ignoreOrder: true);

    /// <summary>Blobs, and documents' records.</summary>
    private async Task<IReadOnlyList<string>> StoredAsync()
    {
        var records = fixture.Advisor.Services.GetRequiredService<IRecordStore>();
        var documents = await records.QueryAsync(DocumentRecord.Container, new TenantId(RunningAdvisor.Tenant), new RecordQuery([]), TestContext.Current.CancellationToken);
        return [.. fixture.Advisor.Blobs, .. documents.Items.Select(document => document.Id)];
    }

    private Task<ApiAnswer> UploadAsync(string name, byte[] content, params (string Name, string Value)[] fields) => fixture.Analyst.UploadAsync(name, content, fields);

    private static Task<byte[]> ReportAsync() => File.ReadAllBytesAsync(AdvisorFixture.Sample("annual-report.pdf"), TestContext.Current.CancellationToken);

    private static byte[] WordDocument()
    {
        using var bytes = new MemoryStream();
        using (var package = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in new[] { "[Content_Types].xml", "word/document.xml" })
            {
                using var writer = new StreamWriter(package.CreateEntry(part).Open());
                writer.Write("<empty/>");
            }
        }

        return bytes.ToArray();
    }
}
