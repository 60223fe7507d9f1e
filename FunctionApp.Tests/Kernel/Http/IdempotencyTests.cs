using System.Net;
using System.Text;
using Advisor.Documents;
using Advisor.Insights;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

[Collection(ContractTests.Name)]
public sealed class IdempotencyTests(ContractFixture fixture)
{
    private const string Effects = "/api/test/effects";
    private const string Ingest = "/api/v1/documents/ingest";
    private const string Trigger = "/api/v1/analysis/trigger";

    private static readonly TenantId s_tenant = new(RunningAdvisor.Tenant);

    private readonly string _key = Guid.NewGuid().ToString();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IRecordStore Records => fixture.Advisor.Services.GetRequiredService<IRecordStore>();

    [Fact]
    public async Task Post_SameKeyAndBody_GivesTheFirstAnswerAgain()
    {
        var first = await SendAsync(Effects, _key, """{"a": 1, "b": [2.0]}""");
        var second = await SendAsync(Effects, _key, """{ "b":[2], "a":1.00 }""");
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        second.Status.ShouldBe(HttpStatusCode.Accepted);
        (second.Text, second.Headers.Location, second.Headers.ETag, second.ContentType).ShouldBe((first.Text, first.Headers.Location, first.Headers.ETag, first.ContentType));
        Count(first["id"].GetString()!).ShouldBe(1);
    }

    [Theory]
    [InlineData(Effects, """{"a": 2}""")]
    [InlineData(Effects, """{"a": 1, "b": 1}""")]
    [InlineData(Effects, "[1]")]
    [InlineData(Effects + "?page=2", """{"a": 1}""")]
    public async Task Post_SameKeyAndOtherRequest_IsRefused(string path, string body)
    {
        await SendAsync(Effects, _key, """{"a": 1}""");
        var before = fixture.Effects.Done.Count;
        await fixture.Analyst.ProblemAsync(ContractFixture.Post(path, _key, body), 422, "idempotency-key-reused");
        fixture.Effects.Done.Count.ShouldBe(before);
    }

