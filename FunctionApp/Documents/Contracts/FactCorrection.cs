using Advisor.Kernel.Records;

namespace Advisor.Documents.Contracts;

/// <summary>What a person said a fact's value is, in place of the one before. Never changed; a later correction is another record.</summary>
/// <param name="Id">Follows from fact and version, so that of two corrections at the same time one comes after the other.</param>
/// <param name="Version">From 1, without gaps for each fact; what was read is version 0.</param>
/// <param name="Before">The value of the version before.</param>
/// <param name="Printed">As the document prints it.</param>
/// <param name="Metric">Canonical metric of the fact; null when it has none.</param>
/// <param name="By">User ids of those who decided, in the order of their verdicts.</param>
/// <param name="At">When they did.</param>
/// <param name="Comment">Theirs; null where they gave none.</param>
public sealed record FactCorrection(
    string Id,
    string DocumentId,
    string FactId,
    int Version,
    decimal Before,
    decimal After,
    string Printed,
    string? Metric,
    IReadOnlyList<string> By,
    DateTimeOffset At,
    string ReviewId,
    string? Comment)
{
    public static RecordContainer<FactCorrection> Container { get; } = new("fact-corrections")
    {
        Lookup = new RecordLookup(["document_id", "metric"], ["version"]),
    };

    public static string IdOf(string documentId, string factId, int version) =>
        DeterministicId.Of("fact-correction", documentId, factId, version.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>What was decided in a review about facts of a document.</summary>
/// <param name="Values">By fact id.</param>
public sealed record CorrectionOrder(
    string DocumentId, string ReviewId, IReadOnlyDictionary<string, decimal> Values, IReadOnlyList<string> By, DateTimeOffset At, string? Comment);
