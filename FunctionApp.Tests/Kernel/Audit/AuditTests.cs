using System.Net;
using System.Text.Json;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Insights;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Azure;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Audit;

/// <summary>What the audit log holds of requests and of a document's run, through the front door.</summary>
[Collection(EndToEndTests.Name)]
public sealed class AuditTests(AdvisorFixture fixture)
{
    [Fact]
    public async Task Audit_Requests_StandInItWithWhoWhatAndHowItEnded()
    {
        var tenant = NewTenant();
        var (analyst, admin) = (await fixture.Advisor.ClientAsync(Role.Analyst, tenant), await fixture.Advisor.ClientAsync(Role.Admin, tenant));
        await analyst.GetAsync("/api/v1/insights?limit=3");
        await analyst.GetAsync("/api/v1/insights/some-id");
        await analyst.GetAsync("/api/v1/audit");
        await analyst.GetAsync("/api/v1/nothing");
        await analyst.PostAsync("/api/v1/analysis/trigger", "{}");
        await analyst.GetAsync("/health");

        var page = await admin.GetAsync("/api/v1/audit");
        page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
        page["entries"].EnumerateArray().Select(entry => (Text(entry, "action"), Text(entry, "resource"), Text(entry, "result"), entry.GetProperty("details").TryGetProperty("status", out var status) ? status.GetString() : null)).ShouldBe(
        [
            ("POST api/v1/analysis/trigger", "/api/v1/analysis/trigger", "refused", "400"),
            ("POST api/v1/analysis/trigger", "/api/v1/analysis/trigger", "begun", null),
            ("GET unmatched", "unmatched", "refused", "404"),
            ("GET api/v1/audit", "/api/v1/audit", "refused", "403"),
            ("GET api/v1/insights/{id}", "/api/v1/insights/some-id", "refused", "404"),
            ("GET api/v1/insights", "/api/v1/insights", "succeeded", "200"),
        ]);
        var newest = page["entries"][0];
        (Text(newest, "user_id"), Text(newest, "ip_address")).ShouldBe(($"analyst@{tenant}", "127.0.0.1"));
        Text(newest, "row_key").ShouldBe($"{newest.GetProperty("timestamp").GetDateTimeOffset().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}Z-{Text(newest, "event_id")}");
        Text(newest, "partition_key").ShouldBe(Text(newest, "row_key")[..7]);
        Text(newest, "hash").ShouldMatch("^[0-9a-f]{64}$");
        Text(newest, "previous_hash").ShouldMatch("^[0-9a-f]{64}$");
        Text(newest.GetProperty("details"), "method").ShouldBe("POST");
        Text(newest.GetProperty("details"), "trace_id").Length.ShouldBe(32);
        Text(page["entries"][1].GetProperty("details"), "trace_id").ShouldBe(Text(newest.GetProperty("details"), "trace_id"));
        page["entries"][4].GetProperty("_links").GetProperty("resource").GetProperty("href").GetString().ShouldBe("/api/v1/insights/some-id");
    }

    [Fact]
    public async Task Audit_RequestsWithoutASignIn_AreAnonymousAndOfNoTenant()
    {
        await using var advisor = await RunningAdvisor.StartAsync();
        await advisor.Stranger("adv_forged").GetAsync("/api/v1/insights");
        await advisor.Stranger().GetAsync("/health");
        await advisor.Stranger().GetAsync("/nothing");

        var entries = await EntriesAsync(advisor);
        entries.Select(entry => (entry.Tenant, entry.UserId, entry.Action, entry.Result)).ShouldBe(
            [(null, "anonymous", "GET api/v1/insights", "refused"), (null, "anonymous", "GET unmatched", "refused")]);
    }