    [Fact]
    public async Task Post_BodyThatIsNotJson_CountsByItsBytes()
    {
        var first = await fixture.Analyst.SendAsync(ContractFixture.Post("/api/test/any-body", _key, "a, b", "text/plain"));
        var same = await fixture.Analyst.SendAsync(ContractFixture.Post("/api/test/any-body", _key, "a, b", "text/plain"));
        same.Text.ShouldBe(first.Text);
        await fixture.Analyst.ProblemAsync(ContractFixture.Post("/api/test/any-body", _key, "a,b", "text/plain"), 422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Post_SameKeyOnAnotherRouteOrByAnotherUser_IsAnotherKey()
    {
        var first = await SendAsync(Effects, _key);
        (await SendAsync("/api/test/required", _key))["id"].GetString().ShouldNotBe(first["id"].GetString());
        foreach (var other in new[] { await fixture.Advisor.ClientAsync(Role.Admin), await fixture.Advisor.ClientAsync(Role.Analyst, "somebody-else") })
        {
            (await other.SendAsync(ContractFixture.Post(Effects, _key)))["id"].GetString().ShouldNotBe(first["id"].GetString());
        }
    }

    [Fact]
    public async Task Post_WhileTheFirstIsInFlight_Conflicts()
    {
        var effects = new Effects();
        await using var advisor = await ContractFixture.StartAsync(effects);
        var analyst = await advisor.ClientAsync(Role.Analyst);
        var first = analyst.SendAsync(ContractFixture.Post("/api/test/slow", _key));
        await effects.Begun.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        using (var request = ContractFixture.Post("/api/test/slow", _key))
        using (var response = await analyst.Http.SendAsync(request, Cancel))
        {
            response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            ProblemShape.Check(response.Content.Headers.ContentType, 409, await response.Content.ReadAsStringAsync(Cancel)).GetProperty("type").GetString().ShouldBe("urn:advisor:problem:request-in-flight");
        }

        effects.Gate.SetResult();
        var answer = await first;
        (await analyst.SendAsync(ContractFixture.Post("/api/test/slow", _key))).Text.ShouldBe(answer.Text);
        effects.Done.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Post_FirstAttemptFailed_IsCarriedOutAfreshUnderTheSameOperation()
    {
        (await fixture.Analyst.ProblemAsync(ContractFixture.Post("/api/test/fails-once", _key), 500, "internal-error")).ToString().ShouldNotContain("hunter2");
        var second = await SendAsync("/api/test/fails-once", _key);
        second.Status.ShouldBe(HttpStatusCode.Accepted, second.Text);
        second.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        Count(second["id"].GetString()!).ShouldBe(1);
        (await SendAsync("/api/test/fails-once", _key)).Text.ShouldBe(second.Text);
    }

    [Fact]
    public async Task Post_RefusedBody_FreesTheKeyForACorrectedOne()
    {
        (await SendAsync(Trigger, _key, """{"ingestion_id": "unknown", "analysis_type": "risk"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
        var ingestion = await fixture.IngestionAsync();
        (await SendAsync(Trigger, _key, Analysis(ingestion))).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Post_RequiredKeyIsMissing_IsRefused()
    {
        var before = fixture.Effects.Done.Count;
        var problem = await fixture.Analyst.ProblemAsync(new HttpRequestMessage(HttpMethod.Post, "/api/test/required"), 400, "invalid-request");
        problem.GetProperty("errors").TryGetProperty("Idempotency-Key", out _).ShouldBeTrue();
        fixture.Effects.Done.Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("abc", "\"abc\"")]
    [InlineData("a'b=c", "\"a'b=c\"")]
    public async Task Post_BareAndQuotedKey_AreTheSame(string bare, string quoted)
    {
        var first = await SendAsync(Effects, _key + bare);
        (await SendAsync(Effects, '"' + _key + quoted[1..])).Text.ShouldBe(first.Text);
    }

    [Theory]
    [InlineData("Idempotency-Key:")]
    [InlineData("Idempotency-Key: \"\"")]
    [InlineData("Idempotency-Key: \"open")]
    [InlineData("Idempotency-Key: \"a\"b")]
    [InlineData("Idempotency-Key: \"a\\b\"")]
    [InlineData("Idempotency-Key: a b")]
    [InlineData("Idempotency-Key: a, b")]
    [InlineData("Idempotency-Key: \"a\", \"b\"")]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key: a")]
    [InlineData("Idempotency-Key: a\r\nidempotency-key: b")]
    [InlineData("Idempotency-Key: key-\ud83d\ude00")]
    [InlineData("Idempotency-Key: \"<script>alert(1)</script>")]
    public async Task Post_InvalidKey_IsRefusedWithoutQuotingIt(string header)
    {
        var answer = await fixture.RawAsync(fixture.RawPost(header));
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("Content-Type: application/problem+json\r\n");
        answer.ShouldContain("urn:advisor:problem:invalid-request");
        answer.ShouldNotContain("script");
        answer.ShouldNotContain("\ud83d\ude00");
    }

    [Theory]
    [InlineData(255, HttpStatusCode.Accepted)]
    [InlineData(256, HttpStatusCode.BadRequest)]
    [InlineData(10_000, HttpStatusCode.BadRequest)]
    public async Task Post_LongKey_IsReadUpToItsLimit(int length, HttpStatusCode expected) =>
        (await SendAsync(Effects, _key.PadRight(length, 'k'))).Status.ShouldBe(expected);

    [Theory]
    [InlineData("Idempotency-Key: a\0b")]
    [InlineData("Idempotency-Key: a\rb")]
    [InlineData("Idempotency-Key: a\nb")]
    public async Task Post_KeyWithControlCharacters_IsRefusedByTheServerItself(string header)
    {
        var before = fixture.Effects.Done.Count;
        var answer = await fixture.RawAsync(fixture.RawPost(header));
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("Content-Length: 0\r\n");
        fixture.Effects.Done.Count.ShouldBe(before);
    }

    [Fact]
    public async Task Trigger_HundredAtOnceWithOneKey_AreOneAnalysis()
    {
        var body = Analysis(await fixture.IngestionAsync());
        var before = await AnalysesAsync();
        var answers = await HundredAsync(() => SendAsync(Trigger, _key, body));
        var analysis = AllAreOne(answers, "analysis_id");
        (await AnalysesAsync()).Except(before).ShouldBe([analysis]);
        (await fixture.Analyst.EndOfAsync($"/api/v1/analysis/{analysis}"))["status"].GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task Ingest_HundredAtOnceWithOneKeyAndBoundariesOfTheirOwn_AreOneIngestion()
    {
        var (ingestions, blobs) = (await IngestionsAsync(), fixture.Advisor.Blobs);
        var answers = await HundredAsync(() => fixture.Analyst.SendAsync(Upload("hundred.csv")));
        var ingestion = AllAreOne(answers, "ingestion_id");
        (await fixture.Analyst.EndOfAsync($"/api/v1/ingestions/{ingestion}"))["status"].GetString().ShouldBe("completed");
        (await IngestionsAsync()).Except(ingestions).ShouldBe([ingestion]);
        Originals(fixture.Advisor.Blobs.Except(blobs)).ShouldHaveSingleItem();
        await fixture.Analyst.ProblemAsync(Upload("another-name.csv"), 422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Ingest_HostDiedBeforeItAnswered_IsTheSameIngestionAgain()
    {
        var (ingestions, blobs) = (await IngestionsAsync(), fixture.Advisor.Blobs);
        var first = await fixture.Analyst.SendAsync(Upload("lost.csv"));
        var ended = await fixture.Analyst.EndOfAsync(first.Headers.Location!.ToString());
        var events = await fixture.Analyst.GetAsync($"/api/v1/runs/{first["run_id"].GetString()}/events");
        await ForgetAnswerAsync("IngestDocumentTrigger", leaseIsOver: false);
        (await fixture.Analyst.SendAsync(Upload("lost.csv"))).Status.ShouldBe(HttpStatusCode.Conflict);

        await ForgetAnswerAsync("IngestDocumentTrigger", leaseIsOver: true);
        var again = await fixture.Analyst.SendAsync(Upload("lost.csv"));
        again.Status.ShouldBe(HttpStatusCode.Accepted, again.Text);
        again.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        foreach (var id in new[] { "ingestion_id", "document_id", "run_id" })
        {
            again[id].GetString().ShouldBe(first[id].GetString());
        }

        // The ingestion is as its run left it, and no second run begins.
        again["status"].GetString().ShouldBe("completed");
        (await fixture.Analyst.GetAsync(first.Headers.Location!.ToString())).Text.ShouldBe(ended.Text);
        (await IngestionsAsync()).Except(ingestions).ShouldHaveSingleItem();
        Originals(fixture.Advisor.Blobs.Except(blobs)).ShouldHaveSingleItem();
        (await fixture.Analyst.GetAsync($"/api/v1/runs/{first["run_id"].GetString()}/events")).Text.ShouldBe(events.Text);
    }

    [Fact]
    public async Task Trigger_HostDiedBeforeItAnswered_IsTheSameAnalysisAgain()
    {
        var body = Analysis(await fixture.IngestionAsync());
        var first = await SendAsync(Trigger, _key, body);
        var before = await AnalysesAsync();
        var ended = await fixture.Analyst.EndOfAsync(first.Headers.Location!.ToString());
        await ForgetAnswerAsync("TriggerAnalysis", leaseIsOver: true);
        (await SendAsync(Trigger, _key, body))["analysis_id"].GetString().ShouldBe(first["analysis_id"].GetString());
        (await AnalysesAsync()).ShouldBe(before);
        (await fixture.Analyst.GetAsync(first.Headers.Location!.ToString())).Text.ShouldBe(ended.Text);
    }

    [Fact]
    public async Task Post_KeyIsExpired_NamesANewRequest()
    {
        var first = await SendAsync(Effects, _key);
        var (id, stored) = await StoredAsync("TestEffect");
        await Records.PutAsync(IdempotencyRecord.Container, s_tenant, id, stored with { ExpiresAt = 1 }, null, Cancel);
        (await SendAsync(Effects, _key))["id"].GetString().ShouldNotBe(first["id"].GetString());
    }

    [Fact]
    public async Task Post_AfterHoursOfOthers_RemovesTheirExpiredKeys()
    {
        await using var advisor = await ContractFixture.StartAsync(new Effects());
        var records = advisor.Services.GetRequiredService<IRecordStore>();
        var old = new IdempotencyRecord(IdempotencyState.Released, "", "", DateTimeOffset.UnixEpoch, 1, null);
        await records.CreateAsync(IdempotencyRecord.Container, s_tenant, "old", old, Cancel);
        await records.CreateAsync(IdempotencyRecord.Container, s_tenant, "young", old with { ExpiresAt = long.MaxValue }, Cancel);
        await (await advisor.ClientAsync(Role.Analyst)).SendAsync(ContractFixture.Post(Effects, _key));
        (await records.FindAsync(IdempotencyRecord.Container, s_tenant, "old", Cancel)).ShouldBeNull();
        (await records.FindAsync(IdempotencyRecord.Container, s_tenant, "young", Cancel)).ShouldNotBeNull();
    }

    private static string Analysis(string ingestion) => $$"""{"ingestion_id": "{{ingestion}}", "analysis_type": "risk"}""";

    private static async Task<ApiAnswer[]> HundredAsync(Func<Task<ApiAnswer>> send) => await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => send()));

    /// <summary>Each answer is the one acceptance, or says that it is under way; what was accepted.</summary>
    private static string AllAreOne(ApiAnswer[] answers, string id)
    {
        var accepted = answers.Where(answer => answer.Status == HttpStatusCode.Accepted).ToList();
        accepted.ShouldNotBeEmpty();
        accepted.Select(answer => answer.Text).Distinct().ShouldHaveSingleItem();
        answers.Except(accepted).ShouldAllBe(answer => answer.Status == HttpStatusCode.Conflict);
        return accepted[0][id].GetString()!;
    }

    private static IEnumerable<string> Originals(IEnumerable<string> blobs) => blobs.Where(blob => blob.Contains(DocumentRecord.BlobContainer, StringComparison.Ordinal));

    private Task<ApiAnswer> SendAsync(string path, string key, string body = "{}") => fixture.Analyst.SendAsync(ContractFixture.Post(path, key, body));

    private HttpRequestMessage Upload(string name)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes($"account,amount\n{_key},1.00\n")), "file", name }, { new StringContent("trend"), "analysis_types" } };
        var request = new HttpRequestMessage(HttpMethod.Post, Ingest) { Content = form };
        request.Headers.Add("Idempotency-Key", _key);
        return request;
    }

    private int Count(string operation) => fixture.Effects.Done.Count(done => done == operation);

    private async Task<(string Id, IdempotencyRecord Stored)> StoredAsync(string function)
    {
        var id = DeterministicId.Of("idempotency-key", $"analyst@{RunningAdvisor.Tenant}", function, _key);
        return (id, (await Records.FindAsync(IdempotencyRecord.Container, s_tenant, id, Cancel))!.Value);
    }

    /// <summary>As a host leaves the key when it dies after the effect and before the answer.</summary>
    private async Task ForgetAnswerAsync(string function, bool leaseIsOver)
    {
        var (id, stored) = await StoredAsync(function);
        var lease = DateTimeOffset.UtcNow.AddSeconds(leaseIsOver ? -1 : 60);
        await Records.PutAsync(IdempotencyRecord.Container, s_tenant, id, stored with { State = IdempotencyState.InFlight, Answer = null, LeaseUntil = lease }, null, Cancel);
    }

    private async Task<string[]> IngestionsAsync() => await IdsAsync(IngestionRecord.Container);

    private async Task<string[]> AnalysesAsync() => await IdsAsync(AnalysisRecord.Container);

    private async Task<string[]> IdsAsync<T>(RecordContainer<T> container) where T : class =>
        [.. (await Records.QueryAsync(container, s_tenant, new RecordQuery([], PageSize: 1000), Cancel)).Items.Select(item => item.Id)];
}
