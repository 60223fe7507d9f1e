using System.Net;
using System.Text;
using System.Text.Json;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

/// <summary>The published cases of the idempotency draft and of RFC 9457, each as a real exchange.</summary>
[Collection(ContractTests.Name)]
public sealed class HttpCasesTests(ContractFixture fixture)
{
    private const string Effects = "/api/test/effects";
    private const string Trigger = "/api/v1/analysis/trigger";

    private readonly string _key = Guid.NewGuid().ToString();

    private Dictionary<string, Func<Task>> Exchanges => new()
    {
        ["I1"] = () => RefusedAsync(Json("/api/test/required", "{}"), 400),
        ["I2"] = async () => (await SameTwiceAsync(_key, _key)).ShouldBe(1),
        ["I3"] = async () =>
        {
            await SendAsync(_key);
            await WithoutEffectAsync(() => RefusedAsync(ContractFixture.Post(Effects, _key, "[1]"), 422));
        },
        ["I4"] = InFlightAsync,
        ["I5"] = FailedAsync,
        ["I6"] = () => WithoutEffectAsync(() => RawRefusedAsync("Idempotency-Key: a\r\nIdempotency-Key: a")),
        ["I7"] = async () => (await SameTwiceAsync(_key, $"\"{_key}\"")).ShouldBe(1),
        ["I8"] = () => WithoutEffectAsync(async () =>
        {
            await RefusedAsync(ContractFixture.Post(Effects, new string('k', 10_000)), 400);
            await RawRefusedAsync("Idempotency-Key: ");
            await RawRefusedAsync("Idempotency-Key: <script>\ud83d\ude00</script>");
            // The server refuses such a header before there is a request that anyone could answer in words.
            (await fixture.RawAsync(fixture.RawPost("Idempotency-Key: a\0b"))).ShouldStartWith("HTTP/1.1 400 ");
            (await fixture.RawAsync(fixture.RawPost("Idempotency-Key: a\rb"))).ShouldStartWith("HTTP/1.1 400 ");
        }),
        ["P1"] = () => RefusedAsync(Json(Trigger, "{\"ingestion_id\": "), 400),
        ["P2"] = async () =>
        {
            (await RefusedAsync(Json(Trigger, "{\"ingestion_id\": 5}"), 400)).GetProperty("errors").TryGetProperty("ingestion_id", out _).ShouldBeTrue();
            (await RefusedAsync(Json(Trigger, "{\"ingestion_id\": \"a\"}"), 400)).GetProperty("errors").TryGetProperty("analysis_type", out _).ShouldBeTrue();
        },
        ["P3"] = () => RefusedAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/insights/unknown"), 404),
        ["P4"] = WrongMethodAsync,
        ["P5"] = async () =>
        {
            await RefusedAsync(Json(Trigger, "{}", "text/plain"), 415);
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/insights");
            request.Headers.Add("Accept", "text/html");
            await RefusedAsync(request, 406);
        },
        ["P6"] = () => RefusedAsync(Json(Trigger, new string('a', 53 * 1024 * 1024)), 413),
        ["P7"] = CredentialsAsync,
        ["P8"] = OverQuotaAsync,
        ["P9"] = async () =>
        {
            var text = (await RefusedAsync(new HttpRequestMessage(HttpMethod.Get, "/api/test/fails"), 500)).ToString();
            text.ShouldNotContain("hunter2");
            text.ShouldNotContain("Exception");
        },
        // Every refusal here is checked in this form; one more, whose text comes from the request.
        ["P10"] = () => RefusedAsync(new HttpRequestMessage(HttpMethod.Get, "/a%20path/with%20\u00e9?and=query"), 404),
        ["P11"] = async () =>
        {
            foreach (var request in new[]
            {
                new HttpRequestMessage(HttpMethod.Get, "/api/v1/insights/%3Cscript%3E"),
                new HttpRequestMessage(HttpMethod.Get, "/%3Cscript%3E"),
                new HttpRequestMessage(HttpMethod.Get, "/api/v1/insights?band=%3Cscript%3E"),
                Json("/api/v1/documents/ingest", "{\"document_url\": \"https://example.com\", \"analysis_types\": [\"<script>\"]}"),
            })
            {
                (await RefusedAsync(request, null)).ToString().ShouldNotContain("<script", Case.Insensitive);
            }
        },
    };

