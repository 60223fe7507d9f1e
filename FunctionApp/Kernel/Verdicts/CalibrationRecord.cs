using Advisor.Kernel.Confidence;
using Advisor.Kernel.Records;

namespace Advisor.Kernel.Verdicts;

/// <summary>What verdicts have taught of a kind, one version after the other.</summary>
/// <param name="Version">From 1, without gaps.</param>
/// <param name="Budget">The error budget that the policy named; null where the bands decide.</param>
/// <param name="Status">Null without a budget.</param>
/// <param name="Threshold">Raw score from which on claims are released under the budget; null while none are.</param>
/// <param name="SampleRate">Share of claims whose coin sends them to a person, besides the policy's own rate; 0 without a budget.</param>
/// <param name="Why">Why the threshold is what it is, in words whose numbers were computed.</param>
/// <param name="Verdicts">On the kind so far.</param>
/// <param name="Cause"><c>verdicts</c>, or <c>policy</c> where the budget changed.</param>
/// <param name="By">Who brought it about: <c>advisor</c> for verdicts, the user id behind a policy.</param>
public sealed record CalibrationRecord(
    string Kind, int Version, Calibration Calibration, decimal? Budget, AutomationStatus? Status, Score? Threshold, decimal SampleRate, string Why, int Verdicts, string Cause, string By, DateTimeOffset At)
{
    /// <summary>The newest of each kind, by <see cref="IdOf"/>.</summary>
    public static RecordContainer<CalibrationRecord> Container { get; } = new("calibrations");

    /// <summary>Every version of every kind; the one in force too.</summary>
    public static RecordContainer<CalibrationRecord> History { get; } = new("calibration-history") { Lookup = new RecordLookup(["kind"], ["version"]) };

    /// <summary>Kinds hold slashes, which ids of records may not.</summary>
    public static string IdOf(string kind) => DeterministicId.Of("calibration", kind);

    public static string HistoryIdOf(string kind, int version) => DeterministicId.Of("calibration", kind, version.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Nothing that decides anything differs.</summary>
    public bool Decides(CalibrationRecord other) =>
        Calibration.Version == other.Calibration.Version && Budget == other.Budget && Status == other.Status && Threshold == other.Threshold && SampleRate == other.SampleRate;
}

/// <summary>A random text of the tenant's, without which nobody can tell whom the coin will choose.</summary>
internal sealed record SampleSalt(string Salt)
{
    public const string Id = "salt";

    public static RecordContainer<SampleSalt> Container { get; } = new("sample-salts");
}

/// <summary>Raw scores of the last claims of a kind, judged or not: what a budget's cost is told from.</summary>
internal sealed record RecentScores(string Kind, IReadOnlyList<RecentScore> Scores)
{
    public const int Most = 1_000;

    public static RecordContainer<RecentScores> Container { get; } = new("recent-scores");
}

/// <param name="Claim">Its id, so that telling of it again changes nothing.</param>
internal sealed record RecentScore(string Claim, Score Raw);
