using System.Text.Json.Serialization;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;

namespace Advisor.Kernel.Reviews.Integrity;

/// <summary>A kind of review in the report.</summary>
/// <param name="Reviews">Real ones that ended.</param>
/// <param name="MedianMinutes">Of verdicts on full reviews; null while fewer than <see cref="ReviewWorth.LeastTimes"/> were timed.</param>
/// <param name="Agreement">Of first against second verdicts, whoever gave them.</param>
public sealed record KindIntegrity(string Kind, int Reviews, decimal? MedianMinutes, ReviewAgreement Agreement);

/// <summary>What one person decided, and how.</summary>
/// <param name="Verdicts">On real items; one that was undone is none.</param>
/// <param name="ByDecision">The verdicts by what they say.</param>
/// <param name="Escalated">Real items passed on to somebody more senior.</param>
/// <param name="MedianMinutes">Of the timed verdicts; null without any.</param>
/// <param name="Timed">Verdicts on a claimed review.</param>
public sealed record ReviewerIntegrity(
    string UserId, int Verdicts, IReadOnlyDictionary<string, int> ByDecision, int Escalated, decimal? MedianMinutes, int Timed, PlantedIntegrity Planted, FastVerdicts TooFast, DisputeIntegrity Disputes);

/// <summary>How a person did on items known to be wrong.</summary>
/// <param name="Seen">On which they gave a verdict.</param>
/// <param name="Caught">Not approved: that it says something wrong was found, whether it was rejected or corrected.</param>
/// <param name="PassedOn">Given to somebody more senior, and so neither caught nor missed.</param>
/// <param name="CatchRate">Null while none was seen.</param>
public sealed record PlantedIntegrity(int Seen, int Caught, int Missed, int PassedOn, ShareWithInterval? CatchRate);

/// <param name="Lower">Of the 95 % interval after Wilson.</param>
/// <param name="Upper">Of the same.</param>
public sealed record ShareWithInterval(decimal Share, decimal Lower, decimal Upper)
{
    public static ShareWithInterval? Of(int count, int total) => total == 0 ? null : Of(count, total, WilsonInterval.Of(count, total));

    private static ShareWithInterval Of(int count, int total, WilsonInterval interval) =>
        new(decimal.Round((decimal)count / total, 4), decimal.Round(interval.Lower, 4), decimal.Round(interval.Upper, 4));
}

/// <param name="Count">Of all; planted items among them.</param>
/// <param name="Reviews">The newest <see cref="IntegrityReport.MostLinks"/>.</param>
public sealed record FastVerdicts(int Count, IReadOnlyList<FastVerdict> Reviews);