    [Fact]
    public async Task Audit_SevenAtATimeAndFiltered_IsTheTenantsOwn()
    {
        var (tenant, other) = (NewTenant(), NewTenant());
        var (admin, stranger) = (await fixture.Advisor.ClientAsync(Role.Admin, tenant), await fixture.Advisor.ClientOfEveryRoleAsync(other));
        for (var i = 0; i < 9; i++)
        {
            await admin.GetAsync($"/api/v1/insights/id-{i}");
            await stranger.GetAsync($"/api/v1/insights/stranger-{i}");
        }

        var all = await admin.AllAsync<JsonElement>("/api/v1/audit?limit=7&resource=/api/v1/insights/&user_id=admin%40" + tenant, "entries");
        all.Select(entry => Text(entry, "resource")).ShouldBe(Enumerable.Range(0, 9).Reverse().Select(i => $"/api/v1/insights/id-{i}"));
        (await admin.GetAsync("/api/v1/audit?action=GET%20api/v1/insights/%7Bid%7D&result=succeeded"))["entries"].GetArrayLength().ShouldBe(0);
        (await admin.GetAsync("/api/v1/audit?to=2020-01-01"))["entries"].GetArrayLength().ShouldBe(0);
        (await admin.GetAsync("/api/v1/audit?from=2020-01-01T00:00:00Z&limit=500"))["entries"].GetArrayLength().ShouldBeGreaterThan(9);
        (await stranger.GetAsync("/api/v1/audit?limit=500")).Text.ShouldNotContain(tenant);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-13-01", "to")]
    [InlineData("to=31.12.2026", "to")]
    [InlineData("user=somebody", "user")]
    [InlineData("continuation=nonsense", "continuation")]
    public async Task Audit_BadQuery_NamesTheField(string query, string field)
    {
        var answer = await (await fixture.Advisor.ClientAsync(Role.Admin, NewTenant())).GetAsync($"/api/v1/audit?{query}");
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["errors"].TryGetProperty(field, out _).ShouldBeTrue(answer.Text);
    }

    [Theory]
    [InlineData(Role.Analyst)]
    [InlineData(Role.Cfo)]
    [InlineData(Role.Operator)]
    public async Task Audit_RoleThatMayNot_IsForbiddenAndToldWhichMay(Role role)
    {
        var answer = await (await fixture.Advisor.ClientAsync(role, NewTenant())).GetAsync("/api/v1/audit");
        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer["detail"].GetString()!.ShouldContain("admin");
    }

    [Fact]
    public async Task Audit_RunOfADocument_HoldsEveryDecisionOfIt()
    {
        var analysis = await fixture.AnalyzeSampleAsync("quarterly-workbook.xlsx");
        var admin = await fixture.Advisor.ClientAsync(Role.Admin);
        var ingestion = analysis.Ingestion;

        foreach (var (action, resource) in new[]
        {
            ("ingestion.accepted", $"ingestions/{ingestion.IngestionId}"),
            ("document.read", $"documents/{ingestion.DocumentId}"),
            ("ingestion.completed", $"ingestions/{ingestion.IngestionId}"),
        })
        {
            (await admin.GetAsync($"/api/v1/audit?action={action}&resource={resource}"))["entries"].GetArrayLength().ShouldBe(1, action);
        }

        foreach (var insight in analysis.Insights)
        {
            var entry = (await admin.GetAsync($"/api/v1/audit?resource=insights/{insight.Id}"))["entries"].EnumerateArray().ShouldHaveSingleItem();
            Text(entry, "action").ShouldBe(insight.Band switch
            {
                Band.High => "insight.published",
                Band.Medium => "insight.approval_requested",
                _ => "insight.review_requested",
            });
            (Text(entry, "user_id"), Text(entry.GetProperty("details"), "band")).ShouldBe(("advisor", insight.Band.ToString().ToLowerInvariant()));
            entry.GetProperty("_links").GetProperty("resource").GetProperty("href").GetString().ShouldBe($"/api/v1/insights/{insight.Id}");
        }

        // Some of the high band are sampled besides, by a coin that nobody can foretell.
        var reviewed = analysis.Insights.Count(insight => insight.Band != Band.High);
        var ids = analysis.Insights.Where(insight => insight.Band != Band.High).Select(insight => insight.Id).ToHashSet(StringComparer.Ordinal);
        await admin.UntilAsync("/api/v1/audit?action=review.opened&limit=500", answer =>
            answer["entries"].EnumerateArray().Count(entry => ids.Contains(Text(entry.GetProperty("details"), "subject_id"))) == reviewed);
        foreach (var chain in analysis.Insights.Select(insight => insight.ReasoningChainId).Distinct())
        {
            var stored = await fixture.Analyst.GetAsync($"/api/v1/reasoning-chains/{chain}");
            var entry = (await admin.GetAsync($"/api/v1/audit?action=reasoning_chain.closed&resource=reasoning-chains/{chain}"))["entries"].EnumerateArray().ShouldHaveSingleItem();
            Text(entry.GetProperty("details"), "root_hash").ShouldBe(stored["root_hash"].GetString());
        }
    }

    [Fact]
    public async Task Audit_DocumentRefused_SaysWhyAndNotWhatItWasCalled()
    {
        var tenant = NewTenant();
        var (analyst, admin) = (await fixture.Advisor.ClientAsync(Role.Analyst, tenant), await fixture.Advisor.ClientAsync(Role.Admin, tenant));
        (await analyst.UploadAsync("secret-name.pdf", [1, 2, 3])).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);

        var page = await admin.GetAsync("/api/v1/audit");
        page["entries"].EnumerateArray().Select(entry => (Text(entry, "action"), Text(entry, "result"))).ShouldBe(
            [("POST api/v1/documents/ingest", "refused"), ("ingestion.refused", "refused"), ("POST api/v1/documents/ingest", "begun")]);
        Text(page["entries"][1].GetProperty("details"), "reason").ShouldBe("mislabelled-file");
        page.Text.ShouldNotContain("secret-name");
    }

