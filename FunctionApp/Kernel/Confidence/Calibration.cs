namespace Advisor.Kernel.Confidence;

/// <summary>A curve with its origin.</summary>
/// <param name="Version">Name kept with every score: <c>prior-2.0.0+1a2b3c4d</c>, or one for each fit.</param>
/// <param name="Verdicts">Reviewers' verdicts that the curve was fitted on; 0 for a prior.</param>
public sealed record Calibration(string Version, CalibrationCurve Curve, int Verdicts)
{
    /// <summary>Serves until there are verdicts; fitted on labelled facts, see <c>docs/calibration.md</c>.</summary>
    public static Calibration Prior { get; } = CalibrationPrior.Committed.AsCalibration();

    /// <summary>
    /// The prior before there were labels, set by judgement: it takes a quarter off the log-odds. Analyses from before calibrations were kept with them were scored under it, and the fitted one counts what it says as twenty verdicts.
    /// </summary>
    public static Calibration JudgedPrior { get; } = new("prior-1.0.0", new CalibrationCurve.Platt(1, -0.25m), 0);

    /// <summary>True while no verdict stands behind the curve.</summary>
    public bool IsProvisional => Verdicts == 0;

    /// <summary>Combines and calibrates.</summary>
    public Assessment Assess(Signals signals)
    {
        var raw = ConfidenceModel.Combine(signals);
        return new Assessment(signals, raw.Score, raw.Caps, Curve.Apply(raw.Score), IsProvisional, ConfidenceModel.Version, Version);
    }
}

/// <summary>What an insight keeps about its confidence.</summary>
/// <param name="Raw">Before calibration.</param>
/// <param name="Probability">Calibrated: how often claims like this are right.</param>
/// <param name="Provisional">No verdict stands behind the calibration yet.</param>
public sealed record Assessment(
    Signals Signals,
    Score Raw,
    IReadOnlyList<ScoreCap> Caps,
    Score Probability,
    bool Provisional,
    string ModelVersion,
    string CalibrationVersion);
