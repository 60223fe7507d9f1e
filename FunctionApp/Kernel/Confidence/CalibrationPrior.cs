using System.Security.Cryptography;
using System.Text.Json;
using Advisor.Kernel.Http;

namespace Advisor.Kernel.Confidence;

/// <summary>A set of labelled documents that a prior was fitted on.</summary>
/// <param name="Origin">Whose documents and labels they are, and under which licence.</param>
/// <param name="Right">Facts that the labels say are right; <paramref name="Wrong"/> and <paramref name="Unlabelled"/> likewise.</param>
/// <param name="Sha256">Of names and bytes of all its files, in the order of their names.</param>
public sealed record PriorData(string Name, string Origin, int Documents, int Right, int Wrong, int Unlabelled, string Sha256);

/// <summary>The calibration that serves before there are verdicts, with where it comes from. <c>quality prior --write</c> writes it.</summary>
/// <param name="Version">Its series, and the beginning of a hash over curve, data and reading programs: <c>prior-2.0.0+1a2b3c4d</c>.</param>
/// <param name="FittedOn">The day, which the version does not hang on.</param>
/// <param name="ScoredBy">Version of <see cref="ConfidenceModel"/> that gave the raw scores.</param>
/// <param name="ReadBy">Programs that read the pages, with their versions: another one may read a scan otherwise.</param>
public sealed record CalibrationPrior(string Version, DateOnly FittedOn, string ScoredBy, IReadOnlyList<string> ReadBy, IReadOnlyList<PriorData> Data, CalibrationCurve Curve)
{
    public const string Series = "prior-2.0.0";

    /// <summary>The committed one.</summary>
    public static CalibrationPrior Committed { get; } = Load();

    /// <summary>As it enters a score: no verdict stands behind it.</summary>
    public Calibration AsCalibration() => new(Version, Curve, 0);

    /// <summary>The version follows from all that decides the curve.</summary>
    public static CalibrationPrior Of(DateOnly fittedOn, IReadOnlyList<string> readBy, IReadOnlyList<PriorData> data, CalibrationCurve curve)
    {
        var prior = new CalibrationPrior("", default, ConfidenceModel.Version, readBy, data, curve);
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(prior, AdvisorJson.Options));
        return prior with { Version = $"{Series}+{Convert.ToHexStringLower(hash)[..8]}", FittedOn = fittedOn };
    }

    private static CalibrationPrior Load()
    {
        using var stream = typeof(CalibrationPrior).Assembly.GetManifestResourceStream("Advisor.Kernel.Confidence.prior.json")!;
        return JsonSerializer.Deserialize<CalibrationPrior>(stream, AdvisorJson.Options)!;
    }
}
