using Advisor.Kernel.Confidence;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>Fits the prior on labels, and measures each document under a curve that has not seen its filer.</summary>
internal static class PriorFit
{
    /// <summary>Of the facts at each raw score that the prior puts into the default high band, this share at least is right by the labels.</summary>
    public const decimal HighBandRight = 0.99m;

    /// <summary>Just below the default high band.</summary>
    private static readonly Score s_held = new(BandPolicy.Default.High - 0.01m);

    /// <summary>As for signals: nothing is held for surer before a person has looked.</summary>
    private static readonly Score s_most = new(0.99m);

    private const decimal Step = 0.000001m;

    /// <summary>The product's own fit, over what was said before there were labels, held below the high band where too few facts are right.</summary>
    /// <remarks>
    /// Labels are of our documents, and a tenant's are others: what is not right 99 times in 100 here is left to a person there until verdicts say otherwise. The hold is the one place where the prior says less than it was fitted to.
    /// </remarks>
    public static CalibrationCurve CurveOf(IEnumerable<LabelledFact> facts)
    {
        List<Graded> graded = [.. facts.Where(fact => fact.Label.Right is not null).Select(fact => fact.Graded)];
        return Held(CalibrationFit.Of(graded, Calibration.JudgedPrior).Curve, graded);
    }

    internal static CalibrationCurve.Isotonic Held(CalibrationCurve fitted, IReadOnlyList<Graded> graded)
    {
        var from = LowestOfHighBand(graded);
        var scores = (fitted is CalibrationCurve.Isotonic isotonic ? isotonic.Points.Select(point => point.Raw.Value) : Enumerable.Range(0, 21).Select(i => i / 20m))
            .Where(raw => raw < from - Step || raw > from).Append(from - Step).Append(from)
            .Append(ConfidenceModel.FailedProofCap.Value).Append(ConfidenceModel.UnknownGroundingCap.Value).Where(raw => raw is >= 0 and <= 1);
        return new CalibrationCurve.Isotonic([.. scores.Distinct().Order().Select(raw => new CalibrationPoint(new Score(raw), raw < from ? Score.Min(s_held, Fitted(raw)) : Score.Min(s_most, Fitted(raw))))]);

        Score Fitted(decimal raw) => new(decimal.Round(fitted.Apply(new Score(raw)).Value, 6));
    }

    /// <summary>The lowest raw score from which on, at each score, the share is right; above 1 where there is none.</summary>
    /// <remarks>At each: many sure facts above must not make up for doubtful ones.</remarks>
    private static decimal LowestOfHighBand(IReadOnlyList<Graded> graded) => graded
        .GroupBy(one => one.Confidence.Value)
        .OrderByDescending(tie => tie.Key)
        .TakeWhile(tie => tie.Count(one => one.Correct) >= HighBandRight * tie.Count())
        .Select(tie => tie.Key)
        .LastOrDefault(1 + (2 * Step));

    public static PriorReport Report(LabelledData data, CalibrationPrior prior)
    {
        var labelled = data.Facts.Where(fact => fact.Label.Right is not null).ToList();
        var held = data.Facts.Select(fact => fact.Filer).Distinct(StringComparer.Ordinal).ToDictionary(filer => filer, filer => CurveOf(labelled.Where(fact => fact.Filer != filer)), StringComparer.Ordinal);
        List<ScoredItem> facts = [.. data.Facts.Where(fact => fact.Label.Right is not null || fact.Label.IsDoubtful).Select(fact => new ScoredItem(fact.Filer, fact.Truth, fact.Signals, fact.Raw, fact.Label.Right))];
        List<ScoredItem> claims = [.. data.Claims.Select(claim => new ScoredItem(claim.Filer, claim.Truth, claim.Signals, claim.Raw, claim.Right))];
        return new PriorReport(
            prior,
            [.. data.Facts.GroupBy(fact => (fact.Set, fact.Condition)).Select(group => Count(group.Key.Set, group.Key.Condition, [.. group]))],
            Scores(facts), Scores(claims),
            CurveFigures.Of(facts, filer => held[filer]), CurveFigures.Of(facts, _ => Calibration.JudgedPrior.Curve),
            CurveFigures.Of(claims, filer => held[filer]), CurveFigures.Of(claims, _ => Calibration.JudgedPrior.Curve));
    }

    private static LabelCounts Count(string set, string condition, List<LabelledFact> facts) => new(
        set, condition, facts.Select(fact => fact.Document).Distinct(StringComparer.Ordinal).Count(),
        facts.Count(fact => fact.Label.Right == true), facts.Count(fact => fact.Label.Right == false), facts.Count(fact => fact.Label.Right is null),
        Kinds(facts.Where(fact => fact.Label.Right == false)), Kinds(facts.Where(fact => fact.Label.Right is null)));

    private static Dictionary<string, int> Kinds(IEnumerable<LabelledFact> facts) =>
        facts.GroupBy(fact => fact.Label.Kind, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Count());

    private static List<RawScores> Scores(List<ScoredItem> items) =>
        [.. items.Where(item => item.Right is not null).GroupBy(item => Math.Max(1, Math.Ceiling(item.Raw.Value * 20)) / 20).OrderBy(bin => bin.Key).Select(bin => new RawScores(bin.Key, bin.Count(item => item.Right == true), bin.Count(item => item.Right == false)))];
}
