using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

/// <summary>One strong tag for each form of an answer, any of which names its version.</summary>
[Collection(ContractTests.Name)]
public sealed class EntityTagTests(ContractFixture fixture)
{
    private static readonly string[] s_forms = ["identity", "gzip", "br"];

    [Theory]
    [InlineData("/api/v1/insights")]
    [InlineData("/api/openapi.yaml")]
    public async Task Get_EachForm_HasATagOfItsOwnThatIsKnownAgain(string path)
    {
        var tags = await TagsAsync(path);
        tags[1..].ShouldBe([$"{tags[0][..^1]}-gzip\"", $"{tags[0][..^1]}-br\""]);
        foreach (var (tag, form) in tags.SelectMany(tag => s_forms.Select(form => (tag, form))))
        {
            using var same = await SendAsync(HttpMethod.Get, path, ("Accept-Encoding", form), ("If-None-Match", $"\"other\", {tag}"));
            (same.StatusCode, same.Headers.ETag!.ToString()).ShouldBe((HttpStatusCode.NotModified, tag));
        }

        using var other = await SendAsync(HttpMethod.Get, path, ("If-None-Match", "\"other-br\""));
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Patch_TagOfACompressedAnswer_NamesTheVersion()
    {
        var uploaded = await fixture.Analyst.UploadAsync("tagged.csv", "Metric,2024,2025\nRevenue,100,120\n"u8.ToArray());
        var path = (await fixture.Analyst.EndOfAsync(uploaded.Headers.Location!.ToString()))["_links"].GetProperty("document").GetProperty("href").GetString()!;
        foreach (var company in new[] { "Fabrikam", "Contoso", "Northwind" })
        {
            var tags = await TagsAsync(path);
            var mine = tags[company.Length % tags.Length];
            using var changed = await PatchAsync(path, company, mine);
            changed.StatusCode.ShouldBe(HttpStatusCode.OK, await changed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            changed.Headers.ETag!.ToString().ShouldBe((await TagsAsync(path))[2]);
            using var late = await PatchAsync(path, company, mine);
            late.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        }
    }

    private Task<HttpResponseMessage> PatchAsync(string path, string company, string tag) =>
        SendAsync(HttpMethod.Patch, path, ("Accept-Encoding", "br"), ("If-Match", tag), ("Content", $$"""{"company": "{{company}}"}"""));

    private async Task<string[]> TagsAsync(string path)
    {
        var tags = new List<string>();
        foreach (var form in s_forms)
        {
            using var response = await SendAsync(HttpMethod.Get, path, ("Accept-Encoding", form));
            response.Content.Headers.ContentEncoding.ShouldBe(form == "identity" ? [] : [form]);
            tags.Add(response.Headers.ETag!.ToString());
        }

        return [.. tags];
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            if (name == "Content")
            {
                request.Content = new StringContent(value, Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json"));
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return fixture.Analyst.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
