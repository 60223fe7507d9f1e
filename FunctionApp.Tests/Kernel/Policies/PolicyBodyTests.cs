using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Policies;

/// <summary>What is refused of a policy that somebody sends, and in which words.</summary>
public sealed class PolicyBodyTests(PolicyHost host) : IClassFixture<PolicyHost>
{
    private const string Hours = """{"time_zone": "Europe/Berlin", "days": ["mon"], "from": "09:00", "to": "17:00"}""";

    [Theory]
    [InlineData("""{"bands": null}""", "bands", "'bands' is missing: send the whole policy.")]
    [InlineData("""{"bands": 1}""", "bands", "'bands' is a JSON object of the form {\"high\": 0.85, \"medium\": 0.6}.")]
    [InlineData("""{"bands": {"high": 0.85}}""", "bands.medium", "'bands.medium' is missing: send the whole policy.")]
    [InlineData("""{"bands": {"high": 1.01, "medium": 0.6}}""", "bands.high", "'bands.high' is a number from 0 to 1.")]
    [InlineData("""{"bands": {"high": "0.9", "medium": 0.6}}""", "bands.high", "'bands.high' is a number from 0 to 1.")]
    [InlineData("""{"bands": {"high": 0, "medium": 0}}""", "bands.high", "The high threshold must be above 0 and at most 1.")]
    [InlineData("""{"bands": {"high": 0.9, "medium": 0}}""", "bands.medium", "The medium threshold must be above 0 and at most 1.")]
    [InlineData("""{"bands": {"high": 0.6, "medium": 0.6}}""", "bands.medium", "The medium threshold must be below the high one.")]
    [InlineData("""{"bands": {"high": 0.9, "medium": 0.6, "low": 0.1}}""", "bands.low", "'bands.low' is no member here; there are high, medium.")]
    [InlineData("""{"bands_by_kind": {"insight/trend": {"high": 0.5, "medium": 0.6}}}""", "bands_by_kind.insight/trend.medium", "The medium threshold must be below the high one.")]
    [InlineData("""{"bands_by_kind": {"Insight": {"high": 0.9, "medium": 0.6}}}""", "bands_by_kind.Insight", "'bands_by_kind.Insight' names no kind: a kind is 'name' or 'name/part', each of at most 40 of a-z, 0-9, '-' and '_', beginning with a letter.")]
    [InlineData("""{"error_budgets": {"a/b/c": 0.02}}""", "error_budgets.a/b/c", "'error_budgets.a/b/c' names no kind: a kind is 'name' or 'name/part', each of at most 40 of a-z, 0-9, '-' and '_', beginning with a letter.")]
    [InlineData("""{"error_budgets": {"insight": 0.0049}}""", "error_budgets.insight", "'error_budgets.insight' is a number from 0.005 to 0.2.")]
    [InlineData("""{"error_budgets": {"insight": 0.21}}""", "error_budgets.insight", "'error_budgets.insight' is a number from 0.005 to 0.2.")]
    [InlineData("""{"error_budgets": []}""", "error_budgets", "'error_budgets' is a JSON object of the form {\"insight/trend\": ...}.")]
    [InlineData("""{"amounts": {"material": -1}}""", "amounts.material", "'amounts.material' is a number from 0 to 1000000000000000.")]
    [InlineData("""{"amounts": {"four_eyes": 1000000000000001}}""", "amounts.four_eyes", "'amounts.four_eyes' is a number from 0 to 1000000000000000.")]
    [InlineData("""{"amounts": {"currency": "EUR"}}""", "amounts.currency", "'amounts.currency' is no member here; there are material, four_eyes.")]
    [InlineData("""{"chain": []}""", "chain", "'chain' is a list of 1 to 3 steps {\"role\": \"reviewer\", \"hours\": 24}.")]
    [InlineData("""{"chain": [{"role": "analyst", "hours": 24}]}""", "chain[0].role", "'chain[0].role' is one of reviewer, approver, cfo.")]
    [InlineData("""{"chain": [{"role": "cfo", "hours": 24}, {"role": "cfo", "hours": 24}]}""", "chain[1].role", "'chain[1].role' is not more senior than the step before: the order is reviewer, approver, cfo, each at most once.")]
    [InlineData("""{"chain": [{"role": "cfo", "hours": 24}, {"role": "reviewer", "hours": 24}]}""", "chain[1].role", "'chain[1].role' is not more senior than the step before: the order is reviewer, approver, cfo, each at most once.")]
    [InlineData("""{"chain": [{"role": "cfo", "hours": 0.24}]}""", "chain[0].hours", "'chain[0].hours' is a number from 0.25 to 720.")]
    [InlineData("""{"chain": [{"role": "cfo", "hours": 720.5}]}""", "chain[0].hours", "'chain[0].hours' is a number from 0.25 to 720.")]
    [InlineData("""{"chain": [{"role": "cfo", "hours": 1, "days": 1}]}""", "chain[0].days", "'chain[0].days' is no member here; there are role, hours.")]
    [InlineData("""{"chain": ["cfo"]}""", "chain[0]", "'chain[0]' is a JSON object of the form {\"role\": \"reviewer\", \"hours\": 24}.")]
    [InlineData("""{"remind_after": 0}""", "remind_after", "'remind_after' is above 0 and below 1.")]
    [InlineData("""{"remind_after": 1}""", "remind_after", "'remind_after' is above 0 and below 1.")]
    [InlineData("""{"remind_after": null}""", "remind_after", "'remind_after' is missing: send the whole policy.")]
    [InlineData("""{"claim_minutes": 4}""", "claim_minutes", "'claim_minutes' is a number from 5 to 240.")]
    [InlineData("""{"claim_minutes": 241}""", "claim_minutes", "'claim_minutes' is a number from 5 to 240.")]
    [InlineData("""{"claim_minutes": 30.5}""", "claim_minutes", "'claim_minutes' is a whole number of minutes.")]
    [InlineData("""{"sampling": {"high_band_rate": 0.05}}""", "sampling.seeded_rate", "'sampling.seeded_rate' is missing: send the whole policy.")]
    [InlineData("""{"sampling": {"high_band_rate": 1.1, "seeded_rate": 0}}""", "sampling.high_band_rate", "'sampling.high_band_rate' is a number from 0 to 1.")]
    [InlineData("""{"sampling": {"high_band_rate": 0.05, "seeded_rate": 0.11}}""", "sampling.seeded_rate", "'sampling.seeded_rate' is a number from 0 to 0.1.")]
    [InlineData("""{"reason": " "}""", "reason", "'reason' is a text of 1 to 500 characters.")]
    [InlineData("""{"reason": 5}""", "reason", "'reason' is a text of 1 to 500 characters.")]
    [InlineData("""{"undo_seconds": 20}""", "undo_seconds", "'undo_seconds' is no member here; there are bands, bands_by_kind, error_budgets, amounts, chain, remind_after, claim_minutes, sampling, working_hours, reason.")]
    [InlineData("""{"version": 7}""", "version", "'version' is the product's to say; leave it out.")]
    public async Task Put_MemberThatIsWrong_IsNamedWithWhatItMustBe(string change, string member, string message) => await ShouldSayAsync(PolicyJson.Body(change), member, message);

