using System.Net;
using System.Text.Json;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Verdicts;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Embedded.Identity;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reviews.Integrity;

/// <summary>Four people of known habits, and what the report says of them.</summary>
public sealed class IntegrityApiTests : IAsyncLifetime
{
    private const string Path = "/api/v1/reviewers/integrity";

    private ReviewHost? _host;
    private int _opened;

    private ReviewHost Host => _host!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ReviewHost.StartAsync();
        var terms = PolicyTerms.Default(BandPolicy.Default) with { Amounts = new PolicyAmounts(null, 1_000) };
        var policy = new TenantPolicy(terms) { Version = 1, SetBy = "somebody", SetAt = DateTimeOffset.UnixEpoch, Reason = "A beginning." };
        await Host.Records.PutAsync(PolicyRecord.Container, ReviewHost.Tenant, PolicyRecord.Current, new PolicyRecord(PolicyRecord.Current, 1, policy, null), null, Cancel);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    [Fact]
    public async Task Report_FourHabits_TellsThemApart()
    {
        var (hasty, careful, contrary, senior) = (await PersonAsync("hasty", Role.Reviewer), await PersonAsync("careful", Role.Reviewer), await PersonAsync("contrary", Role.Reviewer), await PersonAsync("senior", Role.Approver));
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await JudgeAsync(hasty, await OpenAsync(), "approve", 0.9));
            ids.Add(await JudgeAsync(hasty, await OpenAsync(planted: true), "approve", 0.9));
            ids.Add(await JudgeAsync(careful, await OpenAsync(), "approve", 60));
            ids.Add(await JudgeAsync(careful, await OpenAsync(planted: true), "reject", 60));
        }

        for (var i = 0; i < 4; i++)
        {
            var two = await OpenAsync(amount: 5_000);
            await JudgeAsync(careful, two, "approve", 60);
            await JudgeAsync(contrary, two, i < 3 ? "reject" : "approve", 40);
            ids.Add(i < 3 ? await JudgeAsync(senior, two, i == 0 ? "reject" : "approve", 100) : two);
        }

        // What was undone counts for nobody.
        var undone = await OpenAsync();
        await JudgeAsync(contrary, undone, "approve", 30);
        await ReviewHost.ActAsync(contrary, undone, "undo");
        ids.Add(await JudgeAsync(contrary, undone, "reject", 30));
        foreach (var id in ids)
        {
            await Host.UntilAsync(id, review => review.Status == ReviewStatus.Settled, TimeSpan.FromSeconds(1));
        }

        var answer = await (await PersonAsync("boss", Role.Admin)).GetAsync($"{Path}?kind=sample/thing&days=1");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        var report = answer["report"];
        (report.GetProperty("reviews").GetInt32(), report.GetProperty("planted").GetInt32()).ShouldBe((11, 6));
        var people = report.GetProperty("reviewers").EnumerateArray().ToDictionary(person => person.GetProperty("user_id").GetString()!);
        people.Keys.ShouldBe(["careful", "contrary", "hasty", "senior"]);
        (Number("hasty", "planted", "seen"), Number("hasty", "planted", "missed"), Number("hasty", "too_fast", "count"), Number("hasty", "verdicts")).ShouldBe((3, 3, 6, 3));
        (Number("careful", "planted", "caught"), Number("careful", "planted", "missed"), Number("careful", "too_fast", "count"), Number("careful", "verdicts")).ShouldBe((3, 0, 0, 7));
        (Number("careful", "disputes", "judged"), Number("careful", "disputes", "disputed"), Number("careful", "disputes", "overturned")).ShouldBe((4, 3, 1));
        (Number("contrary", "disputes", "overturned"), Number("contrary", "verdicts"), Number("contrary", "by_decision", "reject")).ShouldBe((2, 5, 4));
        (Number("senior", "verdicts"), Number("senior", "disputes", "judged")).ShouldBe((3, 0));
        people["careful"].GetProperty("median_minutes").GetDecimal().ShouldBe(1);
        var link = people["hasty"].GetProperty("too_fast").GetProperty("reviews")[0].GetProperty("_links").GetProperty("review").GetProperty("href").GetString()!;
        (await hasty.GetAsync(link)).Status.ShouldBe(HttpStatusCode.OK);
        var pair = report.GetProperty("pairs").EnumerateArray().ShouldHaveSingleItem();
        var kappa = CohensKappa.Of([("approve", "reject"), ("approve", "reject"), ("approve", "reject"), ("approve", "approve")])!;
        (pair.GetProperty("first").GetString(), pair.GetProperty("agreement").GetProperty("kappa").GetDecimal()).ShouldBe(("careful", kappa.Kappa));

        int Number(params string[] path) => path.Skip(1).Aggregate(people[path[0]], (at, name) => at.GetProperty(name)).GetInt32();
    }

    /// <summary>What a planted item is, is told once nothing can be undone; it teaches nothing of the kind.</summary>
    [Fact]
    public async Task Planted_Judged_IsToldAfterwardsAndTeachesNothing()
    {
        var ann = await PersonAsync("ann", Role.Reviewer);
        var id = await JudgeAsync(ann, await OpenAsync(planted: true), "approve", 60);
        var decided = await ann.GetAsync($"/api/v1/reviews/{id}");
        decided["status"].GetString().ShouldBe("decided");
        decided.Text.ShouldNotContain("test item");
        decided.Text.ShouldNotContain("band");
        await Host.UntilAsync(id, review => review.Status == ReviewStatus.Settled);
        var told = await ann.GetAsync($"/api/v1/reviews/{id}");
        told["test_item"].GetString().ShouldBe("This was a test item, made wrong on purpose; nothing came of what was decided. It says 11 where its facts give 10. Right was to reject it.");

        var real = await JudgeAsync(ann, await OpenAsync(), "approve", 60);
        await Host.UntilAsync(real, review => review.Status == ReviewStatus.Settled);
        var times = Host.Advisor.Services.GetRequiredService<ReviewTimes>();
        for (var look = 0; (await times.KindsAsync(ReviewHost.Tenant, Cancel))[0].Times.Count == 0 && look < 1_000; look++)
        {
            await Task.Delay(5, Cancel);
        }

        (await times.KindsAsync(ReviewHost.Tenant, Cancel))[0].Times.ShouldHaveSingleItem().ReviewId.ShouldBe(real);
        (await Host.Records.FindAsync(VerdictRecord.Container, ReviewHost.Tenant, id, Cancel)).ShouldBeNull();
        (await ann.GetAsync($"/api/v1/reviews/{real}")).Text.ShouldNotContain("test_item");
        var acts = (await (await PersonAsync("boss", Role.Admin)).GetAsync($"/api/v1/audit?resource=reviews/{id}"))["entries"].EnumerateArray().ToList();
        acts.Where(act => act.GetProperty("details").TryGetProperty("planted", out _)).Select(act => act.GetProperty("action").GetString()).ShouldBe(["review.settled"]);
    }

    [Fact]
    public async Task Get_ByOthersOrUnfit_IsRefused()
    {
        var admin = await PersonAsync("boss", Role.Admin);
        foreach (var role in Enum.GetValues<Role>().Except([Role.Admin]))
        {
            ReviewHost.Refused(await (await PersonAsync($"no-{role}", role)).GetAsync(Path), HttpStatusCode.Forbidden, "forbidden");
        }

        foreach (var days in new[] { "0", "366", "-1", "many", "1.5" })
        {
            (await admin.GetAsync($"{Path}?days={days}")).ShouldBlame("days");
        }

        ReviewHost.Refused(await admin.GetAsync($"{Path}?kind=no/such"), HttpStatusCode.NotFound, "not-found");
        var empty = await admin.GetAsync($"{Path}?days=365");
        (empty.Status, empty["report"].GetProperty("reviewers").GetArrayLength(), empty["truncated"].GetBoolean()).ShouldBe((HttpStatusCode.OK, 0, false));
        empty["planting"].GetProperty("why").GetString().ShouldBe("The policy's 'sampling.seeded_rate' is 0: no test items are planted.");
    }

    [Fact]
    public async Task Get_OfAnotherTenantOrFromBefore_CountsNothing()
    {
        var ann = await PersonAsync("ann", Role.Reviewer);
        await Host.UntilAsync(await JudgeAsync(ann, await OpenAsync(), "approve", 60), review => review.Status == ReviewStatus.Settled);
        var southwind = await Host.Advisor.ClientOfEveryRoleAsync("southwind");
        (await southwind.GetAsync(Path))["report"].GetProperty("reviews").GetInt32().ShouldBe(0);
        Host.Clock.Advance(TimeSpan.FromDays(1));
        var admin = await PersonAsync("boss", Role.Admin);
        (await admin.GetAsync($"{Path}?days=1"))["report"].GetProperty("reviews").GetInt32().ShouldBe(0);
        (await admin.GetAsync($"{Path}?days=2"))["report"].GetProperty("reviews").GetInt32().ShouldBe(1);
    }

    private async Task<ApiClient> PersonAsync(string name, Role role)
    {
        var issued = await Host.Advisor.Services.GetRequiredService<ApiTokens>().CreateAsync(new Caller(ReviewHost.Tenant, name, $"{name}@northwind.example", [role]), TimeSpan.FromHours(12));
        return Host.Advisor.Stranger(issued.Text);
    }

    private async Task<string> OpenAsync(bool planted = false, decimal amount = 500)
    {
        var asked = SampleReviews.Asked(Host.Clock.GetUtcNow(), amount, blind: planted, subject: $"thing-{_opened++}") with
        {
            Depth = ReviewDepth.Full,
            Planted = planted ? ReviewDecision.Reject : null,
            PlantedBecause = planted ? "It says 11 where its facts give 10." : null,
        };
        (await Host.Desk.OpenAsync(ReviewHost.Tenant, asked, Cancel)).ShouldBeTrue();
        return asked.Id;
    }

    private async Task<string> JudgeAsync(ApiClient person, string id, string decision, double seconds)
    {
        // The orchestration may note meanwhile whom it has told of an escalation: whoever read before that reads again.
        var claimed = await ReviewHost.ActAsync(person, id, "claim");
        claimed = claimed.Status == HttpStatusCode.PreconditionFailed ? await ReviewHost.ActAsync(person, id, "claim") : claimed;
        claimed.Status.ShouldBe(HttpStatusCode.OK, claimed.Text);
        Host.Clock.Advance(TimeSpan.FromSeconds(seconds));
        var decided = await ReviewHost.DecideAsync(person, id, decision);
        decided.Status.ShouldBe(HttpStatusCode.OK, decided.Text);
        return id;
    }
}
