using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reviews;

/// <summary>Whatever people do in whatever order, some things never happen.</summary>
public sealed class ReviewRulesProperties
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly Caller[] s_people =
    [
        SampleReviews.Person("ann", Role.Reviewer), SampleReviews.Person("ben", Role.Reviewer), SampleReviews.Person("pia", Role.Approver),
        SampleReviews.Person("paul", Role.Approver), SampleReviews.Person("cleo", Role.Cfo), SampleReviews.Person("cara", Role.Cfo), SampleReviews.Person("una", Role.Analyst),
    ];

    [Theory]
    [InlineData(500)]
    [InlineData(2_000)]
    public void RandomActs_NeverReleaseWhatNobodyMay(int amount)
    {
        var (settled, expired, disputes) = (0, 0, 0);
        for (var seed = 1; seed <= 2_000; seed++)
        {
            var end = Play(new Random(seed), amount, seed);
            settled += end.Status == ReviewStatus.Settled ? 1 : 0;
            expired += end.Status == ReviewStatus.Expired ? 1 : 0;
            disputes += end.Disputed ? 1 : 0;
        }

        // The walk comes to every kind of end, or the rest would say little.
        settled.ShouldBeGreaterThan(100);
        expired.ShouldBeGreaterThan(100);
        (disputes > 100).ShouldBe(amount > 1_000);
    }

    private static ReviewRecord Play(Random random, int amount, int seed)
    {
        var (review, now) = (SampleReviews.Open(s_start, amount), s_start);
        for (var step = 0; step < 200 && ReviewRules.NextOf(review) is { } next; step++)
        {
            // Sometimes hours pass, sometimes seconds; what was due by then comes first.
            now += random.Next(4) == 0 ? TimeSpan.FromHours(random.NextDouble() * 10) : TimeSpan.FromSeconds(random.Next(8));
            var before = review;
            review = ReviewRules.Advance(review, now);
            Check(before, review, now, seed);
            if (random.Next(3) > 0)
            {
                continue;
            }

            before = review;
            var person = s_people[random.Next(s_people.Length)];
            var change = random.Next(8) switch
            {
                0 or 1 => ReviewRules.Claim(review, person, now),
                2 => ReviewRules.Release(review, person, now),
                3 => ReviewRules.Undo(review, person, now),
                4 => ReviewRules.Reassign(review, person, random.Next(2) == 0 ? null : s_people[random.Next(s_people.Length)], now),
                5 => ReviewRules.Decide(review, person, ReviewDecision.Escalate, [], null, now),
                6 => ReviewRules.Decide(review, person, ReviewDecision.Correct, [new("fact:f1", random.Next(2) == 0 ? "12" : "13")], null, now),
                _ => ReviewRules.Decide(review, person, random.Next(2) == 0 ? ReviewDecision.Approve : ReviewDecision.Reject, [], null, now),
            };
            review = change.Review ?? review;
            Check(before, review, now, seed);
        }

        ReviewRules.NextOf(review).ShouldBeNull($"seed {seed}: it must come to an end");
        return review;
    }

    private static void Check(ReviewRecord before, ReviewRecord after, DateTimeOffset now, int seed)
    {
        if (ReferenceEquals(before, after))
        {
            return;
        }

        var seen = $"seed {seed}, act {after.History.Count}";
        after.History.Take(before.History.Count).SequenceEqual(before.History).ShouldBeTrue(seen);
        after.Level.ShouldBeGreaterThanOrEqualTo(before.Level, seen);
        after.Verdicts.Select(verdict => verdict.By).ShouldBeUnique(seen);
        after.Verdicts.ShouldAllBe(verdict => verdict.By != "una" && !after.Recused.Contains(verdict.By), seen);
        (after.Round >= before.Round).ShouldBeTrue(seen);
        if (before.Status is ReviewStatus.Settled or ReviewStatus.Expired)
        {
            after.ShouldBeSameAs(before, seen);
        }

        if (after.Status is ReviewStatus.Decided or ReviewStatus.Settled)
        {
            after.Outcome!.Decision.ShouldBe(after.Verdicts[^1].Decision, seen);
            after.Verdicts.Count.ShouldBe(after.FourEyes ? (after.Disputed ? 3 : 2) : 1, seen);
            after.Verdicts.ShouldAllBe(verdict => verdict.At < after.Levels[verdict.Level].Until, seen);
        }

        if (after.Status == ReviewStatus.Settled && before.Status != ReviewStatus.Settled)
        {
            (now >= after.Verdicts[^1].At + ReviewTerms.UndoFor).ShouldBeTrue(seen);
        }

        if (after.Status == ReviewStatus.Expired)
        {
            after.Outcome!.Decision.ShouldBeNull(seen);
            (now >= after.Deadline).ShouldBeTrue(seen);
        }
    }
}
