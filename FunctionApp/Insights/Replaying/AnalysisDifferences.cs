using Advisor.Insights.Proposing;

namespace Advisor.Insights.Replaying;

/// <summary>The live analysis that a shadow is compared with.</summary>
/// <param name="AnalysisId">Null where there is none.</param>
public sealed record LiveAnalysis(string? AnalysisId, IReadOnlyList<InsightRecord> Insights);

/// <summary>Something that two analyses say differently.</summary>
/// <param name="Kind"><c>added</c>, <c>missing</c>, <c>text</c>, <c>confidence</c> or <c>route</c>.</param>
/// <param name="Before">In the one compared with; null for what is added.</param>
/// <param name="After">Null for what is missing.</param>
public sealed record AnalysisDifference(string Kind, string Rule, string? Before, string? After);

/// <summary>Compares two analyses claim by claim: claims are the same when they compute the same values, whatever their words.</summary>
public static class AnalysisDifferences
{
    public static IReadOnlyList<AnalysisDifference> Of(IReadOnlyList<InsightRecord> before, IReadOnlyList<InsightRecord> after)
    {
        var differences = new List<AnalysisDifference>();
        var open = before.ToList();
        foreach (var insight in after.OrderBy(insight => insight.Rank))
        {
            var same = open.Find(other => other.Rule == insight.Rule && other.Summary == insight.Summary)
                ?? open.Find(other => IsModel(other) == IsModel(insight) && ClaimKey.Of(other.Claim.Claim).SequenceEqual(ClaimKey.Of(insight.Claim.Claim)));
            if (same is null)
            {
                differences.Add(new AnalysisDifference("added", insight.Rule, null, insight.Summary));
                continue;
            }

            open.Remove(same);
            if (same.Summary != insight.Summary || same.Explanation?.Text != insight.Explanation?.Text)
            {
                differences.Add(new AnalysisDifference("text", insight.Rule, TextOf(same), TextOf(insight)));
            }

            if (same.ConfidenceScore != insight.ConfidenceScore)
            {
                differences.Add(new AnalysisDifference("confidence", insight.Rule, InWords(same.ConfidenceScore), InWords(insight.ConfidenceScore)));
            }

            if (same.Band != insight.Band)
            {
                differences.Add(new AnalysisDifference("route", insight.Rule, same.Band.ToString().ToLowerInvariant(), insight.Band.ToString().ToLowerInvariant()));
            }
        }

        differences.AddRange(open.OrderBy(insight => insight.Rank).Select(insight => new AnalysisDifference("missing", insight.Rule, insight.Summary, null)));
        return differences;
    }

    private static bool IsModel(InsightRecord insight) => insight.Rule.StartsWith(ModelSteps.RulePrefix, StringComparison.Ordinal);

    private static string TextOf(InsightRecord insight) => insight.Explanation is null ? insight.Summary : $"{insight.Summary} ({insight.Explanation.Text})";

    private static string InWords(decimal score) => score.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
