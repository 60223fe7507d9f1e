using System.Globalization;
using System.Text;
using Advisor.Benchmarks.Quality.Reasoning;
using Advisor.Kernel.Confidence;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>The report for people.</summary>
internal static class PriorTable
{
    public static string Of(PriorReport report)
    {
        var text = new StringBuilder();
        Line($"{report.Prior.Version}, fitted on {report.Facts.Count} labelled facts; raw scores by model {report.Prior.ScoredBy}; read by {string.Join(", ", report.Prior.ReadBy)}");
        Line($"");
        foreach (var set in report.Labels)
        {
            Line($"{set.Set}, {set.Condition}: {set.Documents} documents, {set.Right} right, {set.Wrong} wrong{Kinds(set.WrongBy)}, {set.Unlabelled} unlabelled{Kinds(set.UnlabelledBy)}");
        }

        Scores("Facts by raw score, up to and with", report.FactScores);
        Scores("Claims by raw score, up to and with", report.ClaimScores);
        Figures("Facts, each under the curve of the other filers' documents", report.Facts);
        Figures("Facts, under the prior by judgement", report.FactsBefore);
        Figures("Claims, each under the curve of the other filers' documents", report.Claims);
        Figures("Claims, under the prior by judgement", report.ClaimsBefore);
        Line($"");
        Line($"Curve");
        switch (report.Prior.Curve)
        {
            case CalibrationCurve.Isotonic isotonic:
                foreach (var point in isotonic.Points)
                {
                    Line($"  {point.Raw.Value:0.000000}  {point.Probability.Value:0.000000}");
                }

                break;
            case CalibrationCurve.Platt platt:
                Line($"  log-odds times {platt.A} plus {platt.B}");
                break;
        }

        return text.ToString().TrimEnd();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

        void Scores(string title, IReadOnlyList<RawScores> scores)
        {
            Line($"");
            Line($"{title}");
            foreach (var bin in scores)
            {
                Line($"  {bin.Raw:0.00}  {bin.Right,6} right {bin.Wrong,5} wrong");
            }
        }

        void Figures(string title, CurveFigures figures)
        {
            Line($"");
            Line($"{title}: {figures.Count}; ECE {figures.Ece:0.0000} (15 bins, closed on the right), Brier {figures.Brier:0.0000}, AUROC {figures.Auroc:0.0000}");
            Bands("by score", figures.ByScore);
            Bands("routed", figures.Routed);
            foreach (var part in figures.HighBand)
            {
                Line($"  high band, {Name(part.Truth)}: {part.Count}, {part.Wrong} wrong  {Share(part.Right)}; doubtful besides {part.Doubtful}, in the worst case {Share(part.WorstCase)}");
            }

            Line($"  high band, all, in the worst case {Share(figures.WorstCase)}");
        }

        void Bands(string title, IReadOnlyList<BandPrecision> bands)
        {
            foreach (var band in bands)
            {
                Line($"  {title,-8}  {band.Band,-6} {band.Count,6}, {band.Wrong,4} wrong  {Share(band.Right)}");
            }
        }
    }

    private static string Share(MeasuredShare? share) => share is { } right ? string.Create(CultureInfo.InvariantCulture, $"{right.Share:0.0000} right ({right.Lower:0.0000} to {right.Upper:0.0000})") : "";

    private static string Name(Truth truth) => truth switch
    {
        Truth.ByHand => "labelled by hand",
        Truth.PageAsPrinted => "scans against what the product read of the page as printed",
        _ => "values of workbook cells",
    };

    private static string Kinds(IReadOnlyDictionary<string, int> kinds) =>
        kinds.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({string.Join(", ", kinds.Select(kind => $"{kind.Key} {kind.Value}"))})");
}
