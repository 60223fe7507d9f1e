using System.ComponentModel.DataAnnotations;
using Advisor.Kernel.LanguageModels.Prompts;
using Microsoft.Extensions.Options;

namespace Advisor.Insights;

/// <summary>Settings of the insights workflow, section <c>Insights</c>.</summary>
public sealed class InsightsOptions : IValidatableObject
{
    /// <summary>Calibrated confidence from which an insight is released without a person. Default 0.85.</summary>
    [Range(0.5, 1, ErrorMessage = "Insights:HighBand must be from 0.5 to 1.")]
    public decimal HighBand { get; set; } = 0.85m;

    /// <summary>Calibrated confidence from which one click suffices. Default 0.60.</summary>
    [Range(0d, 1d, MinimumIsExclusive = true, MaximumIsExclusive = true, ErrorMessage = "Insights:MediumBand must be above 0 and below 1.")]
    public decimal MediumBand { get; set; } = 0.60m;

    /// <summary>Insights of one analysis that are kept, the most material first.</summary>
    [Range(1, 500, ErrorMessage = "Insights:MaxPerAnalysis must be from 1 to 500.")]
    public int MaxPerAnalysis { get; set; } = 40;

    /// <summary>Version of the prompt that a language model is asked with; another can be tried in shadow.</summary>
    public string ModelPrompt { get; set; } = "1.0.0";

    /// <summary>Passages of a document's prose that a language model is shown; 0 shows it facts alone.</summary>
    [Range(0, 20, ErrorMessage = "Insights:ModelPassages must be from 0 to 20.")]
    public int ModelPassages { get; set; } = 4;

    /// <summary>Room for passages in a prompt, in tokens.</summary>
    [Range(200, 100_000, ErrorMessage = "Insights:ModelPassageTokens must be from 200 to 100,000.")]
    public int ModelPassageTokens { get; set; } = 2_000;

    /// <summary>Room for facts in a prompt, in tokens.</summary>
    [Range(500, 100_000, ErrorMessage = "Insights:ModelFactTokens must be from 500 to 100,000.")]
    public int ModelFactTokens { get; set; } = 6_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MediumBand >= HighBand)
        {
            yield return new ValidationResult("Insights:MediumBand must be below Insights:HighBand.");
        }
    }
}

/// <summary>The prompt that is live must be one that the product ships.</summary>
internal sealed class ModelPromptValidator(PromptLibrary prompts) : IValidateOptions<InsightsOptions>
{
    public ValidateOptionsResult Validate(string? name, InsightsOptions options) => prompts.Find(Proposing.ModelPrompt.Name, options.ModelPrompt) is not null
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Insights:ModelPrompt must be one of {string.Join(", ", Proposing.ModelAsking.KnownVersions(prompts))}.");
}