    [Theory]
    [InlineData("time_zone", "\"Europe/Nowhere\"", "'working_hours.time_zone' is the IANA id of a time zone that this host knows, such as Europe/Berlin.")]
    [InlineData("time_zone", "\"../../../etc/passwd\"", "'working_hours.time_zone' is the IANA id of a time zone that this host knows, such as Europe/Berlin.")]
    [InlineData("time_zone", "\"W. Europe Standard Time\"", "'working_hours.time_zone' is the IANA id of a time zone that this host knows, such as Europe/Berlin.")]
    [InlineData("time_zone", "\"posix/Europe/Berlin\"", "'working_hours.time_zone' is the IANA id of a time zone that this host knows, such as Europe/Berlin.")]
    [InlineData("time_zone", "null", "'working_hours.time_zone' is missing: send the whole policy.")]
    [InlineData("days", "[]", "'working_hours.days' is a list of 1 to 7 days, from mon to sun.")]
    [InlineData("days", "[\"monday\"]", "'working_hours.days' is one of mon, tue, wed, thu, fri, sat, sun.")]
    [InlineData("days", "[\"mon\", \"mon\"]", "'working_hours.days' names each day at most once.")]
    [InlineData("from", "\"9:00\"", "'working_hours.from' is a time of day such as \"09:00\".")]
    [InlineData("to", "\"24:00\"", "'working_hours.to' is a time of day such as \"09:00\".")]
    [InlineData("to", "\"09:59\"", "'working_hours.to' is at least an hour after 'working_hours.from', on the same day.")]
    [InlineData("to", "\"02:00\"", "'working_hours.to' is at least an hour after 'working_hours.from', on the same day.")]
    [InlineData("breaks", "1", "'working_hours.breaks' is no member here; there are time_zone, days, from, to.")]
    public async Task Put_WorkingHoursThatAreWrong_AreNamedWithWhatTheyMustBe(string member, string value, string message)
    {
        var hours = System.Text.Json.Nodes.JsonNode.Parse(Hours)!.AsObject();
        hours[member] = System.Text.Json.Nodes.JsonNode.Parse(value);
        await ShouldSayAsync(PolicyJson.Body($$"""{"working_hours": {{hours.ToJsonString()}} }"""), $"working_hours.{member}", message);
    }

    [Theory]
    [InlineData("[]", "body", "The body is a JSON object of the form")]
    [InlineData("{", "body", "The body is not JSON of the form")]
    [InlineData("null", "body", "The body is")]
    public async Task Put_BodyThatIsNoObject_IsRefused(string body, string member, string message)
    {
        var tenant = await host.TenantAsync();
        var refused = await PolicyTenant.SendAsync(tenant.Alice, HttpMethod.Put, PolicyTenant.Path, body, "*");
        refused.ShouldBlame(member);
        refused["detail"].GetString()!.ShouldStartWith(message);
    }