    public static TheoryData<string> Ids()
    {
        var file = Path.Combine(Evals.RepositoryRoot, "..", "shared", "evals", "http", "http_cases.json");
        if (Environment.GetEnvironmentVariable(Evals.Variable) is { Length: > 0 } folder)
        {
            file = Path.Combine(folder, "http", "http_cases.json");
        }

        // Where the cases are not, one that says so by being skipped.
        return File.Exists(file)
            ? [.. JsonElement.Parse(File.ReadAllText(file)).EnumerateObject().Where(list => list.Value.ValueKind == JsonValueKind.Array)
                .SelectMany(list => list.Value.EnumerateArray()).Select(item => item.GetProperty("id").GetString()!)]
            : ["absent"];
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Case_OfTheFile_IsMet(string id)
    {
        _ = Evals.Folder("http");
        Exchanges.ShouldContainKey(id);
        await Exchanges[id]();
    }

    private static HttpRequestMessage Json(string path, string body, string contentType = "application/json") =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, contentType) };

    private Task<ApiAnswer> SendAsync(string key) => fixture.Analyst.SendAsync(ContractFixture.Post(Effects, key));

    /// <summary>How often the two requests, which must be answered alike, took effect.</summary>
    private async Task<int> SameTwiceAsync(string first, string second)
    {
        var answer = await SendAsync(first);
        var again = await SendAsync(second);
        (again.Status, again.Text).ShouldBe((answer.Status, answer.Text));
        return fixture.Effects.Done.Count(done => done == answer["id"].GetString());
    }

    private async Task WithoutEffectAsync(Func<Task> exchange)
    {
        var before = fixture.Effects.Done.Count;
        await exchange();
        fixture.Effects.Done.Count.ShouldBe(before);
    }

    private async Task<JsonElement> RefusedAsync(HttpRequestMessage request, int? status, ApiClient? client = null)
    {
        using (request)
        {
            using var response = await (client ?? fixture.Analyst).Http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            ((int)response.StatusCode).ShouldBe(status ?? (int)response.StatusCode, text);
            ((int)response.StatusCode).ShouldBeGreaterThanOrEqualTo(400);
            return ProblemShape.Check(response.Content.Headers.ContentType, (int)response.StatusCode, text);
        }
    }

    private async Task RawRefusedAsync(string header)
    {
        var answer = await fixture.RawAsync(fixture.RawPost(header));
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("Content-Type: application/problem+json\r\n");
        answer.ShouldNotContain("<script");
    }

    private async Task InFlightAsync()
    {
        var effects = new Effects();
        await using var advisor = await ContractFixture.StartAsync(effects);
        var analyst = await advisor.ClientAsync(Role.Analyst);
        var first = analyst.SendAsync(ContractFixture.Post("/api/test/slow", _key));
        await effects.Begun.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await RefusedAsync(ContractFixture.Post("/api/test/slow", _key), 409, analyst);
        effects.Gate.SetResult();
        (await first).Status.ShouldBe(HttpStatusCode.Accepted);
        effects.Done.ShouldHaveSingleItem();
    }

    private async Task FailedAsync()
    {
        await RefusedAsync(ContractFixture.Post("/api/test/fails-once", _key), 500);
        var again = await fixture.Analyst.SendAsync(ContractFixture.Post("/api/test/fails-once", _key));
        (await fixture.Analyst.SendAsync(ContractFixture.Post("/api/test/fails-once", _key))).Text.ShouldBe(again.Text);
        fixture.Effects.Done.Count(done => done == again["id"].GetString()).ShouldBe(1);
    }

    private async Task WrongMethodAsync()
    {
        using var response = await fixture.Analyst.Http.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/insights"), TestContext.Current.CancellationToken);
        response.Content.Headers.Allow.ShouldBe(["GET"]);
        ProblemShape.Check(response.Content.Headers.ContentType, (int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .GetProperty("status").GetInt32().ShouldBe(405);
    }

    private async Task CredentialsAsync()
    {
        foreach (var stranger in new[] { fixture.Advisor.Stranger(), fixture.Advisor.Stranger("adv_forged") })
        {
            (await stranger.GetAsync("/api/v1/insights")).Headers.WwwAuthenticate.ShouldNotBeEmpty();
            await RefusedAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/insights"), 401, stranger);
        }

        await RefusedAsync(Json(Trigger, "{}"), 403, await fixture.Advisor.ClientAsync(Role.Operator));
    }

    private async Task OverQuotaAsync()
    {
        await using var advisor = await RunningAdvisor.StartAsync(("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "1"));
        var analyst = await advisor.ClientAsync(Role.Analyst);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => analyst.GetAsync("/api/v1/insights")));
        var refused = answers.First(answer => answer.Status == HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        refused.Type.ShouldBe("urn:advisor:problem:too-many-requests");
    }
}
