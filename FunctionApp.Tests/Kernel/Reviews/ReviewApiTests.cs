using System.Net;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reviews;

/// <summary>Reviews over HTTP, and their orchestration under a clock that is told.</summary>
public sealed class ReviewApiTests : IAsyncLifetime
{
    private ReviewHost? _host;
    private ApiClient? _reviewer;
    private ApiClient? _approver;

    private ReviewHost Host => _host!;

    private ApiClient Reviewer => _reviewer!;

    private ApiClient Approver => _approver!;

    public async ValueTask InitializeAsync()
    {
        _host = await ReviewHost.StartAsync();
        _reviewer = await Host.Advisor.ClientAsync(Role.Reviewer);
        _approver = await Host.Advisor.ClientAsync(Role.Approver);
        await Host.Advisor.ClientAsync(Role.Cfo);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    [Fact]
    public async Task Decide_Approved_IsSettledAndWrittenDown()
    {
        var id = await Host.OpenAsync();
        var read = await Reviewer.GetAsync($"/api/v1/reviews/{id}");
        (read["status"].GetString(), read["default_outcome"].GetString(), read["level"].GetString()).ShouldBe(("open", "hold", "reviewer"));
        read["evidence"][0].GetProperty("page").GetInt32().ShouldBe(3);

        var claimed = await ReviewHost.ActAsync(Reviewer, id, "claim");
        claimed["claim"].GetProperty("by").GetString().ShouldBe("reviewer@northwind");
        Host.Clock.Advance(TimeSpan.FromMinutes(2));
        var decided = await ReviewHost.ActAsync(Reviewer, id, "decision", """{"decision": "approve", "comment": "as printed"}""");
        decided.Status.ShouldBe(HttpStatusCode.OK, decided.Text);
        decided["status"].GetString().ShouldBe("decided");
        decided["undo_until"].GetDateTimeOffset().ShouldBe(Host.Clock.GetUtcNow() + ReviewTerms.UndoFor);

        var settled = await Host.UntilAsync(id, review => review.Status == ReviewStatus.Settled);
        settled.Verdicts.ShouldHaveSingleItem().Minutes.ShouldBe(2);
        var acts = (await (await Host.Advisor.ClientAsync(Role.Admin)).GetAsync($"/api/v1/audit?resource=reviews/{id}"))["entries"].EnumerateArray()
            .Select(entry => (entry.GetProperty("action").GetString(), entry.GetProperty("user_id").GetString(), entry.GetProperty("result").GetString())).Reverse();
        acts.ShouldBe([
            ("review.opened", "advisor", "opened"), ("review.claimed", "reviewer@northwind", "claimed"), ("review.decided", "reviewer@northwind", "approved"), ("review.settled", "advisor", "approved"),
        ]);
    }

    [Fact]
    public async Task Decide_WithoutVersionOrKey_IsRefused()
    {
        var id = await Host.OpenAsync();
        ReviewHost.Refused(await ReviewHost.DecideAsync(Reviewer, id, "approve", ifMatch: ""), HttpStatusCode.PreconditionRequired, "precondition-required");
        (await ReviewHost.DecideAsync(Reviewer, id, "approve", key: "")).ShouldBlame("Idempotency-Key");
        var old = (await Reviewer.GetAsync($"/api/v1/reviews/{id}")).Headers.ETag!.ToString();
        await ReviewHost.ActAsync(Approver, id, "claim");
        ReviewHost.Refused(await ReviewHost.DecideAsync(Reviewer, id, "approve", ifMatch: old), HttpStatusCode.PreconditionFailed, "changed");
        ReviewHost.Refused(await ReviewHost.DecideAsync(Reviewer, id, "approve"), HttpStatusCode.Conflict, "claimed");
        (await ReviewHost.DecideAsync(Approver, id, "maybe")).ShouldBlame("decision");
        (await ReviewHost.ActAsync(Approver, id, "decision", """{"decision": "correct", "corrections": [{"target": "fact:f1", "value": [1]}]}""")).ShouldBlame("corrections");
        (await ReviewHost.ActAsync(Approver, id, "decision", "{}")).ShouldBlame("decision");
        var analyst = await Host.Advisor.ClientAsync(Role.Analyst);
        ReviewHost.Refused(await ReviewHost.DecideAsync(analyst, id, "approve"), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Decide_SameKeyAgain_IsAnsweredAndDoneOnce()
    {
        var id = await Host.OpenAsync();
        var tag = (await Reviewer.GetAsync($"/api/v1/reviews/{id}")).Headers.ETag!.ToString();
        var first = await ReviewHost.DecideAsync(Reviewer, id, "reject", "once", tag);
        var again = await ReviewHost.DecideAsync(Reviewer, id, "reject", "once", tag);
        (again.Status, again.Text).ShouldBe((HttpStatusCode.OK, first.Text));
        (await Host.ReviewAsync(id)).Verdicts.ShouldHaveSingleItem();
        ReviewHost.Refused(await ReviewHost.DecideAsync(Approver, id, "approve", ifMatch: tag), HttpStatusCode.Conflict, "review-closed");
    }

    [Fact]
    public async Task Undo_WithinTenSeconds_WaitsForAVerdictAgain()
    {
        var id = await Host.OpenAsync();
        await ReviewHost.DecideAsync(Reviewer, id, "reject");

        // It is offered to whoever decided, and to nobody else.
        (await Reviewer.GetAsync($"/api/v1/reviews/{id}"))["_links"].TryGetProperty("undo", out _).ShouldBeTrue();
        (await (await Host.Advisor.ClientAsync(Role.Approver)).GetAsync($"/api/v1/reviews/{id}"))["_links"].TryGetProperty("undo", out _).ShouldBeFalse();
        Host.Clock.Advance(TimeSpan.FromSeconds(9));
        var undone = await ReviewHost.ActAsync(Reviewer, id, "undo");
        (undone.Status, undone["status"].GetString()).ShouldBe((HttpStatusCode.OK, "open"), undone.Text);
        await ReviewHost.DecideAsync(Reviewer, id, "approve");
        (await Host.UntilAsync(id, review => review.Status == ReviewStatus.Settled)).Outcome!.Decision.ShouldBe(ReviewDecision.Approve);
        ReviewHost.Refused(await ReviewHost.ActAsync(Reviewer, id, "undo"), HttpStatusCode.Conflict, "nothing-to-undo");
    }

    /// <summary>The process dies between the verdict and its event: here the event can't be raised.</summary>
    [Fact]
    public async Task Decide_EventThatIsLost_SettlesAllTheSame()
    {
        var id = await Host.OpenAsync();
        await Host.UntilAsync(id, review => Host.Clock.PendingTimers > 0);
        var client = new Mock<DurableTaskClient>("dead") { CallBase = false };
        client.Setup(dead => dead.RaiseEventAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<object?>(), It.IsAny<CancellationToken>())).ThrowsAsync(new IOException("The process died."));
        var stored = (await Host.Records.FindAsync(ReviewRecord.Container, ReviewHost.Tenant, id, TestContext.Current.CancellationToken))!;
        var (review, problem) = await Host.Desk.ActAsync(
            client.Object, ReviewHost.Tenant, stored, "operation-1", (open, now) => ReviewRules.Decide(open, SampleReviews.Person("ann", Role.Reviewer), ReviewDecision.Approve, [], null, now),
            TestContext.Current.CancellationToken);
        (review!.Value.Status, problem).ShouldBe((ReviewStatus.Decided, null));
        client.VerifyAll();
        var decided = Host.Clock.GetUtcNow();
        await Host.UntilAsync(id, later => later.Status == ReviewStatus.Settled);
        (Host.Clock.GetUtcNow() - decided).ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Clock_NobodyActs_RemindsEscalatesAndHoldsAndSaysSo()
    {
        var id = await Host.OpenAsync();
        var opened = Host.Clock.GetUtcNow();
        await Host.UntilAsync(id, review => review.Reminded, TimeSpan.FromMinutes(5));
        (Host.Clock.GetUtcNow() - opened).TotalHours.ShouldBeInRange(12, 13);
        (await Host.UntilAsync(id, review => review.Level == 1, TimeSpan.FromMinutes(5))).Levels[1].Role.ShouldBe(Role.Approver);
        var ended = await Host.UntilAsync(id, review => review.Phase == ReviewPhase.Ended, TimeSpan.FromMinutes(5));
        (ended.Status, ended.Outcome!.Decision).ShouldBe((ReviewStatus.Expired, null));
        ended.History.Select(act => act.Act).ShouldBe(["opened", "reminded", "escalated", "reminded", "escalated", "reminded", "expired"]);
        foreach (var (act, due) in ended.History.Zip(new[] { 0, 12, 24, 30, 36, 42, 48 }))
        {
            // The test's clock goes on while the host acts.
            (act.At - opened).TotalHours.ShouldBeInRange(due, due + 3, act.Act);
        }

        var late = await ReviewHost.DecideAsync(await Host.Advisor.ClientOfEveryRoleAsync(), id, "approve");
        ReviewHost.Refused(late, HttpStatusCode.Conflict, "review-closed");
        late["detail"].GetString()!.ShouldContain("nobody decided in time; it stays held");

        var notices = (await (await Host.Advisor.ClientAsync(Role.Admin)).GetAsync("/api/v1/notifications?kind=review-due"))["notifications"].EnumerateArray().ToList();
        notices.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Reassign_ToAnApprover_IsTheirs()
    {
        var id = await Host.OpenAsync();
        ReviewHost.Refused(await ReviewHost.ActAsync(Reviewer, id, "reassign", """{"reviewer_email": "nobody@northwind.example"}"""), HttpStatusCode.UnprocessableEntity, "unknown-reviewer");
        (await ReviewHost.ActAsync(Reviewer, id, "reassign", """{"reviewer_email": "approver@northwind.example"}""")).Status.ShouldBe(HttpStatusCode.OK);
        ReviewHost.Refused(await ReviewHost.DecideAsync(Reviewer, id, "approve"), HttpStatusCode.Conflict, "assigned");
        (await Reviewer.GetAsync("/api/v1/reviews?assigned_to=me"))["reviews"].GetArrayLength().ShouldBe(0);
        (await Approver.GetAsync("/api/v1/reviews?assigned_to=me"))["reviews"].GetArrayLength().ShouldBe(1);
        (await ReviewHost.DecideAsync(Approver, id, "approve")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Read_SecondOfFourEyes_DoesNotSeeTheFirstVerdict()
    {
        var asked = ReviewRules.Open(SampleReviews.Asked(Host.Clock.GetUtcNow(), 2_000), SampleReviews.Terms);
        await Host.Records.CreateAsync(ReviewRecord.Container, ReviewHost.Tenant, asked.Id, asked, TestContext.Current.CancellationToken);
        await Host.Desk.OpenAsync(ReviewHost.Tenant, asked, TestContext.Current.CancellationToken);
        await ReviewHost.ActAsync(Reviewer, asked.Id, "decision", """{"decision": "reject", "comment": "unsourced"}""");
        var second = await Approver.GetAsync($"/api/v1/reviews/{asked.Id}");
        second["status"].GetString().ShouldBe("awaiting_second");
        second["verdicts"].GetArrayLength().ShouldBe(0);
        second.Text.ShouldNotContain("\"decision\":\"reject\"");
        second.Text.ShouldNotContain("unsourced");
        (await Reviewer.GetAsync($"/api/v1/reviews/{asked.Id}")).Text.ShouldContain("unsourced");
        await ReviewHost.DecideAsync(Approver, asked.Id, "reject");
        (await Host.UntilAsync(asked.Id, review => review.Status == ReviewStatus.Settled)).Outcome!.By.ShouldBe(["reviewer@northwind", "approver@northwind"]);
        (await Approver.GetAsync($"/api/v1/reviews/{asked.Id}")).Text.ShouldContain("unsourced");
    }

    [Fact]
    public async Task Read_BlindOne_TellsNothingOfWhatTheMachineThinks()
    {
        var id = await Host.OpenAsync(blind: true);
        var shown = await Reviewer.GetAsync($"/api/v1/reviews/{id}");
        foreach (var hidden in new[] { "confidence", "band", "raw_score", "signals", "reasoning_chain_id", "subject_id", "insight_id", "expected_loss_per_minute" })
        {
            shown.Json.TryGetProperty(hidden, out _).ShouldBeFalse(hidden);
        }

        shown["reasons"].GetArrayLength().ShouldBe(0);
        shown["default_outcome"].GetString().ShouldBe("keep");
        shown["_links"].TryGetProperty("subject", out _).ShouldBeFalse();
        (await Reviewer.GetAsync("/api/v1/reviews"))["reviews"][0].TryGetProperty("confidence", out _).ShouldBeFalse();
        (await Reviewer.GetAsync("/api/v1/reviews?band=low"))["reviews"].GetArrayLength().ShouldBe(0);
        // Not even the answer to one's own decision tells, while it can be undone and decided otherwise.
        (await ReviewHost.DecideAsync(Reviewer, id, "approve")).Json.TryGetProperty("confidence", out _).ShouldBeFalse();
        await Host.UntilAsync(id, review => review.Status == ReviewStatus.Settled);
        (await Reviewer.GetAsync($"/api/v1/reviews/{id}"))["confidence"].GetDecimal().ShouldBe(0.7m);
    }

    [Fact]
    public async Task List_SeveralKinds_DearestMinuteFirstPageAfterPage()
    {
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            await Host.OpenAsync(i % 7 == 0 ? null : random.Next(1, 100_000), $"thing-{i}", $"sample/{i % 3}", confidence: random.Next(100) / 100m);
        }

        await TakeMinutesAsync("sample/1", 30);
        var whole = (await Reviewer.GetAsync("/api/v1/reviews?limit=500"))["reviews"].Deserialize<List<ReviewItem>>(AdvisorJson.Options)!;
        whole.Count.ShouldBe(60);
        whole.Select(item => item.ExpectedLossPerMinute).ShouldBeInOrder(SortDirection.Descending);
        foreach (var item in whole)
        {
            var review = await Host.ReviewAsync(item.Id);
            item.ExpectedLossPerMinute.ShouldBe(decimal.Round((review.Amount ?? 0) * (1 - review.Confidence) / (review.Kind == "sample/1" ? 30 : 3), 4));
        }

        var paged = await Reviewer.AllAsync<ReviewItem>("/api/v1/reviews?limit=7", "reviews");
        paged.Select(item => item.Id).ShouldBe(whole.Select(item => item.Id));
        (await Reviewer.AllAsync<ReviewItem>("/api/v1/reviews?limit=7&kind=sample/2", "reviews")).Select(item => item.Id).ShouldBe(whole.Where(item => item.Kind == "sample/2").Select(item => item.Id));
        (await Reviewer.AllAsync<ReviewItem>("/api/v1/reviews?amount_min=50000", "reviews")).ShouldAllBe(item => item.Amount >= 50_000);
        (await Reviewer.GetAsync("/api/v1/reviews?status=settled"))["reviews"].GetArrayLength().ShouldBe(0);
        (await Reviewer.GetAsync("/api/v1/reviews?status=sometimes")).ShouldBlame("status");
        (await Reviewer.GetAsync("/api/v1/reviews?continuation=rubbish")).ShouldBlame("continuation");
    }

    [Fact]
    public async Task List_ReviewDecidedBetweenPages_NeitherSkipsNorRepeatsOthers()
    {
        for (var i = 0; i < 12; i++)
        {
            await Host.OpenAsync(1_000 - i, $"thing-{i}");
        }

        var first = await Reviewer.GetAsync("/api/v1/reviews?limit=5");
        var ids = first["reviews"].EnumerateArray().Select(item => item.GetProperty("id").GetString()!).ToList();
        await ReviewHost.DecideAsync(Reviewer, ids[1], "approve");
        var rest = await Reviewer.AllAsync<ReviewItem>(first["pagination"].GetProperty("next").GetString()!, "reviews");
        rest.Count.ShouldBe(7);
        rest.ShouldAllBe(item => !ids.Contains(item.Id));
    }

    [Fact]
    public async Task AnotherTenant_SeesAndDoesNothing()
    {
        var id = await Host.OpenAsync();
        var other = await Host.Advisor.ClientOfEveryRoleAsync("southwind");
        (await other.GetAsync($"/api/v1/reviews/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await other.GetAsync("/api/v1/reviews"))["reviews"].GetArrayLength().ShouldBe(0);
        (await ReviewHost.DecideAsync(other, id, "approve", ifMatch: "*")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task TakeMinutesAsync(string kind, int minutes)
    {
        var stored = (await Host.Records.FindAsync(ReviewKind.Container, ReviewHost.Tenant, ReviewKind.IdOf(kind), TestContext.Current.CancellationToken))!;
        var times = Enumerable.Range(0, 9).Select(i => new ReviewTime($"r-{i}", minutes)).ToList();
        await Host.Records.PutAsync(ReviewKind.Container, ReviewHost.Tenant, stored.Id, stored.Value with { Times = times }, null, TestContext.Current.CancellationToken);
    }
}
