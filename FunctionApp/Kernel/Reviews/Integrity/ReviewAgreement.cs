using Advisor.Kernel.Confidence;

namespace Advisor.Kernel.Reviews.Integrity;

/// <summary>How far two verdicts on the same items agree beyond chance.</summary>
/// <param name="Items">Judged by both before either saw the other's verdict.</param>
/// <param name="Kappa">Cohen's; null where it is undefined.</param>
/// <param name="StandardError">Of kappa, for large samples.</param>
/// <param name="Agreement">Share of items on which the decision is the same; null without items.</param>
/// <param name="Expected">Share that chance alone would bring; null where kappa is undefined.</param>
/// <param name="Undefined">Why there is no kappa; null where there is one.</param>
public sealed record ReviewAgreement(int Items, decimal? Kappa, decimal? StandardError, decimal? Agreement, decimal? Expected, string? Undefined)
{
    public static ReviewAgreement Of(IReadOnlyList<(ReviewDecision First, ReviewDecision Second)> items) => CohensKappa.Of(items) is { } kappa
        ? new ReviewAgreement(items.Count, kappa.Kappa, kappa.StandardError, kappa.Agreement, kappa.Expected, null)
        : items.Count == 0
            ? new ReviewAgreement(0, null, null, null, null, "No item was judged by two persons independently.")
            : new ReviewAgreement(items.Count, null, null, 1, null, "Both gave the same one decision every time: chance alone would bring that, and kappa is undefined.");
}
