using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Expressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Advisor.Insights;

/// <summary>Evaluates stored insights again before anybody sees them.</summary>
public static partial class InsightReading
{
    /// <summary>The record itself, or null when its prose does not follow from the facts it cites: it was altered, or the code that evaluates it was.</summary>
    public static InsightRecord? Verified(InsightRecord record, ILogger logger)
    {
        var context = new EvaluationContext(record.Facts.ToDictionary(fact => fact.Id, StringComparer.Ordinal), record.Company, record.Form);
        if (ClaimVerifier.ReEvaluate(record.Claim, context) is Reevaluation.Same && record.Summary == record.Claim.Text
            && (record.Explanation is null || ClaimVerifier.ReEvaluate(record.Explanation, context) is Reevaluation.Same))
        {
            return record;
        }

        Log.Altered(logger, record.Id);
        return null;
    }

    /// <summary>What is answered for an insight that is not shown.</summary>
    public static Problem Altered(string id) => new(StatusCodes.Status409Conflict, "altered-record", "The insight is not shown",
        $"The insight '{id}' no longer evaluates to what it says: its record was altered. Run its analysis again, and report this to your operator.");

    private static partial class Log
    {
        [LoggerMessage(EventId = 300, Level = LogLevel.Error, Message = "Insight {InsightId} no longer evaluates to what it says; it is not shown")]
        public static partial void Altered(ILogger logger, string insightId);
    }
}
