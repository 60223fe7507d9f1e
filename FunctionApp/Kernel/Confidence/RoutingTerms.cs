namespace Advisor.Kernel.Confidence;

/// <summary>What an error budget allows at the moment.</summary>
/// <param name="Share">That may be wrong among what is released.</param>
/// <param name="Threshold">Claims of this raw score and above are released; null while none are under the budget.</param>
public sealed record BudgetInForce(decimal Share, AutomationStatus Status, Score? Threshold);

/// <summary>What decides about claims of a kind besides themselves: the tenant's bands and limits, and what verdicts have taught. Kept with an analysis, so that it replays.</summary>
/// <param name="MaterialAmount">An amount above it goes to a person whatever the score; null for no such limit.</param>
/// <param name="Budget">Null where the bands decide alone.</param>
public sealed record RoutingTerms(BandPolicy Bands, Calibration Calibration, decimal? MaterialAmount = null, BudgetInForce? Budget = null)
{
    /// <summary>Bands alone, under the prior.</summary>
    public static RoutingTerms Of(BandPolicy bands) => new(bands, Calibration.Prior);

    public bool IsMaterial(decimal? amount) => amount is { } known && Math.Abs(known) > MaterialAmount;
}
