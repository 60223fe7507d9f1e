using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Insights;

/// <summary>An insight that no longer evaluates to its own prose: its record was altered, or the code that evaluates it.</summary>
public sealed class InsightTamperedException(string insightId)
    : Exception($"The insight {insightId} no longer evaluates to what it says; it is not shown.");

/// <summary>Evaluates stored insights again before anybody sees them.</summary>
public static class InsightReading
{
    /// <exception cref="InsightTamperedException">The prose does not follow from the cited facts.</exception>
    public static InsightRecord Verified(InsightRecord record)
    {
        var context = new EvaluationContext(record.Facts.ToDictionary(fact => fact.Id, StringComparer.Ordinal), record.Company, record.Form);
        return ClaimVerifier.ReEvaluate(record.Claim, context) is Reevaluation.Same && record.Summary == record.Claim.Text
            ? record
            : throw new InsightTamperedException(record.Id);
    }
}
