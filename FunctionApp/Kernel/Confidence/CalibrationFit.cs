using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Advisor.Kernel.Confidence;

/// <summary>Turns reviewers' verdicts on one kind of claim into a calibration.</summary>
/// <remarks>
/// The prior stays below 30 verdicts, and while fewer than 5 were right or fewer than 5 wrong: a handful on one side says nothing about how right and wrong ones differ.
/// From there on a logistic curve (two parameters), from 1,000 verdicts on an isotonic one; below about a thousand cases the freer curve does worse (Niculescu-Mizil and Caruana,
/// Predicting Good Probabilities with Supervised Learning, ICML 2005, figures 5 and 6).
/// Every fit counts 20 verdicts more, two at each of the raw scores 0.05, 0.15 ... 0.95, that say what the prior says. They fade as verdicts come, keep the curve sane where no verdict fell, and
/// let a few verdicts not turn everything. An isotonic fit besides counts one wrong claim at raw score 1 and one right claim at 0, so that no run of luck at an end becomes certainty. Only right and wrong at a given score enter, so it does not matter that low scores are judged more often than high ones.
/// </remarks>
public static class CalibrationFit
{
    public const int LeastVerdicts = 30;

    public const int LeastOfEach = 5;

    public const int LeastForIsotonic = 1_000;

    private const decimal PriorAtEach = 2;

    private static readonly decimal[] PriorScores = [.. Enumerable.Range(0, 10).Select(i => (i / 10m) + 0.05m)];

    /// <summary>The curve in force after these verdicts. Their order does not matter.</summary>
    /// <param name="verdicts">Raw scores, not calibrated ones, and whether the claim was right.</param>
    /// <param name="prior">What serves without verdicts.</param>
    /// <returns>The prior itself, or a calibration whose version follows from its content: <c>platt-1a2b3c4d</c>, <c>isotonic-1a2b3c4d</c>.</returns>
    public static Calibration Of(IReadOnlyCollection<Graded> verdicts, Calibration prior)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        ArgumentNullException.ThrowIfNull(prior);
        var right = verdicts.Count(verdict => verdict.Correct);
        if (verdicts.Count < LeastVerdicts || Math.Min(right, verdicts.Count - right) < LeastOfEach)
        {
            return prior;
        }

        var isotonic = verdicts.Count >= LeastForIsotonic;
        var scores = Shrunk(verdicts, prior.Curve);
        CalibrationCurve curve = isotonic ? IsotonicFit.Of(scores.Append(new ScoreWeight(0, 1, 1)).Append(new ScoreWeight(1, 1, 0))) : PlattFit.Of(scores);
        return new Calibration($"{(isotonic ? "isotonic" : "platt")}-{HashOf(curve, verdicts.Count)}", curve, verdicts.Count);
    }

    /// <summary>The verdicts by score, and beside them what the prior says.</summary>
    internal static IEnumerable<ScoreWeight> Shrunk(IReadOnlyCollection<Graded> verdicts, CalibrationCurve prior) =>
        verdicts.GroupBy(verdict => verdict.Confidence)
            .Select(tie => new ScoreWeight(tie.Key.Value, tie.Count(), tie.Count(verdict => verdict.Correct)))
            .Concat(PriorScores.Select(raw => new ScoreWeight(raw, PriorAtEach, PriorAtEach * prior.Apply(new Score(raw)).Value)));

    private static string HashOf(CalibrationCurve curve, int verdicts)
    {
        var text = curve switch
        {
            CalibrationCurve.Platt platt => string.Create(CultureInfo.InvariantCulture, $"{verdicts} {platt.A:0.0000} {platt.B:0.0000}"),
            CalibrationCurve.Isotonic isotonic => string.Create(CultureInfo.InvariantCulture, $"{verdicts} {string.Join(' ', isotonic.Points.Select(point => $"{point.Raw.Value:0.000000}:{point.Probability.Value:0.000000}"))}"),
            _ => throw new ArgumentException("Fits are logistic or isotonic.", nameof(curve)),
        };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
    }
}
