using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

/// <summary>Bodies of real size, from clients that send without waiting to be asked.</summary>
[Collection(ContractTests.Name)]
public sealed class BodyLimitTests(ContractFixture fixture)
{
    private const string Ingest = "/api/v1/documents/ingest";
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task Ingest_FileOf49Megabytes_IsAccepted()
    {
        using var response = await SendAsync(Ingest, Upload(49 * Megabyte));
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData(51, false)]
    [InlineData(51, true)]
    [InlineData(60, false)]
    [InlineData(60, true)]
    public async Task Ingest_FileOverTheLimit_IsRefusedInWords(int megabytes, bool chunked)
    {
        using var response = await SendAsync(Ingest, Upload(megabytes * Megabyte), chunked);
        var problem = ProblemShape.Check(response.Content.Headers.ContentType, (int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        problem.GetProperty("status").GetInt32().ShouldBe(413);
        problem.GetProperty("type").GetString().ShouldBe("urn:advisor:problem:oversized-file");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_JsonOverTheLimit_IsRefusedInWords(bool keyed)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes("{\"ingestion_id\": \"".PadRight(53 * Megabyte, 'a')));
        content.Headers.ContentType = new("application/json");
        using var response = await SendAsync("/api/v1/analysis/trigger", content, chunked: true, keyed);
        var problem = ProblemShape.Check(response.Content.Headers.ContentType, (int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        problem.GetProperty("type").GetString().ShouldBe("urn:advisor:problem:body-too-large");
        problem.GetProperty("detail").GetString()!.ShouldContain("52 MB");
    }

    [Fact]
    public async Task Post_BodyThatEndsEarly_IsRefusedWithAKeyToo()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Ingest) { Content = new ByteArrayContent("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf"u8.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=cut");
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        await fixture.Analyst.ProblemAsync(request, 400, "invalid-request");
    }

    private async Task<HttpResponseMessage> SendAsync(string path, HttpContent content, bool chunked = false, bool keyed = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        if (keyed)
        {
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }

        return await fixture.Analyst.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A CSV file of this size, a hundred kilobytes a line.</summary>
    private static MultipartFormDataContent Upload(int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill((byte)'a');
        for (var i = 100_000; i < length; i += 100_000)
        {
            bytes[i] = (byte)'\n';
            bytes[i - 50_000] = (byte)',';
        }

        return new MultipartFormDataContent { { new ByteArrayContent(bytes), "file", "large.csv" } };
    }
}
