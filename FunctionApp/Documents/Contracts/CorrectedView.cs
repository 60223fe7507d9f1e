using System.Text.Json.Serialization;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Contracts;

/// <summary>The source of a value that a person gave, as the API shows it beside the place in the document.</summary>
/// <param name="Version">From 1: how often the value was corrected.</param>
/// <param name="From">The value before this correction.</param>
/// <param name="By">User ids.</param>
public sealed record CorrectedView(
    decimal From, IReadOnlyList<string> By, DateTimeOffset At, string ReviewId, int Version, [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    public static CorrectedView? Of(CorrectedValue? corrected, string documentId) => corrected is null ? null : new(
        corrected.From, corrected.By, corrected.At, corrected.ReviewId, corrected.Version,
        new Dictionary<string, Link>
        {
            ["review"] = new($"/api/v1/reviews/{corrected.ReviewId}"),
            ["corrections"] = new($"/api/v1/documents/{documentId}/corrections"),
        });
}
