using System.Text.Json;
using Advisor.Kernel.Reasoning.Claims;

namespace Advisor.Insights.Proposing;

/// <summary>A claim as a model proposed it; nothing in it is verified.</summary>
/// <param name="Explanation">Null where it gave none.</param>
public sealed record ProposedClaim(int Place, Claim Claim, string Category, Claim? Explanation);

/// <summary>Something in an answer that was refused.</summary>
/// <param name="Place">Of the claim in the answer, from 1.</param>
/// <param name="Template">As far as it could be read.</param>
public sealed record RefusedClaim(int Sample, int Place, string? Template, IReadOnlyList<RefusalReason> Reasons);

/// <param name="Code">Stable, snake_case.</param>
public sealed record RefusalReason(string Code, string Message);

/// <summary>Reads an answer claim by claim: one that is malformed is refused with its reason, and the others stand.</summary>
public static class ModelAnswer
{
    /// <summary>Claims of one answer that are looked at.</summary>
    public const int MaxClaims = 40;

    private const int MaxShown = 300;

    private static readonly HashSet<string> s_members = ["template", "expressions", "type", "category", "explanation", "facts"];

    /// <summary>The claims of an answer; null when the answer as a whole is none.</summary>
    public static (IReadOnlyList<ProposedClaim> Claims, IReadOnlyList<RefusedClaim> Refused)? Read(string text, int sample, string analysisType)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("claims", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            var claims = new List<ProposedClaim>();
            var refused = new List<RefusedClaim>();
            var place = 0;
            foreach (var element in list.EnumerateArray())
            {
                if (++place > MaxClaims)
                {
                    refused.Add(new RefusedClaim(sample, place, null, [new RefusalReason("too_many_claims", $"Only the first {MaxClaims} claims of an answer are looked at; it has {list.GetArrayLength()}.")]));
                    break;
                }

                try
                {
                    if (FaultOf(element, analysisType) is { } fault)
                    {
                        refused.Add(new RefusedClaim(sample, place, TemplateOf(element), [fault]));
                        continue;
                    }

                    var explanation = element.TryGetProperty("explanation", out var given) && given.ValueKind == JsonValueKind.Object ? given : (JsonElement?)null;
                    claims.Add(new ProposedClaim(place, ClaimOf(element, element, analysisType), element.GetProperty("category").GetString()!, explanation is { } why ? ClaimOf(why, element, analysisType) : null));
                }
                catch (InvalidOperationException)
                {
                    // Half a character, escaped: JSON allows it, and it is no text.
                    refused.Add(new RefusedClaim(sample, place, null, [Malformed("it holds half a character")]));
                }
            }

            return (claims, refused);
        }
    }

    /// <summary>The beginning of a text, for the chain.</summary>
    public static string Shortened(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "...";

    private static RefusalReason? FaultOf(JsonElement element, string analysisType)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return Malformed("it is not a JSON object");
        }

        if (element.EnumerateObject().FirstOrDefault(member => !s_members.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            return Malformed($"it has the member '{Shortened(unknown.Name)}', which no claim has");
        }

        if (!IsSentence(element, out var fault))
        {
            return Malformed(fault);
        }

        if (!element.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != analysisType)
        {
            return new RefusalReason("wrong_type", $"Its 'type' is not {analysisType}, which was asked for.");
        }

        if (!element.TryGetProperty("category", out var category) || category.ValueKind != JsonValueKind.String || !ModelPrompt.CategoriesOf(analysisType).Contains(category.GetString()))
        {
            return new RefusalReason("unknown_category", $"Its 'category' is none of {string.Join(", ", ModelPrompt.CategoriesOf(analysisType))}.");
        }

        if (element.TryGetProperty("facts", out var facts) && (facts.ValueKind != JsonValueKind.Object || facts.EnumerateObject().Any(alias => alias.Value.ValueKind != JsonValueKind.String)))
        {
            return Malformed("its 'facts' do not map aliases to fact ids");
        }

        return element.TryGetProperty("explanation", out var explanation) && explanation.ValueKind != JsonValueKind.Null
            && (explanation.ValueKind != JsonValueKind.Object || !IsSentence(explanation, out fault))
            ? Malformed($"its explanation is malformed: {(explanation.ValueKind == JsonValueKind.Object ? fault : "it is not a JSON object")}")
            : null;
    }

    private static bool IsSentence(JsonElement element, out string fault)
    {
        fault = !element.TryGetProperty("template", out var template) || template.ValueKind != JsonValueKind.String ? "its 'template' is no text"
            : !element.TryGetProperty("expressions", out var expressions) || expressions.ValueKind != JsonValueKind.Array ? "its 'expressions' are no list"
            : expressions.EnumerateArray().Any(expression => expression.ValueKind != JsonValueKind.String) ? "an expression is no text"
            : "";
        return fault.Length == 0;
    }

    private static Claim ClaimOf(JsonElement sentence, JsonElement claim, string analysisType) => new()
    {
        Template = sentence.GetProperty("template").GetString()!,
        Expressions = [.. sentence.GetProperty("expressions").EnumerateArray().Select(expression => expression.GetString()!)],
        Facts = claim.TryGetProperty("facts", out var facts) && facts.ValueKind == JsonValueKind.Object
            ? facts.EnumerateObject().ToDictionary(alias => alias.Name, alias => alias.Value.GetString()!, StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal),
        Type = analysisType,
    };

    private static string? TemplateOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("template", out var template) && template.ValueKind == JsonValueKind.String ? Shortened(template.GetString()!) : null;

    private static RefusalReason Malformed(string what) => new("malformed_claim", $"The claim cannot be read: {what}.");
}