    [Fact]
    public async Task Put_MemberThatIsThereTwice_IsRefused() =>
        await ShouldSayAsync(PolicyJson.Body("{}").Replace("\"claim_minutes\":", "\"claim_minutes\":5,\"claim_minutes\":", StringComparison.Ordinal), "claim_minutes", "'claim_minutes' is there twice.");

    [Fact]
    public async Task Put_ManyMembersThatAreWrong_NamesEachAtOnceAndNothingChanges()
    {
        var tenant = await host.TenantAsync();
        var refused = await tenant.PutAsync(tenant.Alice, """{"bands": {"high": 2, "medium": "x"}, "chain": null, "claim_minutes": 1, "colour": "red", "reason": " "}""");
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused["errors"].EnumerateObject().Select(error => error.Name).Order().ShouldBe(["bands.high", "bands.medium", "chain", "claim_minutes", "colour", "reason"]);
        refused["detail"].GetString().ShouldBe("6 members of the policy are wrong; 'errors' says of each what is.");
        await tenant.ShouldHoldAsync(0, 0.85m);
    }

    [Fact]
    public async Task Put_EndlessFaults_AnswersWithTheFirst()
    {
        var tenant = await host.TenantAsync();
        var refused = await tenant.PutAsync(tenant.Alice, $$"""{ {{string.Join(", ", Enumerable.Range(1, 1000).Select(n => $"\"m{n}\": {n}"))}} }""");
        refused["errors"].EnumerateObject().Count().ShouldBe(50);
        var kinds = string.Join(", ", Enumerable.Range(1, 101).Select(n => $"\"k{n}\": 0.02"));
        await ShouldSayAsync(PolicyJson.Body($$"""{"error_budgets": { {{kinds}} } }"""), "error_budgets", "'error_budgets' names at most 100 kinds.");
    }

    [Fact]
    public async Task Put_EverythingSetAtItsBounds_IsShownAsItWasSent()
    {
        var tenant = await host.TenantAsync();
        var kind = $"{new string('k', 40)}/{new string('p', 40)}";
        var body = PolicyJson.Body($$"""
            {"bands": {"high": 1, "medium": 0.999}, "bands_by_kind": {"{{kind}}": {"high": 1, "medium": 0.9} }, "error_budgets": {"insight/trend": 0.005, "payment": 0.2},
             "amounts": {"material": 0, "four_eyes": 1000000000000000}, "chain": [{"role": "reviewer", "hours": 0.25}, {"role": "cfo", "hours": 720}], "remind_after": 0.001, "claim_minutes": 240,
             "sampling": {"high_band_rate": 1, "seeded_rate": 0.1}, "working_hours": {"time_zone": "America/Argentina/Buenos_Aires", "days": ["mon", "sun"], "from": "00:00", "to": "23:59"}, "reason": "{{new string('r', 500)}}"}
            """);
        var proposed = await PolicyTenant.SendAsync(tenant.Alice, HttpMethod.Put, PolicyTenant.Path, body, "*");
        proposed.Status.ShouldBe(HttpStatusCode.Accepted, proposed.Text);
        JsonElement.DeepEquals(proposed["policy"], JsonElement.Parse(body)).ShouldBeTrue(proposed.Text);
        (await tenant.DecideAsync(tenant.Bob, "approve")).Status.ShouldBe(HttpStatusCode.OK);
        var held = await tenant.Desk.CurrentAsync(tenant.Id, TestContext.Current.CancellationToken);
        held.BandsFor(kind).Medium.ShouldBe(0.9m);
        held.BandsFor("k/other").Medium.ShouldBe(0.999m);
        (held.ErrorBudgetFor("insight/trend"), held.ErrorBudgetFor("payment/release"), held.ErrorBudgetFor("insight"), held.ErrorBudgetFor("payment")).ShouldBe((0.005m, 0.2m, null, 0.2m));
        (held.Amounts.NeedsPerson(0), held.Amounts.NeedsPerson(-0.01m), held.Amounts.NeedsPerson(null), held.Amounts.NeedsTwo(1000)).ShouldBe((false, true, false, false));
        held.Chain.Select(step => step.Time).ShouldBe([TimeSpan.FromMinutes(15), TimeSpan.FromDays(30)]);
        held.WorkingHours!.From.ShouldBe(TimeOnly.MinValue);
    }

    private async Task ShouldSayAsync(string body, string member, string message)
    {
        var tenant = await host.TenantAsync();
        var refused = await PolicyTenant.SendAsync(tenant.Alice, HttpMethod.Put, PolicyTenant.Path, body, "*");
        refused.ShouldBlame(member);
        refused["errors"].EnumerateObject().ShouldHaveSingleItem().Value[0].GetString().ShouldBe(message);
        refused["detail"].GetString().ShouldBe(message);
    }
}
