using System.ComponentModel.DataAnnotations;

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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MediumBand >= HighBand)
        {
            yield return new ValidationResult("Insights:MediumBand must be below Insights:HighBand.");
        }
    }
}
