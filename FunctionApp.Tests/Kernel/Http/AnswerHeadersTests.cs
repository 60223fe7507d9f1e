using System.Text.Json;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

/// <summary>Compression, security headers and the trace of an answer.</summary>
[Collection(ContractTests.Name)]
public sealed class AnswerHeadersTests(ContractFixture fixture)
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Theory]
    [InlineData("/api/test/text/5000", "gzip", "gzip")]
    [InlineData("/api/test/text/5000", "gzip, br", "br")]
    [InlineData("/api/test/text/5000", "identity", null)]
    [InlineData("/api/test/text/100", "gzip", null)]
    [InlineData("/api/test/original", "gzip", null)]
    [InlineData("/api/v1/insights", "gzip", "gzip")]
    [InlineData("/api/v1/insights/unknown", "gzip", "gzip")]
    public async Task Get_AcceptEncoding_CompressesTextThatIsWorthIt(string path, string accepted, string? expected)
    {
        using var response = await SendAsync(path, ("Accept-Encoding", accepted), ("Accept", "*/*"));
        response.Content.Headers.ContentEncoding.ShouldBe(expected is null ? [] : [expected]);
    }

    [Theory]
    [InlineData("/api/test/text/5000", "br", "Accept-Encoding")]
    [InlineData("/api/test/text/5000", "identity", "Accept-Encoding")]
    [InlineData("/api/test/text/100", "br", "")]
    [InlineData("/api/v1/insights", "gzip", "Authorization, Accept-Encoding")]
    [InlineData("/api/v1/insights", "br", "Authorization, Accept-Encoding")]
    [InlineData("/api/v1/insights", "identity", "Authorization, Accept-Encoding")]
    [InlineData("/api/v1/documents", "br", "Accept-Encoding")]
    [InlineData("/api/v1/insights/unknown", "gzip", "Accept-Encoding")]
    [InlineData("/api/openapi.yaml", "br", "Accept-Encoding")]
    [InlineData("/api/test/original", "gzip", "")]
    public async Task Get_AcceptEncoding_VariesByWhatTheAnswerWasChosenBy(string path, string accepted, string expected)
    {
        using var response = await SendAsync(path, ("Accept-Encoding", accepted), ("Accept", "*/*"));
        string.Join(", ", response.Headers.Vary).ShouldBe(expected);
    }

    [Fact]
    public async Task Get_EventStream_IsNotCompressed()
    {
        var ingestion = await fixture.Analyst.GetAsync($"/api/v1/ingestions/{await fixture.IngestionAsync()}");
        using var response = await SendAsync($"/api/v1/runs/{ingestion["run_id"].GetString()}/stream", ("Accept-Encoding", "gzip, br"));
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/v1/documents", "no-store")]
    [InlineData("/api/v1/insights/unknown", "no-store")]
    [InlineData("/api/test/fails", "no-store")]
    [InlineData("/health", "no-store")]
    [InlineData("/api/v1/insights", "private, no-cache")]
    public async Task Get_AnyAnswerOfTheApi_IsNotRunAndKeptOnlyAsItSays(string path, string cacheControl)
    {
        using var response = await SendAsync(path);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'"]);
        response.Headers.NonValidated["Cache-Control"].ShouldHaveSingleItem().ShouldBe(cacheControl);
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/api/v1/insights/unknown")]
    [InlineData("/api/test/fails")]
    [InlineData("/no/such/path")]
    public async Task Get_TraceParent_IsTheTraceOfTheProblemAndTheAnswer(string path)
    {
        using var response = await SendAsync(path, ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));
        response.Headers.GetValues("traceresponse").ShouldHaveSingleItem().ShouldMatch($"^00-{Trace}-[0-9a-f]{{16}}-0[01]$");
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("trace_id").GetString().ShouldBe(Trace);
    }

    [Fact]
    public async Task Get_WithoutTraceParent_IsATraceOfItsOwn()
    {
        using var response = await SendAsync("/api/v1/insights");
        response.Headers.GetValues("traceresponse").ShouldHaveSingleItem().ShouldMatch("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$");
    }

    private Task<HttpResponseMessage> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return fixture.Analyst.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