/// <param name="Seconds">From claim to verdict.</param>
/// <param name="FloorSeconds">Below which it was too fast.</param>
public sealed record FastVerdict(string ReviewId, ReviewDepth Depth, decimal Seconds, decimal FloorSeconds, [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links);

/// <param name="Judged">Items that two persons judged independently, this one among them.</param>
/// <param name="Disputed">Those on which the two differed.</param>
/// <param name="Share">Null while none was judged.</param>
/// <param name="Overturned">Disputed ones that a third person decided otherwise than this one.</param>
public sealed record DisputeIntegrity(int Judged, int Disputed, ShareWithInterval? Share, int Overturned);

/// <summary>Two persons who judged the same items.</summary>
/// <param name="First">User id, the smaller of the two.</param>
public sealed record PairIntegrity(string First, string Second, ReviewAgreement Agreement);

/// <summary>Whether those who review look: a function of the reviews that have ended. Everything in order of name, so that nobody comes first for a bad reason.</summary>
public sealed record IntegrityReport(int Reviews, int Planted, IReadOnlyList<KindIntegrity> Kinds, IReadOnlyList<ReviewerIntegrity> Reviewers, IReadOnlyList<PairIntegrity> Pairs)
{
    public const int MostLinks = 100;

    /// <param name="reviews">Those that have not ended, or whose verdict can still be undone, are left out.</param>
    public static IntegrityReport Of(IReadOnlyList<ReviewRecord> reviews)
    {
        var ended = reviews.Where(IsOver).ToList();
        var real = ended.FindAll(review => review.Planted is null);
        var medians = real.GroupBy(review => review.Kind).ToDictionary(kind => kind.Key, MedianOfFull, StringComparer.Ordinal);
        var given = ended.SelectMany(review => review.Verdicts.Select(verdict => new Given(review, verdict))).ToList();
        var passed = ended.SelectMany(review => review.History.Where(act => act.Act == "escalated" && act.By != Audit.AuditEvent.Product).Select(act => (Review: review, act.By))).ToLookup(act => act.By, act => act.Review, StringComparer.Ordinal);
        var byPerson = given.ToLookup(one => one.Verdict.By, StringComparer.Ordinal);
        var people = byPerson.Select(person => person.Key).Concat(passed.Select(person => person.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new IntegrityReport(
            real.Count, ended.Count - real.Count,
            [.. real.GroupBy(review => review.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => new KindIntegrity(
                kind.Key, kind.Count(), medians[kind.Key], ReviewAgreement.Of([.. kind.Where(IsOfTwo).Select(review => (review.Verdicts[0].Decision, review.Verdicts[1].Decision))])))],
            [.. people.Select(person => Reviewer(person, [.. byPerson[person]], [.. passed[person]], medians))],
            PairsOf(real));
    }

    /// <summary>Ended, with nothing left to undo.</summary>
    private static bool IsOver(ReviewRecord review) => review.Status is ReviewStatus.Settled or ReviewStatus.Expired or ReviewStatus.Withdrawn;

    /// <summary>Two persons gave a verdict without seeing the other's.</summary>
    private static bool IsOfTwo(ReviewRecord review) => review is { FourEyes: true, Verdicts.Count: >= 2 };

    private static ReviewerIntegrity Reviewer(string userId, List<Given> given, List<ReviewRecord> passed, Dictionary<string, decimal?> medians)
    {
        var own = given.FindAll(one => one.Review.Planted is null);
        var times = own.Select(one => one.Verdict.Minutes).OfType<decimal>().ToList();
        var planted = given.FindAll(one => one.Review.Planted is not null);
        var caught = planted.Count(one => (one.Verdict.Decision == ReviewDecision.Approve) == (one.Review.Planted == ReviewDecision.Approve));
        return new ReviewerIntegrity(
            userId, own.Count,
            new[] { ReviewDecision.Approve, ReviewDecision.Correct, ReviewDecision.Reject }.ToDictionary(decision => decision.ToString().ToLowerInvariant(), decision => own.Count(one => one.Verdict.Decision == decision)),
            passed.Count(review => review.Planted is null), Median(times), times.Count,
            new PlantedIntegrity(planted.Count, caught, planted.Count - caught, passed.Count(review => review.Planted is not null), ShareWithInterval.Of(caught, planted.Count)),
            FastOf(given, medians), DisputesOf(own));
    }

    private static FastVerdicts FastOf(List<Given> given, Dictionary<string, decimal?> medians)
    {
        var fast = given.Where(one => one.Verdict.Minutes is not null)
            .Select(one => (One: one, Seconds: decimal.Round(one.Verdict.Minutes!.Value * 60, 2), Floor: PlausibleTime.FloorSeconds(one.Depth, medians.GetValueOrDefault(one.Review.Kind))))
            .Where(one => one.Seconds < one.Floor).OrderByDescending(one => one.One.Verdict.At).ThenBy(one => one.One.Review.Id, StringComparer.Ordinal).ToList();
        return new FastVerdicts(fast.Count, [.. fast.Take(MostLinks).Select(one => new FastVerdict(
            one.One.Review.Id, one.One.Depth, one.Seconds, one.Floor, new Dictionary<string, Link> { ["review"] = new($"/api/v1/reviews/{one.One.Review.Id}") }))]);
    }

    private static DisputeIntegrity DisputesOf(List<Given> own)
    {
        var judged = own.FindAll(one => IsOfTwo(one.Review) && one.Review.Verdicts.Take(2).Contains(one.Verdict));
        var disputed = judged.FindAll(one => one.Review.Disputed);
        return new DisputeIntegrity(
            judged.Count, disputed.Count, ShareWithInterval.Of(disputed.Count, judged.Count),
            disputed.Count(one => one.Review is { Status: ReviewStatus.Settled, Verdicts: [_, _, .., var last] } && !ReviewRules.Agree(one.Verdict, last)));
    }

    private static List<PairIntegrity> PairsOf(List<ReviewRecord> real) =>
        [.. real.Where(IsOfTwo).Select(review => review.Verdicts.Take(2).OrderBy(verdict => verdict.By, StringComparer.Ordinal).ToList())
            .GroupBy(pair => (First: pair[0].By, Second: pair[1].By)).OrderBy(pair => pair.Key.First, StringComparer.Ordinal).ThenBy(pair => pair.Key.Second, StringComparer.Ordinal)
            .Select(pair => new PairIntegrity(pair.Key.First, pair.Key.Second, ReviewAgreement.Of([.. pair.Select(item => (item[0].Decision, item[1].Decision))])))];

    private static decimal? MedianOfFull(IEnumerable<ReviewRecord> reviews)
    {
        var times = reviews.SelectMany(review => review.Verdicts.Select(verdict => new Given(review, verdict))).Where(one => one.Depth == ReviewDepth.Full).Select(one => one.Verdict.Minutes).OfType<decimal>().ToList();
        return times.Count < ReviewWorth.LeastTimes ? null : Median(times);
    }

    private static decimal? Median(List<decimal> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : decimal.Round((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, 4);
    }

    private sealed record Given(ReviewRecord Review, ReviewVerdict Verdict)
    {
        /// <summary>What the person was asked for. A review that went to the next level afterwards may have been an approval before: the laxer of the two holds.</summary>
        public ReviewDepth Depth => Verdict.Level < Review.Level ? ReviewDepth.Approval : Review.Depth;
    }
}
