using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;

namespace Advisor.Insights.Replaying;

/// <summary>What an analysis was computed from and under which settings: with the recordings of its model, all that a replay needs.</summary>
/// <param name="FindingsHash">SHA-256 of facts, proofs, second readings and what the screen saw, see <see cref="HashOf"/>.</param>
/// <param name="Company">The name that claims were evaluated with; the document may have moved since.</param>
/// <param name="HighBand">Threshold in force.</param>
/// <param name="MediumBand">Threshold in force.</param>
/// <param name="MaxPerAnalysis">Setting in force.</param>
/// <param name="Analyst">Version of the built-in analyst.</param>
/// <param name="ModelCall">The call whose recordings were used; null where no model was asked.</param>
public sealed record AnalysisBasis(string FindingsHash, string? Company, decimal HighBand, decimal MediumBand, int MaxPerAnalysis, string Analyst, string? ModelCall)
{
    /// <summary>Calibration, budget and limits in force; null for analyses from before there were any: bands and the prior of those days alone.</summary>
    public RoutingTerms? Routing { get; init; }

    /// <summary>What decided beside the claims.</summary>
    [JsonIgnore]
    public RoutingTerms Terms => Routing ?? new RoutingTerms(new BandPolicy(HighBand, MediumBand), Calibration.JudgedPrior);

    /// <summary>Ids of the corrections that its facts had, in their order; null for none.</summary>
    public IReadOnlyList<string>? Corrections { get; init; }

    public static string HashOf(DocumentFindings findings) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new { findings.Facts, findings.Proofs, Grounding = Sorted(findings.Grounding), Agreement = Sorted(findings.Agreement), findings.Form, findings.Finding, findings.Instructions }, AdvisorJson.Options)));

    private static SortedDictionary<string, bool> Sorted(IReadOnlyDictionary<string, bool> known) => new(known.ToDictionary(), StringComparer.Ordinal);
}
