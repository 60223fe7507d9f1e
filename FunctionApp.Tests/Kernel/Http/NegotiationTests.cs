using System.Net;
using System.Text;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

/// <summary>Media types and methods.</summary>
[Collection(ContractTests.Name)]
public sealed class NegotiationTests(ContractFixture fixture)
{
    [Theory]
    [InlineData("/api/v1/analysis/trigger", "text/plain")]
    [InlineData("/api/v1/analysis/trigger", "multipart/form-data; boundary=b")]
    [InlineData("/api/v1/analysis/trigger", "nonsense")]
    [InlineData("/api/v1/documents/ingest", "application/pdf")]
    [InlineData("/api/v1/documents/ingest", "application/x-www-form-urlencoded")]
    public async Task Post_MediaTypeThatIsNotRead_IsRefused(string path, string mediaType)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        (await fixture.Analyst.ProblemAsync(request, 415, "unsupported-media-type")).GetProperty("detail").GetString()!.ShouldContain("application/json");
    }

    [Fact]
    public async Task Post_BodyWithoutMediaType_IsRefused() => await fixture.Analyst.ProblemAsync(
        new HttpRequestMessage(HttpMethod.Post, "/api/v1/analysis/trigger") { Content = new ByteArrayContent("{}"u8.ToArray()) }, 415, "unsupported-media-type");

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/*")]
    [InlineData("*/*")]
    [InlineData("application/problem+json")]
    [InlineData("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8")]
    [InlineData("text/html, application/json;q=0.1")]
    public async Task Get_AcceptThatCoversJson_IsAnswered(string accept) => (await GetAsync("/api/v1/insights", accept)).Status.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("/api/v1/insights", "text/html", "name that in Accept")]
    [InlineData("/api/v1/insights", "application/xml, text/*", "name that in Accept")]
    [InlineData("/api/v1/insights", "application/json;q=0, application/problem+json;q=0, */*;q=0", "name that in Accept")]
    [InlineData("/api/v1/documents/any/summary", "text/html", "name one of them in Accept")]
    [InlineData("/api/v1/runs/any/stream", "application/xml", "name that in Accept")]
    public async Task Get_AcceptThatExcludesTheAnswer_IsRefusedAsProblem(string path, string accept, string advice)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        (await fixture.Analyst.ProblemAsync(request, 406, "not-acceptable")).GetProperty("detail").GetString()!.ShouldContain(advice);
    }

    [Theory]
    [InlineData("/api/v1/insights?bnad=high", "bnad", "band")]
    [InlineData("/api/v1/documents?limit=1&stauts=ready", "stauts", "status")]
    [InlineData("/api/v1/companies?q=contoso", "q", "name, limit, continuation")]
    [InlineData("/api/v1/documents/any/facts?metrics=revenue", "metrics", "metric, period, page, sheet, include, limit, continuation")]
    [InlineData("/api/v1/runs/any/events?since=3", "since", "after")]
    public async Task Get_QueryParameterThatIsUnknown_IsRefusedWithThoseThatAreKnown(string path, string name, string known)
    {
        var problem = await fixture.Analyst.ProblemAsync(new HttpRequestMessage(HttpMethod.Get, path), 400, "invalid-request");
        problem.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe(name);
        problem.GetProperty("detail").GetString()!.ShouldContain(known);
    }

    [Fact]
    public async Task Get_LongQueryParameterThatIsUnknown_IsRefusedWithThoseThatAreKnown() =>
        (await fixture.Analyst.ProblemAsync(new HttpRequestMessage(HttpMethod.Get, $"/api/v1/companies?{new string('q', 5000)}=1"), 400, "invalid-request"))
            .GetProperty("detail").GetString()!.ShouldEndWith("it has name, limit, continuation.");

    [Fact]
    public async Task Get_QueryParameterInOtherCase_IsRead() => (await GetAsync("/api/v1/insights?LIMIT=1", "*/*")).Status.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("/api/v1/documents/any/summary", "text/markdown")]
    [InlineData("/api/v1/runs/any/stream", "text/event-stream")]
    [InlineData("/no/such/path", "image/png")]
    public async Task Get_AcceptOfTheRoute_IsLetThrough(string path, string accept) => (await GetAsync(path, accept)).Status.ShouldBe(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("OPTIONS", HttpStatusCode.NoContent)]
    [InlineData("HEAD", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PATCH", HttpStatusCode.MethodNotAllowed)]
    public async Task OtherMethods_OfAPath_NameThoseThatAreAllowed(string method, HttpStatusCode expected)
    {
        using var response = await fixture.Analyst.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/api/v1/insights"), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(expected);
        response.Content.Headers.Allow.ShouldBe(["GET"]);
    }

    /// <summary>A literal path is nobody's id, whatever the route with a parameter answers.</summary>
    [Theory]
    [InlineData("GET", "/api/v1/documents/ingest")]
    [InlineData("PUT", "/api/v1/documents/ingest")]
    [InlineData("GET", "/api/v1/documents/ingest?limit=1")]
    public async Task OtherMethods_OfALiteralPath_AreRefusedWithItsOwn(string method, string path)
    {
        using var response = await fixture.Analyst.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe(["POST"]);
        (await fixture.Analyst.GetAsync("/api/v1/documents/ingest-me")).Type.ShouldBe("urn:advisor:problem:not-found");
    }

    [Theory]
    [InlineData("/api/v1/insights", null, true)]
    [InlineData("/api/v1/insights", "identity", true)]
    [InlineData("/api/v1/insights", "gzip", true)]
    [InlineData("/api/v1/ingestions", null, true)]
    [InlineData("/api/openapi.yaml", null, true)]
    [InlineData("/api/v1/metrics", null, false)]
    public async Task Get_AnswerThatComesCompressedToOthers_VariesForAll(string path, string? encoding, bool varies)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (encoding is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        }

        if (!varies)
        {
            request.Headers.TryAddWithoutValidation("Accept", "text/plain");
        }

        using var response = await (await fixture.Advisor.ClientOfEveryRoleAsync()).Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.Vary.Count(header => header == "Accept-Encoding").ShouldBe(varies ? 1 : 0, "text/plain is never compressed");
    }

    [Theory]
    [InlineData("{\"ingestion_id\": 5}", "ingestion_id")]
    [InlineData("{\"ingestion_id\": \"a\", \"analysis_type\": {}}", "analysis_type")]
    [InlineData("{\"analysis_type\": \"risk\"}", "ingestion_id")]
    [InlineData("{\"ingestion_id\": \"a\"}", "analysis_type")]
    [InlineData("{\"ingestion_id\": \"a\", \"analysis_type\": \"guess\"}", "analysis_type")]
    [InlineData("not json", "body")]
    [InlineData("null", "body")]
    public async Task Trigger_BadBody_NamesTheMember(string body, string member)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/analysis/trigger") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        var problem = await fixture.Analyst.ProblemAsync(request, 400, "invalid-request");
        problem.GetProperty("errors").TryGetProperty(member, out _).ShouldBeTrue(problem.ToString());
    }

    [Fact]
    public async Task Trigger_UnknownMember_IsIgnored() => (await fixture.Analyst.PostAsync(
        "/api/v1/analysis/trigger", $$"""{"colour": {"of": [1]}, "ingestion_id": "{{await fixture.IngestionAsync()}}", "analysis_type": "risk"}""")).Status.ShouldBe(HttpStatusCode.Accepted);

    private Task<ApiAnswer> GetAsync(string path, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return fixture.Analyst.SendAsync(request);
    }
}
