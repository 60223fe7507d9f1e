namespace Advisor.Kernel.Confidence;

/// <summary>A curve with its origin.</summary>
/// <param name="Version">Name kept with every score: <c>prior-1.0.0</c>, or one for each fit.</param>
/// <param name="Verdicts">Reviewers' verdicts that the curve was fitted on; 0 for a prior.</param>
public sealed record Calibration(string Version, CalibrationCurve Curve, int Verdicts)
{
    /// <summary>Serves until there are verdicts. It takes a quarter off the log-odds, so that a claim that no proof and no second reader supports stays under the default high band.</summary>
    /// <remarks>Set by judgement, not fitted: scores under it are provisional.</remarks>
    public static Calibration Prior { get; } = new("prior-1.0.0", new CalibrationCurve.Platt(1, -0.25m), 0);

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
