using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Reviews.Integrity;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reviews.Integrity;

/// <summary>The report as a function of reviews.</summary>
public sealed class IntegrityReportTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch.AddYears(50);

    private static readonly ReviewDecision[] s_decisions = [ReviewDecision.Approve, ReviewDecision.Correct, ReviewDecision.Reject];

    [Fact]
    public void Of_Nothing_IsEmpty()
    {
        var report = IntegrityReport.Of([]);
        (report.Reviews, report.Planted, report.Kinds.Count, report.Reviewers.Count, report.Pairs.Count).ShouldBe((0, 0, 0, 0, 0));
    }

    /// <summary>A verdict that can still be undone, or a review that waits, says nothing yet.</summary>
    [Fact]
    public void Of_EveryStatus_CountsOnlyWhatIsOver()
    {
        foreach (var status in Enum.GetValues<ReviewStatus>())
        {
            var report = IntegrityReport.Of([Review("r", [Verdict("ann", ReviewDecision.Approve)]) with { Status = status }]);
            report.Reviews.ShouldBe(status is ReviewStatus.Settled or ReviewStatus.Expired or ReviewStatus.Withdrawn ? 1 : 0, status.ToString());
        }
    }

    [Fact]
    public void Planted_EveryDecision_IsCaughtUnlessApproved()
    {
        foreach (var decision in s_decisions)
        {
            var report = IntegrityReport.Of([Review("p", [Verdict("ann", decision, 1)]) with { Planted = ReviewDecision.Reject }]);
            var ann = report.Reviewers.ShouldHaveSingleItem();
            (ann.Planted.Seen, ann.Planted.Caught, ann.Planted.Missed).ShouldBe(decision == ReviewDecision.Approve ? (1, 0, 1) : (1, 1, 0), decision.ToString());
            (report.Reviews, report.Planted, report.Kinds.Count, ann.Verdicts, ann.MedianMinutes, ann.Timed).ShouldBe((0, 1, 0, 0, null, 0), "a planted item counts for nothing else");
        }
    }

    [Fact]
    public void Planted_PassedOn_IsNeitherCaughtNorMissed()
    {
        var review = Review("p", []) with { Planted = ReviewDecision.Reject, Status = ReviewStatus.Expired, History = [new ReviewAct(s_now, "ann", "escalated"), new ReviewAct(s_now, "advisor", "escalated")] };
        var ann = IntegrityReport.Of([review, review with { Id = "q", Planted = null }]).Reviewers.ShouldHaveSingleItem();
        ann.Planted.ShouldBe(new PlantedIntegrity(0, 0, 0, 1, null));
        ann.Escalated.ShouldBe(1);
    }

    [Fact]
    public void CatchRate_SevenOfTen_HasTheWilsonInterval()
    {
        var reviews = Enumerable.Range(0, 10).Select(i => Review($"p{i}", [Verdict("ann", i < 7 ? ReviewDecision.Reject : ReviewDecision.Approve)]) with { Planted = ReviewDecision.Reject }).ToList();

        // By hand: Wilson's interval of 7 in 10 is 0.3968 to 0.8922.
        IntegrityReport.Of(reviews).Reviewers[0].Planted.CatchRate.ShouldBe(new ShareWithInterval(0.7m, 0.3968m, 0.8922m));
    }

    /// <summary>First, second and, where they differ, third verdict: every combination of decisions.</summary>
    [Fact]
    public void Disputes_EveryCombination_AreCountedForBothAndOverturnedForWhoWasWrong()
    {
        foreach (var (first, second, third) in from a in s_decisions from b in s_decisions from c in s_decisions select (a, b, c))
        {
            var disputed = first != second;
            var verdicts = new List<ReviewVerdict> { Verdict("ann", first), Verdict("bob", second) };
            if (disputed)
            {
                verdicts.Add(Verdict("cfo", third));
            }

            var report = IntegrityReport.Of([Review("r", verdicts) with { FourEyes = true, Disputed = disputed }]);
            var people = report.Reviewers.ToDictionary(person => person.UserId);
            var at = $"{first} {second} {third}";
            Disputes("ann").ShouldBe((1, disputed ? 1 : 0, disputed && first != third ? 1 : 0), at);
            Disputes("bob").ShouldBe((1, disputed ? 1 : 0, disputed && second != third ? 1 : 0), at);
            people.ContainsKey("cfo").ShouldBe(disputed);
            if (disputed)
            {
                Disputes("cfo").ShouldBe((0, 0, 0), "whoever decides between two judges after them");
            }

            var pair = report.Pairs.ShouldHaveSingleItem();
            (pair.First, pair.Second, pair.Agreement.Items, pair.Agreement.Agreement).ShouldBe(("ann", "bob", 1, disputed ? 0 : 1), at);

            (int, int, int) Disputes(string person) => (people[person].Disputes.Judged, people[person].Disputes.Disputed, people[person].Disputes.Overturned);
        }
    }

    [Fact]
    public void Pairs_WhoeverWasFirst_AreKappaOfTheTwo()
    {
        var random = new Random(11);
        var items = Enumerable.Range(0, 60).Select(_ => (Ann: s_decisions[random.Next(3)], Bob: s_decisions[random.Next(3)], AnnFirst: random.Next(2) == 0)).ToList();
        var reviews = items.Select((item, i) => Review($"r{i}", item.AnnFirst ? [Verdict("ann", item.Ann), Verdict("bob", item.Bob)] : [Verdict("bob", item.Bob), Verdict("ann", item.Ann)])
            with { FourEyes = true, Disputed = item.Ann != item.Bob }).ToList();
        var report = IntegrityReport.Of(reviews);
        var kappa = CohensKappa.Of(items.Select(item => (item.Ann, item.Bob)))!;
        report.Pairs.ShouldHaveSingleItem().Agreement.ShouldBe(new ReviewAgreement(60, kappa.Kappa, kappa.StandardError, kappa.Agreement, kappa.Expected, null));
        var ofKind = CohensKappa.Of(items.Select(item => item.AnnFirst ? (item.Ann, item.Bob) : (item.Bob, item.Ann)))!;
        report.Kinds.ShouldHaveSingleItem().Agreement.Kappa.ShouldBe(ofKind.Kappa);
    }

    [Fact]
    public void Kappa_BothAlwaysApprove_IsUndefinedAndSaysSo()
    {
        var report = IntegrityReport.Of([.. Enumerable.Range(0, 3).Select(i => Review($"r{i}", [Verdict("ann", ReviewDecision.Approve), Verdict("bob", ReviewDecision.Approve)]) with { FourEyes = true })]);
        report.Pairs[0].Agreement.ShouldBe(new ReviewAgreement(3, null, null, 1, null, "Both gave the same one decision every time: chance alone would bring that, and kappa is undefined."));
        IntegrityReport.Of([Review("r", [Verdict("ann", ReviewDecision.Approve)])]).Kinds[0].Agreement.Undefined.ShouldBe("No item was judged by two persons independently.");
    }

    [Theory]
    [InlineData(ReviewDepth.Approval, 60.0, 0.99, true)]
    [InlineData(ReviewDepth.Approval, 60.0, 1.0, false)]
    [InlineData(ReviewDepth.Full, 10.0, 1.99, true)]
    [InlineData(ReviewDepth.Full, 10.0, 2.0, false)]
    [InlineData(ReviewDepth.Full, 60.0, 5.99, true)]
    [InlineData(ReviewDepth.Full, 60.0, 6.0, false)]
    public void TooFast_AtTheLimit_IsBelowItOnly(ReviewDepth depth, double usualSeconds, double seconds, bool tooFast)
    {
        var usual = Enumerable.Range(0, 9).Select(i => Review($"u{i}", [Verdict("usual", ReviewDecision.Approve, (decimal)usualSeconds / 60)]) with { Depth = ReviewDepth.Full });
        var one = Review("one", [Verdict("ann", ReviewDecision.Approve, (decimal)seconds / 60)]) with { Depth = depth };
        var ann = IntegrityReport.Of([.. usual, one]).Reviewers[0];
        ann.TooFast.Count.ShouldBe(tooFast ? 1 : 0);
        if (tooFast)
        {
            ann.TooFast.Reviews[0].Links["review"].Href.ShouldBe("/api/v1/reviews/one");
        }
    }

    /// <summary>The median is told of enough times only, and nobody is judged without a claim or by what was asked of them later.</summary>
    [Fact]
    public void TooFast_FewTimesNoClaimOrALaterLevel_IsLenient()
    {
        var slow = Enumerable.Range(0, ReviewWorth.LeastTimes - 2).Select(i => Review($"u{i}", [Verdict("usual", ReviewDecision.Approve, 30)]) with { Depth = ReviewDepth.Full }).ToList();
        var three = Review("three", [Verdict("ann", ReviewDecision.Approve, 3m / 60)]) with { Depth = ReviewDepth.Full };
        var unclaimed = Review("unclaimed", [Verdict("ann", ReviewDecision.Approve)]) with { Depth = ReviewDepth.Full };
        var risen = Review("risen", [Verdict("ann", ReviewDecision.Approve, 1.5m / 60)]) with { Depth = ReviewDepth.Full, Level = 1 };
        var ann = IntegrityReport.Of([.. slow, three, unclaimed, risen]).Reviewers[0];
        (ann.TooFast.Count, ann.Verdicts, ann.Timed).ShouldBe((0, 3, 2));
    }

    [Fact]
    public void TooFast_VeryMany_CountsAllAndLinksTheNewest()
    {
        var reviews = Enumerable.Range(0, 130).Select(i => Review($"r{i:D3}", [Verdict("ann", ReviewDecision.Approve, 0.001m) with { At = s_now.AddMinutes(i) }])).ToList();
        var fast = IntegrityReport.Of(reviews).Reviewers[0].TooFast;
        (fast.Count, fast.Reviews.Count, fast.Reviews[0].ReviewId).ShouldBe((130, IntegrityReport.MostLinks, "r129"));
    }

    [Fact]
    public void Reviewers_WhateverTheyDid_ComeByName()
    {
        var random = new Random(5);
        var names = Enumerable.Range(0, 20).Select(i => $"user-{random.Next(1_000)}-{i}").ToList();
        var report = IntegrityReport.Of([.. names.SelectMany((name, i) => Enumerable.Range(0, random.Next(1, 6)).Select(j => Review($"{i}-{j}", [Verdict(name, s_decisions[random.Next(3)])])))]);
        report.Reviewers.Select(person => person.UserId).ShouldBe(names.Order(StringComparer.Ordinal));
        report.Reviewers.ShouldAllBe(person => person.ByDecision.Values.Sum() == person.Verdicts);
    }

    private static ReviewRecord Review(string id, IReadOnlyList<ReviewVerdict> verdicts) => SampleReviews.Open(s_now) with { Id = id, Status = ReviewStatus.Settled, Verdicts = verdicts };

    private static ReviewVerdict Verdict(string by, ReviewDecision decision, decimal? minutes = null) => new(by, decision, [], null, s_now, minutes, 0);
}