    [Fact]
    public async Task Audit_WholeLogOfTheFixture_IsIntact()
    {
        var log = fixture.Advisor.Services.GetRequiredService<IAuditLog>();
        (await AuditVerifier.VerifyAsync(log, null, new Dictionary<string, string>(), TestContext.Current.CancellationToken)).ShouldAllBe(verdict => verdict.Fault == null);
    }

    [Theory]
    [InlineData(false, "203.0.113.9, 198.51.100.7", "127.0.0.1")]
    [InlineData(true, "203.0.113.9, 198.51.100.7", "198.51.100.7")]
    [InlineData(true, "203.0.113.9, 198.51.100.7:4711", "198.51.100.7")]
    [InlineData(true, "2001:db8::1", "2001:db8::1")]
    [InlineData(true, "nonsense", "127.0.0.1")]
    [InlineData(true, null, "127.0.0.1")]
    public async Task Audit_ForwardedFor_CountsOnlyWhereItIsTrusted(bool trusted, string? header, string address)
    {
        await using var advisor = await RunningAdvisor.StartAsync(("Http:TrustForwardedFor", trusted ? "true" : "false"));
        var request = new HttpRequestMessage(HttpMethod.Get, "/nothing");
        if (header is not null)
        {
            request.Headers.Add("X-Forwarded-For", header);
        }

        await advisor.Stranger().SendAsync(request);
        (await EntriesAsync(advisor)).ShouldHaveSingleItem().IpAddress.ShouldBe(address);
    }

    [Fact]
    public async Task PrincipalHeader_OnTheEmbeddedHost_IsNeverBelieved()
    {
        await using var advisor = await RunningAdvisor.StartAsync(("Identity:TrustPrincipalHeader", "true"));
        var header = PrincipalHeaderAuthenticatorTests.Header("roles", ("extension_advisor_tenant", "victim"), ("oid", "mallory"), ("roles", "admin"));
        HttpRequestMessage Request() => new(HttpMethod.Get, "/api/v1/insights") { Headers = { { "X-MS-CLIENT-PRINCIPAL", header } } };

        (await advisor.Stranger().SendAsync(Request())).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await advisor.ClientAsync(Role.Analyst)).SendAsync(Request())).Status.ShouldBe(HttpStatusCode.OK);
        (await EntriesAsync(advisor)).Select(entry => (entry.Tenant?.Value, entry.UserId)).ShouldBe([(null, "anonymous"), (RunningAdvisor.Tenant, $"analyst@{RunningAdvisor.Tenant}")]);
        advisor.Services.GetRequiredService<ICallerAuthenticator>().ShouldBeOfType<ApiTokenAuthenticator>();
        advisor.Services.GetRequiredService<IUserDirectory>().ShouldBeOfType<TokenUsers>();
    }

    private static string NewTenant() => $"t{Guid.NewGuid():N}";

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static async Task<List<AuditEntry>> EntriesAsync(RunningAdvisor advisor)
    {
        using var file = AuditFile.Open(new DataFolder(advisor.DataFolder));
        var entries = new List<AuditEntry>();
        foreach (var partition in await file.PartitionsAsync(TestContext.Current.CancellationToken))
        {
            entries.AddRange(await file.ReadAsync(partition, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        }

        return entries;
    }
}
