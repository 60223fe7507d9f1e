using Advisor.Benchmarks.Quality.Reasoning;
using Advisor.Kernel.Confidence;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>How many facts or claims came to what.</summary>
/// <param name="WrongBy">Wrong ones by how they are wrong.</param>
/// <param name="UnlabelledBy">By why the labels do not say.</param>
internal sealed record LabelCounts(string Set, string Condition, int Documents, int Right, int Wrong, int Unlabelled, IReadOnlyDictionary<string, int> WrongBy, IReadOnlyDictionary<string, int> UnlabelledBy);

/// <summary>Labelled facts of one raw score, or of a range of them.</summary>
/// <param name="Raw">Upper end, inclusive; ranges are twentieths.</param>
internal sealed record RawScores(decimal Raw, int Right, int Wrong);

/// <summary>What a band holds, and how much of it is right, with its 95 % Wilson interval; null shares where it holds nothing.</summary>
internal sealed record BandPrecision(Band Band, int Count, int Wrong, MeasuredShare? Right);

/// <summary>What the high band holds, by what the labels rest on.</summary>
/// <param name="Doubtful">Beside the counted ones, those where page and scan do not agree; the worst case counts them as wrong.</param>
internal sealed record HighBandTruth(Truth Truth, int Count, int Wrong, MeasuredShare? Right, int Doubtful, MeasuredShare? WorstCase);

/// <summary>How well probabilities did that a curve gave.</summary>
/// <param name="ByScore">Bands by the probability alone.</param>
/// <param name="Routed">Bands after the overrides that the signals themselves bring: a failed proof, unknown grounding.</param>
/// <param name="HighBand">The high one of these, by what the labels rest on.</param>
/// <param name="WorstCase">The high band with all that is doubtful in it counted as wrong.</param>
internal sealed record CurveFigures(
    int Count, decimal Ece, decimal Brier, decimal? Auroc, IReadOnlyList<BandPrecision> ByScore, IReadOnlyList<BandPrecision> Routed, IReadOnlyList<HighBandTruth> HighBand, MeasuredShare? WorstCase)
{
    /// <param name="items">Labelled and doubtful ones; the latter enter nothing but the worst case.</param>
    /// <param name="curveOf">The curve for an item, by its filer.</param>
    public static CurveFigures Of(IReadOnlyList<ScoredItem> items, Func<string, CalibrationCurve> curveOf)
    {
        var all = items.Select(item => (Item: item, Probability: curveOf(item.Filer).Apply(item.Raw))).ToList();
        var scored = all.Where(one => one.Item.Right is not null).Select(one => (one.Item, one.Probability, Right: one.Item.Right == true)).ToList();
        List<Graded> graded = [.. scored.Select(one => new Graded(one.Probability, one.Right))];
        List<ScoredItem> high = [.. all.Where(one => BandOf(one.Item, one.Probability) == Band.High).Select(one => one.Item)];
        var report = ConfidenceReport.Of(graded, BandPolicy.Default.High);
        return new CurveFigures(
            scored.Count, Rounded(report.Ece), Rounded(report.Brier), report.Auroc is { } auroc ? Rounded(auroc) : null,
            Bands(scored.Select(one => (BandPolicy.Default.BandOf(one.Probability), one.Right))),
            Bands(scored.Select(one => (BandOf(one.Item, one.Probability), one.Right))),
            [.. high.GroupBy(item => item.Truth).OrderBy(same => same.Key).Select(same => TruthOf(same.Key, [.. same]))],
            ShareOf(high, high.Count));
    }

    private static Band BandOf(ScoredItem item, Score probability) => Router.Route(probability, Overrides(item.Signals)).Band;

    private static HighBandTruth TruthOf(Truth truth, List<ScoredItem> items)
    {
        var (labelled, wrong) = (items.Count(item => item.Right is not null), items.Count(item => item.Right == false));
        return new HighBandTruth(truth, labelled, wrong, ShareOf(items, labelled), items.Count - labelled, ShareOf(items, items.Count));
    }

    private static MeasuredShare? ShareOf(List<ScoredItem> items, int of) => of == 0 ? null : MeasuredShare.Of(items.Count(item => item.Right == true), of);

    private static RouteOverrides Overrides(Signals signals)
    {
        var overrides = RouteOverrides.Of(signals);
        return overrides with { UnknownGrounding = overrides.UnknownGrounding || signals.Grounding < Score.One };
    }

    private static List<BandPrecision> Bands(IEnumerable<(Band Band, bool Right)> items)
    {
        var bands = items.ToLookup(item => item.Band, item => item.Right);
        return [.. Enum.GetValues<Band>().OrderDescending().Select(band =>
        {
            var (count, right) = (bands[band].Count(), bands[band].Count(isRight => isRight));
            return new BandPrecision(band, count, count - right, count == 0 ? null : MeasuredShare.Of(right, count));
        })];
    }

    private static decimal Rounded(decimal value) => Math.Round(value, 4);
}

/// <summary>A labelled fact or claim, as far as a curve is concerned.</summary>
/// <param name="Right">Null where it is doubtful.</param>
internal sealed record ScoredItem(string Filer, Truth Truth, Signals Signals, Score Raw, bool? Right);

/// <summary>What <c>quality prior</c> finds.</summary>
/// <param name="Facts">Labelled facts under the curve of all other filers' documents: nothing is measured on what it was fitted on.</param>
/// <param name="Claims">Claims of the built-in analyst over labelled facts, likewise.</param>
/// <param name="FactsBefore">The same facts under the prior that was set by judgement.</param>
internal sealed record PriorReport(
    CalibrationPrior Prior,
    IReadOnlyList<LabelCounts> Labels,
    IReadOnlyList<RawScores> FactScores,
    IReadOnlyList<RawScores> ClaimScores,
    CurveFigures Facts,
    CurveFigures FactsBefore,
    CurveFigures Claims,
    CurveFigures ClaimsBefore);
