using System.Net;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Policies;

/// <summary>A tenant's policy through the front door: who may change it, what takes two persons, what is kept.</summary>
public sealed class PolicyTests(PolicyHost host) : IClassFixture<PolicyHost>
{
    [Fact]
    public async Task Get_TenantThatSetNothing_ShowsTheDefaultsToEveryRole()
    {
        var tenant = await host.TenantAsync();
        foreach (var role in Enum.GetValues<Role>())
        {
            var answer = await (await tenant.ClientAsync("somebody", role)).GetAsync(PolicyTenant.Path);
            (answer.Status, answer["version"].GetInt32(), answer["change_pending"].GetBoolean()).ShouldBe((HttpStatusCode.OK, 0, false));
            JsonElement.DeepEquals(Terms(answer), JsonElement.Parse(PolicyJson.Terms("{}").ToJsonString())).ShouldBeTrue(answer.Text);
        }

        (await tenant.Analyst.GetAsync(PolicyTenant.History))["versions"].GetArrayLength().ShouldBe(0);
        foreach (var version in new[] { "0", "1", "-1", "one" })
        {
            (await tenant.Analyst.GetAsync($"{PolicyTenant.History}/{version}")).Status.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Get_HostWithBandsOfItsOwn_ShowsThemUntilTheTenantSetsSome()
    {
        await using var advisor = await RunningAdvisor.StartAsync(("Insights:HighBand", "0.9"), ("Insights:MediumBand", "0.5"));
        var tenant = await PolicyTenant.OnAsync(advisor, "contoso");
        await tenant.ShouldHoldAsync(0, 0.9m);
        (await tenant.PutAsync(tenant.Alice, "{}")).Status.ShouldBe(HttpStatusCode.Accepted, "0.85 is looser than this host's 0.9");
        (await tenant.PutAsync(tenant.Alice, PolicyTenant.Stricter)).Status.ShouldBe(HttpStatusCode.OK);
        await tenant.ShouldHoldAsync(1, 0.95m);
    }

    [Fact]
    public async Task Put_WhatLoosensNothing_HoldsAtOnceForItsTenantAlone()
    {
        var (tenant, other) = (await host.TenantAsync(), await host.TenantAsync());
        var before = await tenant.TagAsync(PolicyTenant.Path);
        var answer = await tenant.PutAsync(tenant.Alice, """{"bands": {"high": 0.95, "medium": 0.6}, "amounts": {"material": 1000000.50}, "claim_minutes": 45, "reason": "  The auditors asked. "}""");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        (answer["version"].GetInt32(), answer["set_by"].GetString(), answer["reason"].GetString(), answer.Json.TryGetProperty("approved_by", out _)).ShouldBe((1, "alice", "The auditors asked.", false));
        answer["amounts"].GetRawText().ShouldBe("""{"material":1000000.50}""");
        await tenant.ShouldHoldAsync(1, 0.95m);
        answer.Headers.ETag!.ToString().ShouldBe(await tenant.TagAsync(PolicyTenant.Path));
        answer.Headers.ETag!.ToString().ShouldNotBe(before);
        await other.ShouldHoldAsync(0, 0.85m);
        (await tenant.AuditAsync()).Select(Entry).ShouldBe(["alice policy.set policy/history/1"]);
        (await tenant.AuditAsync())[0].Details["content_hash"].ShouldBe(answer["content_hash"].GetString());
    }

    [Fact]
    public async Task Put_WhatHoldsAlready_ChangesNothing()
    {
        var tenant = await host.TenantAsync();
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Stricter);
        var tag = await tenant.TagAsync(PolicyTenant.Path);
        (await tenant.PutAsync(tenant.Bob, """{"bands": {"high": 0.950, "medium": 0.60}, "reason": "Once more."}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await tenant.TagAsync(PolicyTenant.Path)).ShouldBe(tag);
        (await tenant.AuditAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Put_RolesBelowAdmin_AreRefused()
    {
        var tenant = await host.TenantAsync();
        foreach (var role in Enum.GetValues<Role>().Where(role => role != Role.Admin))
        {
            (await tenant.PutAsync(await tenant.ClientAsync("somebody", role), PolicyTenant.Stricter)).Status.ShouldBe(HttpStatusCode.Forbidden, role.ToString());
        }

        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        foreach (var role in Enum.GetValues<Role>().Where(role => role is not Role.Admin and not Role.Cfo))
        {
            foreach (var decision in new[] { "approve", "reject" })
            {
                var refused = await tenant.DecideAsync(await tenant.ClientAsync("somebody", role), decision);
                (refused.Status, refused.Type).ShouldBe((HttpStatusCode.Forbidden, "urn:advisor:problem:forbidden"), role.ToString());
            }
        }

        await tenant.ShouldHoldAsync(0, 0.85m);
    }

    [Fact]
    public async Task Put_WithoutOrWithAnotherVersion_ChangesNothing()
    {
        var tenant = await host.TenantAsync();
        var first = await tenant.TagAsync(PolicyTenant.Path);
        foreach (var (tag, problem) in new[] { ("", "precondition-required"), ("\"other\"", "changed"), ($"W/{first}", "weak-tag") })
        {
            (await tenant.PutAsync(tenant.Alice, PolicyTenant.Stricter, tag)).Type.ShouldBe($"urn:advisor:problem:{problem}");
        }

        (await tenant.PutAsync(tenant.Alice, PolicyTenant.Stricter, first)).Status.ShouldBe(HttpStatusCode.OK);
        (await tenant.PutAsync(tenant.Bob, """{"bands": {"high": 0.99, "medium": 0.6}}""", first)).Type.ShouldBe("urn:advisor:problem:changed");
        var second = await tenant.TagAsync(PolicyTenant.Path);
        (await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser, second)).Status.ShouldBe(HttpStatusCode.Accepted);
        (await tenant.PutAsync(tenant.Bob, PolicyTenant.Stricter, second)).Type.ShouldBe("urn:advisor:problem:changed", "nobody acts past a proposal that they have not seen");
        await tenant.ShouldHoldAsync(1, 0.95m);
    }

    [Fact]
    public async Task Put_ManyAtOnceOnOneVersion_OneWins()
    {
        var tenant = await host.TenantAsync();
        var tag = await tenant.TagAsync(PolicyTenant.Path);
        var answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(n => tenant.PutAsync(n % 2 == 0 ? tenant.Alice : tenant.Bob, $$$"""{"bands": {"high": 0.9{{{n}}}, "medium": 0.6}}""", tag)));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.PreconditionFailed).ShouldBe(3);
        var won = answers.Single(answer => answer.Status == HttpStatusCode.OK);
        await tenant.ShouldHoldAsync(1, won["bands"].GetProperty("high").GetDecimal());
        (await tenant.AuditAsync()).Count(entry => entry.Details["content_hash"] == won["content_hash"].GetString()).ShouldBe(1);
    }

    [Fact]
    public async Task Put_WhatLoosens_WaitsForASecondPerson()
    {
        var tenant = await host.TenantAsync();
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Stricter);
        var proposed = await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        (proposed.Status, proposed.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.Accepted, PolicyTenant.Pending), proposed.Text);
        var looser = proposed["looser"].EnumerateArray().ShouldHaveSingleItem();
        looser.GetProperty("text").GetString().ShouldBe("The high threshold of every kind without its own falls from 0.95 to 0.8: more is released without a person.");
        await tenant.ShouldHoldAsync(1, 0.95m);

        var shown = await tenant.Analyst.GetAsync(PolicyTenant.Path);
        shown["change_pending"].GetBoolean().ShouldBeTrue();
        var pending = await tenant.Cfo.GetAsync(shown["_links"].GetProperty("pending").GetProperty("href").GetString()!);
        (pending.Text, pending.Headers.ETag).ShouldBe((proposed.Text, proposed.Headers.ETag));
        (pending["proposed_by"].GetString(), pending["base_version"].GetInt32(), pending["stale"].GetBoolean()).ShouldBe(("alice", 1, false));
        pending["policy"].GetProperty("bands").GetProperty("high").GetDecimal().ShouldBe(0.8m);

        foreach (var decision in new[] { "approve", "reject" })
        {
            var own = await tenant.DecideAsync(tenant.Alice, decision);
            (own.Status, own.Type).ShouldBe((HttpStatusCode.Forbidden, "urn:advisor:problem:four-eyes"));
        }

        var approved = await tenant.DecideAsync(tenant.Cfo, "approve");
        approved.Status.ShouldBe(HttpStatusCode.OK, approved.Text);
        (approved["version"].GetInt32(), approved["set_by"].GetString(), approved["approved_by"].GetString(), approved["change_pending"].GetBoolean()).ShouldBe((2, "alice", "carla", false));
        approved.Headers.ETag!.ToString().ShouldBe(await tenant.TagAsync(PolicyTenant.Path));
        await tenant.ShouldHoldAsync(2, 0.8m);
        (await tenant.Analyst.GetAsync(PolicyTenant.Pending)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.DecideAsync(tenant.Bob, "approve")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.AuditAsync()).Select(Entry).ShouldBe(["alice policy.set policy/history/1", "alice policy.proposed policy/pending", "carla policy.approved policy/history/2"]);
        (await tenant.AuditAsync())[1].Details["looser"].ShouldBe("bands.high: 0.95 to 0.8");
    }

    [Fact]
    public async Task Reject_BySecondPerson_LeavesWhatHeld()
    {
        var tenant = await host.TenantAsync();
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        var rejected = await tenant.DecideAsync(tenant.Bob, "reject");
        (rejected.Status, rejected["version"].GetInt32(), rejected["change_pending"].GetBoolean()).ShouldBe((HttpStatusCode.OK, 0, false));
        await tenant.ShouldHoldAsync(0, 0.85m);
        (await tenant.Analyst.GetAsync(PolicyTenant.Pending)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.AuditAsync()).Select(Entry).ShouldBe(["alice policy.proposed policy/pending", "bob policy.rejected policy/pending"]);
    }

    [Fact]
    public async Task Approve_OtherThanWhatWasLookedAt_IsRefused()
    {
        var tenant = await host.TenantAsync();
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        var seen = await tenant.TagAsync(PolicyTenant.Pending);
        await tenant.PutAsync(tenant.Alice, """{"bands": {"high": 0.7, "medium": 0.6}}""");
        foreach (var (tag, problem) in new[] { (seen, "changed"), ("*", "precondition-required"), ("", "precondition-required"), ($"W/{seen}", "weak-tag") })
        {
            (await tenant.DecideAsync(tenant.Bob, "approve", tag)).Type.ShouldBe($"urn:advisor:problem:{problem}");
        }

        (await tenant.AuditAsync()).Select(Entry).ShouldBe(["alice policy.proposed policy/pending", "alice policy.replaced policy/pending", "alice policy.proposed policy/pending"]);
        (await tenant.DecideAsync(tenant.Bob, "approve")).Status.ShouldBe(HttpStatusCode.OK);
        await tenant.ShouldHoldAsync(1, 0.7m);
    }

    /// <summary>Whoever replaces a proposal is the one who needs a second person, and no longer who made the first.</summary>
    [Fact]
    public async Task Approve_ProposalOfSomebodyElseInPlaceOfOnesOwn_IsAllowed()
    {
        var tenant = await host.TenantAsync();
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        await tenant.PutAsync(tenant.Bob, PolicyTenant.Looser);
        (await tenant.DecideAsync(tenant.Bob, "approve")).Type.ShouldBe("urn:advisor:problem:four-eyes");
        (await tenant.DecideAsync(tenant.Alice, "approve")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Approve_PolicyThatChangedSince_MustBeProposedAgain()
    {
        var tenant = await host.TenantAsync();
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        var seen = await tenant.TagAsync(PolicyTenant.Pending);
        (await tenant.PutAsync(tenant.Bob, PolicyTenant.Stricter)).Status.ShouldBe(HttpStatusCode.OK);
        (await tenant.Analyst.GetAsync(PolicyTenant.Pending))["stale"].GetBoolean().ShouldBeTrue();
        (await tenant.DecideAsync(tenant.Cfo, "approve", seen)).Type.ShouldBe("urn:advisor:problem:changed");
        var stale = await tenant.DecideAsync(tenant.Cfo, "approve");
        (stale.Status, stale.Type).ShouldBe((HttpStatusCode.Conflict, "urn:advisor:problem:stale-proposal"));
        await tenant.ShouldHoldAsync(1, 0.95m);
        (await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser))["looser"][0].GetProperty("from").GetString().ShouldBe("0.95");
        (await tenant.DecideAsync(tenant.Cfo, "approve")).Status.ShouldBe(HttpStatusCode.OK);
        await tenant.ShouldHoldAsync(2, 0.8m);
    }

    [Fact]
    public async Task Approve_AfterAWeek_IsTooLate()
    {
        var time = new ShiftedTimeProvider();
        await using var advisor = await RunningAdvisor.StartAsync(time);
        var tenant = await PolicyTenant.OnAsync(advisor, "contoso");
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        var (policy, pending) = (await tenant.TagAsync(PolicyTenant.Path), await tenant.TagAsync(PolicyTenant.Pending));
        time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(5));
        await tenant.SignInAsync();
        (await tenant.TagAsync(PolicyTenant.Path)).ShouldBe(policy);
        time.Advance(TimeSpan.FromMinutes(6));
        await tenant.SignInAsync();
        (await tenant.DecideAsync(tenant.Bob, "approve", pending)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.Analyst.GetAsync(PolicyTenant.Path))["change_pending"].GetBoolean().ShouldBeFalse();
        (await tenant.TagAsync(PolicyTenant.Path)).ShouldNotBe(policy, "what was shown under that tag has changed");

        // What has expired is not replaced by the next.
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        (await tenant.DecideAsync(tenant.Bob, "approve")).Status.ShouldBe(HttpStatusCode.OK);
        (await tenant.AuditAsync()).Select(entry => entry.Action).ShouldBe(["policy.proposed", "policy.proposed", "policy.approved"]);
    }

    [Fact]
    public async Task Decide_RepeatedUnderItsKey_IsToldWhatItDid()
    {
        var tenant = await host.TenantAsync();
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        var tag = await tenant.TagAsync(PolicyTenant.Pending);
        var first = await tenant.DecideAsync(tenant.Bob, "approve", tag, "approval");
        var again = await tenant.DecideAsync(tenant.Bob, "approve", tag, "approval");
        (again.Status, again.Text).ShouldBe((HttpStatusCode.OK, first.Text));
        await tenant.ShouldHoldAsync(1, 0.8m);
    }

    [Fact]
    public async Task History_ManyVersions_AreShownNewestFirstAndAsTheyWere()
    {
        var (tenant, other) = (await host.TenantAsync(), await host.TenantAsync());
        await other.PutAsync(other.Alice, PolicyTenant.Stricter);
        var versions = new List<ApiAnswer>();
        for (var n = 1; n <= 7; n++)
        {
            versions.Add(await tenant.PutAsync(n % 2 == 0 ? tenant.Bob : tenant.Alice, $$$"""{"bands": {"high": 0.9{{{n}}}, "medium": 0.6}, "reason": "Change {{{n}}}."}"""));
        }

        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        foreach (var limit in new[] { 1, 2, 3, 7, 100 })
        {
            var listed = await tenant.Analyst.AllAsync<JsonElement>($"{PolicyTenant.History}?limit={limit}", "versions");
            listed.Select(version => version.GetProperty("version").GetInt32()).ShouldBe([7, 6, 5, 4, 3, 2, 1]);
            listed.Select(version => version.GetProperty("content_hash").GetString()).ShouldBe(versions.AsEnumerable().Reverse().Select(version => version["content_hash"].GetString()));
            (await tenant.Analyst.GetAsync($"{PolicyTenant.History}?limit={limit}"))["versions"].GetArrayLength().ShouldBe(Math.Min(limit, 7));
        }

        for (var n = 1; n <= 7; n++)
        {
            var version = await tenant.Analyst.GetAsync($"{PolicyTenant.History}/{n}");
            (version["reason"].GetString(), version["set_by"].GetString(), version["bands"].GetRawText()).ShouldBe(($"Change {n}.", n % 2 == 0 ? "bob" : "alice", versions[n - 1]["bands"].GetRawText()));
        }

        (await tenant.Analyst.GetAsync($"{PolicyTenant.History}/8")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.Analyst.GetAsync($"{PolicyTenant.History}/2")).Status.ShouldBe(HttpStatusCode.NotFound, "it is another tenant's");
        foreach (var continuation in new[] { "nonsense", "0", "-1" })
        {
            (await tenant.Analyst.GetAsync($"{PolicyTenant.History}?continuation={continuation}")).ShouldBlame("continuation");
        }
    }

    [Fact]
    public async Task Pending_OfAnotherTenant_IsNeitherSeenNorDecided()
    {
        var (tenant, other) = (await host.TenantAsync(), await host.TenantAsync());
        await tenant.PutAsync(tenant.Alice, PolicyTenant.Looser);
        var tag = await tenant.TagAsync(PolicyTenant.Pending);
        (await other.Bob.GetAsync(PolicyTenant.Pending)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.DecideAsync(other.Bob, "approve", tag)).Status.ShouldBe(HttpStatusCode.NotFound);
        await tenant.ShouldHoldAsync(0, 0.85m);
        (await tenant.DecideAsync(tenant.Bob, "approve", tag)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static string Entry(Advisor.Kernel.Audit.AuditEntry entry) => $"{entry.UserId} {entry.Action} {entry.Resource}";

    private static JsonElement Terms(ApiAnswer answer) => JsonSerializer.SerializeToElement(
        answer.Json.EnumerateObject().Where(member => member.Name is not ("version" or "content_hash" or "change_pending" or "_links")).ToDictionary(member => member.Name, member => member.Value), AdvisorJson.Options);
}
