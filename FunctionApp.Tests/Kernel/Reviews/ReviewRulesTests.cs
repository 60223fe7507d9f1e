using Advisor.Kernel.Audit;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reviews;

public sealed class ReviewRulesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly Caller s_ann = SampleReviews.Person("ann", Role.Reviewer);
    private static readonly Caller s_ben = SampleReviews.Person("ben", Role.Reviewer);
    private static readonly Caller s_pia = SampleReviews.Person("pia", Role.Approver);
    private static readonly Caller s_cfo = SampleReviews.Person("cleo", Role.Cfo);
    private static readonly Caller s_root = SampleReviews.Person("root", Role.Admin);
    private static readonly Caller s_una = SampleReviews.Person("una", Role.Analyst);

    private static ReviewRecord Open(decimal? amount = 500, bool blind = false) => SampleReviews.Open(s_start, amount, blind);

    private static DateTimeOffset At(double minutes) => s_start.AddMinutes(minutes);

    [Fact]
    public void Open_AmountOverThePolicys_NeedsTwoPersons()
    {
        (Open(1_000).FourEyes, Open(1_000.01m).FourEyes, Open(-1_000.01m).FourEyes, Open(null).FourEyes).ShouldBe((false, true, true, false));
        Open(5_000, blind: true).FourEyes.ShouldBeFalse();
    }

    [Fact]
    public void Open_Chain_GivesEachLevelItsHours()
    {
        var review = Open();
        review.Levels.Select(level => (level.Role, (level.RemindAt - s_start).TotalHours, (level.Until - s_start).TotalHours)).ShouldBe(
            [(Role.Reviewer, 12, 24), (Role.Approver, 30, 36), (Role.Cfo, 42, 48)]);
        review.Deadline.ShouldBe(s_start.AddHours(48));
        review.History.ShouldHaveSingleItem().ShouldBe(new ReviewAct(s_start, AuditEvent.Product, "opened"));
    }

    [Fact]
    public void Claim_HeldByAnother_IsRefusedUntilItExpires()
    {
        var held = ReviewRules.Claim(Open(), s_ann, At(0)).Done();
        held.Claim.ShouldBe(new ReviewClaim("ann", At(0), At(30)));
        var refusal = ReviewRules.Claim(held, s_ben, At(29.9)).Refusal.ShouldNotBeNull();
        (refusal.Status, refusal.Slug).ShouldBe((409, "claimed"));
        refusal.Detail.ShouldContain("'ann' holds the review until 2026-03-02 08:30:00 UTC");
        ReviewRules.Claim(held, s_ben, At(30)).Done().Claim!.By.ShouldBe("ben");
        ReviewRules.Decide(held, s_ben, ReviewDecision.Approve, [], null, At(1)).Refusal!.Slug.ShouldBe("claimed");
    }

    [Fact]
    public void Claim_OnesOwnAgain_IsProlongedAndKeepsItsBeginning()
    {
        var again = ReviewRules.Claim(ReviewRules.Claim(Open(), s_ann, At(0)).Done(), s_ann, At(20)).Done();
        again.Claim.ShouldBe(new ReviewClaim("ann", At(0), At(50)));
        ReviewRules.Decide(again, s_ann, ReviewDecision.Approve, [], null, At(40)).Done().Verdicts[0].Minutes.ShouldBe(40);
    }

    [Fact]
    public void Release_GivesItToOthers()
    {
        var held = ReviewRules.Claim(Open(), s_ann, At(0)).Done();
        ReviewRules.Release(held, s_ben, At(1)).Refusal!.Slug.ShouldBe("not-claimed");
        ReviewRules.Claim(ReviewRules.Release(held, s_ann, At(1)).Done(), s_ben, At(2)).Done().Claim!.By.ShouldBe("ben");
        ReviewRules.Release(Open(), s_ann, At(1)).Refusal!.Detail.ShouldContain("Nobody holds it");
    }

    [Fact]
    public void Decide_Approved_StandsAfterTenSeconds()
    {
        var decided = ReviewRules.Decide(Open(), s_ann, ReviewDecision.Approve, [], "fine", At(5)).Done();
        (decided.Status, decided.Round, decided.Outcome!.EffectiveAt).ShouldBe((ReviewStatus.Decided, 1, At(5).AddSeconds(10)));
        ReviewRules.NextOf(decided).ShouldBe(new ReviewWait(1, At(5).AddSeconds(10)));
        ReviewRules.Advance(decided, At(5).AddSeconds(9.9)).ShouldBeSameAs(decided);
        var settled = ReviewRules.Advance(decided, At(5).AddSeconds(10));
        settled.Status.ShouldBe(ReviewStatus.Settled);
        ReviewRules.NextOf(settled).ShouldBeNull();
        settled.Verdicts[0].Minutes.ShouldBeNull("nobody claimed it, so nobody knows how long it took");
    }

    [Fact]
    public void Undo_WithinTenSeconds_OpensItAgain()
    {
        var decided = ReviewRules.Decide(Open(), s_ann, ReviewDecision.Reject, [], null, At(5)).Done();
        var undone = ReviewRules.Undo(decided, s_ann, At(5).AddSeconds(9)).Done();
        (undone.Status, undone.Verdicts.Count, undone.Outcome, undone.Round).ShouldBe((ReviewStatus.Open, 0, null, 2));
        undone.History.Select(act => act.Act).ShouldBe(["opened", "decided", "undone"]);
        ReviewRules.Undo(decided, s_ben, At(5).AddSeconds(1)).Refusal!.Slug.ShouldBe("nothing-to-undo");
        ReviewRules.Undo(decided, s_ann, At(5).AddSeconds(10)).Refusal!.Slug.ShouldBe("undo-too-late");
        ReviewRules.Undo(ReviewRules.Advance(decided, At(6)), s_ann, At(6)).Refusal!.Slug.ShouldBe("nothing-to-undo");
    }

    [Fact]
    public void Decide_SecondTime_SaysWhatHappened()
    {
        var decided = ReviewRules.Decide(Open(), s_ann, ReviewDecision.Approve, [], null, At(5)).Done();
        var late = ReviewRules.Decide(decided, s_ben, ReviewDecision.Reject, [], null, At(6)).Refusal.ShouldNotBeNull();
        (late.Status, late.Slug).ShouldBe((409, "review-closed"));
        late.Detail.ShouldContain("approved by 'ann' at 2026-03-02 08:05:00 UTC");
    }

    [Fact]
    public void Decide_AfterTheDeadline_IsRefusedEvenBeforeTheClockCame()
    {
        var late = ReviewRules.Decide(Open(), s_cfo, ReviewDecision.Approve, [], null, s_start.AddHours(48)).Refusal.ShouldNotBeNull();
        (late.Status, late.Slug).ShouldBe((409, "review-closed"));
        late.Detail.ShouldContain("2026-03-04 08:00:00 UTC");
        late.Detail.ShouldContain("It stays held.");
    }

    [Theory]
    [InlineData("una", 0, false)]
    [InlineData("ann", 0, true)]
    [InlineData("root", 0, true)]
    [InlineData("pia", 0, true)]
    [InlineData("cleo", 0, true)]
    [InlineData("ann", 1, false)]
    [InlineData("root", 1, false)]
    [InlineData("pia", 1, true)]
    [InlineData("cleo", 1, true)]
    [InlineData("pia", 2, false)]
    [InlineData("cleo", 2, true)]
    public void Decide_AtALevel_IsForItsRoleAndThoseAbove(string who, int level, bool may)
    {
        var caller = new[] { s_una, s_ann, s_root, s_pia, s_cfo }.Single(person => person.UserId == who);
        var review = ReviewRules.Advance(Open(), s_start.AddHours(new[] { 0, 24, 36 }[level]));
        review.Level.ShouldBe(level);
        var change = ReviewRules.Decide(review, caller, ReviewDecision.Approve, [], null, s_start.AddHours(new[] { 1, 25, 37 }[level]));
        (change.Review is not null).ShouldBe(may);
        (change.Refusal?.Slug).ShouldBe(may ? null : "not-your-level");
    }

    [Fact]
    public void Decide_FourEyes_WaitsForAnotherPersonOfTheSameMind()
    {
        var first = ReviewRules.Decide(Open(2_000), s_ann, ReviewDecision.Approve, [], "looks right", At(5)).Done();
        (first.Status, first.Outcome).ShouldBe((ReviewStatus.AwaitingSecond, null));
        ReviewRules.Decide(first, s_ann, ReviewDecision.Approve, [], null, At(6)).Refusal!.Slug.ShouldBe("four-eyes");
        ReviewRules.Claim(first, s_ann, At(6)).Refusal!.Slug.ShouldBe("four-eyes");
        ReviewRules.Reassign(first, s_cfo, s_ann, At(6)).Refusal!.Slug.ShouldBe("four-eyes");
        var second = ReviewRules.Decide(first, s_ben, ReviewDecision.Approve, [], null, At(7)).Done();
        second.Status.ShouldBe(ReviewStatus.Decided);
        second.Outcome!.By.ShouldBe(["ann", "ben"]);
        var undone = ReviewRules.Undo(second, s_ben, At(7).AddSeconds(1)).Done();
        undone.Status.ShouldBe(ReviewStatus.AwaitingSecond);
        ReviewRules.Undo(second with { AssignedTo = "ben" }, s_ben, At(7).AddSeconds(1)).Done().AssignedTo.ShouldBeNull();

        // That it was decided has told him what the first verdict was.
        ReviewRules.Decide(undone, s_ben, ReviewDecision.Reject, [], null, At(8)).Refusal!.Slug.ShouldBe("four-eyes");
        ReviewRules.Reassign(undone, s_cfo, s_ben, At(8)).Refusal!.Slug.ShouldBe("four-eyes");
        ReviewRules.Decide(undone, s_cfo, ReviewDecision.Approve, [], null, At(8)).Done().Outcome!.By.ShouldBe(["ann", "cleo"]);
        ReviewRules.Undo(first, s_ann, At(5).AddSeconds(1)).Done().Status.ShouldBe(ReviewStatus.Open);
    }

    [Fact]
    public void Decide_FourEyesThatDiffer_GoToTheNextLevelWhereOneDecides()
    {
        var first = ReviewRules.Decide(Open(2_000), s_ann, ReviewDecision.Approve, [], null, At(5)).Done();
        var disputed = ReviewRules.Decide(first, s_ben, ReviewDecision.Reject, [], null, At(7)).Done();
        (disputed.Status, disputed.Disputed, disputed.Level, disputed.Outcome).ShouldBe((ReviewStatus.Open, true, 1, null));
        var decided = ReviewRules.Decide(disputed, s_pia, ReviewDecision.Reject, [], null, At(9)).Done();
        (decided.Status, decided.Outcome!.Decision).ShouldBe((ReviewStatus.Decided, ReviewDecision.Reject));
    }

    [Fact]
    public void Decide_FourEyesThatDifferAtTheLastLevel_NeedAThirdPerson()
    {
        var top = ReviewRules.Advance(Open(2_000), s_start.AddHours(36));
        var other = SampleReviews.Person("cara", Role.Cfo);
        var third = SampleReviews.Person("cyd", Role.Cfo);
        var disputed = ReviewRules.Decide(ReviewRules.Decide(top, s_cfo, ReviewDecision.Approve, [], null, s_start.AddHours(37)).Done(), other, ReviewDecision.Reject, [], null, s_start.AddHours(38)).Done();
        (disputed.Status, disputed.Level).ShouldBe((ReviewStatus.Open, 2));
        ReviewRules.Decide(disputed, s_cfo, ReviewDecision.Approve, [], null, s_start.AddHours(39)).Refusal!.Slug.ShouldBe("four-eyes");
        ReviewRules.Decide(disputed, third, ReviewDecision.Approve, [], null, s_start.AddHours(39)).Done().Status.ShouldBe(ReviewStatus.Decided);
    }

    [Fact]
    public void Decide_FourEyesWithOtherValues_IsADispute()
    {
        var first = ReviewRules.Decide(Open(2_000), s_ann, ReviewDecision.Correct, [new("fact:f1", "12")], null, At(1)).Done();
        ReviewRules.Decide(first, s_ben, ReviewDecision.Correct, [new("fact:f1", "12")], null, At(2)).Done().Status.ShouldBe(ReviewStatus.Decided);
        ReviewRules.Decide(first, s_ben, ReviewDecision.Correct, [new("fact:f1", "13")], null, At(2)).Done().Disputed.ShouldBeTrue();
    }

    public static TheoryData<ReviewDecision, string[][], string> BadDecisions => new()
    {
        { ReviewDecision.Correct, [], "Say what is right" },
        { ReviewDecision.Approve, [["fact:f1", "12"]], "with the decision 'correct' only" },
        { ReviewDecision.Correct, [["fact:f9", "12"]], "'fact:f9' is nothing that can be corrected" },
        { ReviewDecision.Correct, [["fact:f1", "twelve"]], "is a number" },
        { ReviewDecision.Correct, [["fact:f1", "12"], ["fact:f1", "13"]], "corrected twice" },
        { ReviewDecision.Correct, [["fact:f1", "10"]], "has that value already" },
    };

    [Theory]
    [MemberData(nameof(BadDecisions))]
    public void Decide_WhatDoesNotFit_IsRefused(ReviewDecision decision, string[][] corrections, string words)
    {
        var refusal = ReviewRules.Decide(Open(), s_ann, decision, [.. corrections.Select(pair => new ReviewCorrection(pair[0], pair[1]))], null, At(1)).Refusal.ShouldNotBeNull();
        (refusal.Status, refusal.Slug).ShouldBe((400, "invalid-request"));
        refusal.Detail.ShouldContain(words);
    }

    [Fact]
    public void Decide_Escalate_GoesUpAndStartsThatLevelsTime()
    {
        var up = ReviewRules.Decide(ReviewRules.Claim(Open(), s_ann, At(0)).Done(), s_ann, ReviewDecision.Escalate, [], "over my head", At(60)).Done();
        (up.Level, up.Status, up.Claim, up.Depth, up.Verdicts.Count).ShouldBe((1, ReviewStatus.Open, null, ReviewDepth.Full, 0));
        up.Levels.Select(level => (level.Until - s_start).TotalHours).ShouldBe([24, 13, 25]);
        up.Deadline.ShouldBe(s_start.AddHours(25));
        up.History[^1].Note.ShouldBe("to approver: over my head");
        ReviewRules.Decide(ReviewRules.Decide(up, s_pia, ReviewDecision.Escalate, [], null, At(61)).Done(), s_cfo, ReviewDecision.Escalate, [], null, At(62)).Refusal!.Slug.ShouldBe("no-higher-level");
    }

    [Fact]
    public void Reassign_ByName_KeepsOthersOut()
    {
        var assigned = ReviewRules.Reassign(ReviewRules.Claim(Open(), s_ann, At(0)).Done(), s_pia, s_ben, At(1)).Done();
        (assigned.AssignedTo, assigned.Claim).ShouldBe(("ben", null));
        ReviewRules.Decide(assigned, s_ann, ReviewDecision.Approve, [], null, At(2)).Refusal!.Slug.ShouldBe("assigned");
        ReviewRules.Decide(assigned, s_ben, ReviewDecision.Approve, [], null, At(2)).Done();
        ReviewRules.Reassign(Open(), s_pia, s_una, At(1)).Refusal!.Slug.ShouldBe("not-your-level");
        ReviewRules.Reassign(assigned, s_pia, null, At(3)).Done().AssignedTo.ShouldBeNull();
    }

    [Fact]
    public void Advance_NobodyActs_RemindsEscalatesAndHolds()
    {
        var review = Open();
        var acts = new List<(double Hours, string Act, int Level)>();
        while (ReviewRules.NextOf(review) is { } next)
        {
            review = ReviewRules.Advance(review, next.At);
            acts.Add(((next.At - s_start).TotalHours, review.History[^1].Act, review.Level));
        }

        acts.ShouldBe([(12, "reminded", 0), (24, "escalated", 1), (30, "reminded", 1), (36, "escalated", 2), (42, "reminded", 2), (48, "expired", 2)]);
        (review.Status, review.Outcome!.Decision, review.Outcome.InWords).ShouldBe((ReviewStatus.Expired, null, "nobody decided in time; it stays held"));
    }

    [Fact]
    public void Advance_LongAfterEverything_EndsInTheSameState()
    {
        var late = ReviewRules.Advance(Open(), s_start.AddDays(90));
        (late.Status, late.Level, late.Deadline).ShouldBe((ReviewStatus.Expired, 2, s_start.AddHours(48)));
        late.History.Select(act => act.Act).ShouldBe(["opened", "escalated", "escalated", "expired"]);
    }

    [Fact]
    public void Advance_SampleThatNobodyLookedAt_StaysAsItWas() =>
        ReviewRules.Advance(Open(blind: true), s_start.AddDays(3)).Outcome!.InWords.ShouldBe("nobody decided in time; what was sampled stays as it was");

    [Fact]
    public void Withdraw_OpenOne_SaysWhyToWhoeverComesLater()
    {
        var withdrawn = ReviewRules.Withdraw(Open(), "a newer analysis has taken its place", At(3));
        ReviewRules.NextOf(withdrawn).ShouldBeNull();
        ReviewRules.Decide(withdrawn, s_ann, ReviewDecision.Approve, [], null, At(4)).Refusal!.Detail.ShouldContain("withdrawn at 2026-03-02 08:03:00 UTC: a newer analysis has taken its place");
        var settled = ReviewRules.Advance(ReviewRules.Decide(Open(), s_ann, ReviewDecision.Approve, [], null, At(5)).Done(), At(6));
        ReviewRules.Withdraw(settled, "late", At(7)).ShouldBeSameAs(settled);
    }

    /// <summary>Somebody was told 200: a newer analysis does not make the verdict undone.</summary>
    [Fact]
    public void Withdraw_DecidedOne_LetsTheVerdictComeToStand()
    {
        var decided = ReviewRules.Decide(Open(), s_ann, ReviewDecision.Reject, [], null, At(5)).Done();
        var withdrawn = ReviewRules.Withdraw(decided, "a newer analysis has taken its place", At(5).AddSeconds(3));
        withdrawn.Status.ShouldBe(ReviewStatus.Decided);
        var settled = ReviewRules.Advance(withdrawn, At(6));
        (settled.Status, settled.Outcome!.Decision).ShouldBe((ReviewStatus.Settled, ReviewDecision.Reject));
        var undone = ReviewRules.Undo(withdrawn, s_ann, At(5).AddSeconds(4)).Done();
        (undone.Status, undone.Outcome!.InWords).ShouldBe((ReviewStatus.Withdrawn, "a newer analysis has taken its place"));
    }

    [Theory]
    [InlineData("999", false)]
    [InlineData("1000.5", true)]
    [InlineData("-2000", true)]
    public void Decide_CorrectionOfALargeValue_NeedsTwoPersons(string value, bool two)
    {
        var decided = ReviewRules.Decide(Open(5), s_ann, ReviewDecision.Correct, [new("fact:f1", value)], null, At(1)).Done();
        decided.Status.ShouldBe(two ? ReviewStatus.AwaitingSecond : ReviewStatus.Decided);
        ReviewRules.Decide(Open(5, blind: true), s_ann, ReviewDecision.Correct, [new("fact:f1", value)], null, At(1)).Done().FourEyes.ShouldBe(two);
    }

    [Fact]
    public void Reassign_ByWhoeverMayNot_IsRefused()
    {
        ReviewRules.Reassign(ReviewRules.Advance(Open(), s_start.AddHours(25)), s_ann, s_pia, s_start.AddHours(25)).Refusal!.Slug.ShouldBe("not-your-level");
        var first = ReviewRules.Decide(Open(2_000), s_ann, ReviewDecision.Approve, [], null, At(1)).Done();
        ReviewRules.Reassign(first, s_ann, s_ben, At(2)).Refusal!.Slug.ShouldBe("four-eyes");
        var claimed = ReviewRules.Claim(Open(), s_ann, At(0)).Done();
        ReviewRules.Reassign(claimed, s_ben, s_ben, At(1)).Refusal!.Slug.ShouldBe("claimed");
        ReviewRules.Reassign(claimed, s_una, s_ben, At(1), asks: true).Refusal!.Slug.ShouldBe("claimed");
        ReviewRules.Reassign(Open(), s_una, s_ben, At(1)).Refusal!.Slug.ShouldBe("not-your-level");
        ReviewRules.Reassign(Open(), s_una, s_ben, At(1), asks: true).Done().AssignedTo.ShouldBe("ben");
    }

    /// <summary>The event of an act is that of the round before it: an act that counted twice would wake nobody.</summary>
    [Fact]
    public void Decide_DisputedToTheNextLevel_IsOneRound()
    {
        var first = ReviewRules.Decide(Open(5_000), SampleReviews.Person("ann", Role.Reviewer), ReviewDecision.Approve, [], null, s_start).Done();
        var disputed = ReviewRules.Decide(first, SampleReviews.Person("bob", Role.Reviewer), ReviewDecision.Reject, [], null, s_start).Done();
        (disputed.Disputed, disputed.Level, first.Round, disputed.Round).ShouldBe((true, 1, 1, 2));
    }

    [Fact]
    public void Redact_LeavesWhatWasDecidedAndNothingOfTheSubject()
    {
        var decided = ReviewRules.Decide(Open(), s_ann, ReviewDecision.Correct, [new("fact:f1", "12")], "page 3 says twelve", At(5)).Done();
        var text = System.Text.Json.JsonSerializer.Serialize(ReviewRules.Redact(decided), Advisor.Kernel.Http.AdvisorJson.Options);
        foreach (var secret in new[] { "Revenue", "twelve", "\"12\"", "report.pdf", "unsure" })
        {
            text.ShouldNotContain(secret);
        }

        text.ShouldContain("\"decision\":\"correct\"");
    }
}
