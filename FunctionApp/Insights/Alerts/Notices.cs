using System.Globalization;
using Advisor.Kernel.Notifications;

namespace Advisor.Insights.Alerts;

/// <summary>A CFO is told that a document's summary is ready.</summary>
/// <param name="Published">How many insights of the run are in the summary.</param>
/// <param name="More">How many of them the message does not hold; null when it holds all.</param>
/// <param name="Items">The summaries of the most material ones.</param>
public sealed record SummaryReady(string Document, string? Company, string Published, string? More, IReadOnlyList<string> Items) : INotificationModel
{
    public static string Kind => "summary-ready";

    public static string Version => "1.1.0";
}

/// <summary>Reviewers are told that insights of a document wait for them.</summary>
/// <param name="Waiting">How many.</param>
/// <param name="More">How many of them the message does not hold; null when it holds all.</param>
public sealed record ReviewRequested(string Document, string? Company, string Waiting, string? More, IReadOnlyList<string> Items) : INotificationModel
{
    public static string Kind => "review-requested";

    public static string Version => "1.1.0";
}

/// <summary>A reviewer is told that somebody asks for their review of an insight.</summary>
/// <param name="EscalatedBy">E-mail address of who asks.</param>
public sealed record AlertEscalated(string Document, string? Company, string Summary, string EscalatedBy, string? Note) : INotificationModel
{
    public static string Kind => "alert-escalated";

    public static string Version => "1.1.0";
}

/// <summary>What the notices say of insights: their own sentences, and how many there are.</summary>
internal static class NoticeText
{
    /// <summary>Insights named in one message. More are read where the link leads.</summary>
    public const int MaxItems = 5;

    public static string Document(InsightRecord insight) => insight.SourceReferences.Select(source => source.DocumentName).FirstOrDefault() ?? "a document";

    public static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    public static string? More(IReadOnlyCollection<InsightRecord> insights) => Items(insights).Count is var told && insights.Count > told ? Count(insights.Count - told) : null;

    /// <summary>The insight's sentence; where a language model proposed it and nobody has approved it, that there is one: what a model chose is read beside its evidence alone.</summary>
    public static string Sentence(InsightRecord insight) => insight.IsModelProposed ? "An insight that a language model proposed, and nobody has approved." : Told(insight);

    /// <summary>The most material of each type before the second of any, without those that a language model proposed: they are counted among what the message does not hold.</summary>
    public static IReadOnlyList<string> Items(IEnumerable<InsightRecord> insights) =>
        [.. insights.Where(insight => !insight.IsModelProposed).OrderBy(insight => insight.Rank).ThenBy(insight => insight.Type, StringComparer.Ordinal).Take(MaxItems).Select(Told)];

    /// <summary>A number that a person gave is not told like one that was read.</summary>
    private static string Told(InsightRecord insight) =>
        insight.SourceReferences.Any(source => source.Corrected is not null) ? $"{insight.Summary} (A value in it was corrected by a person.)" : insight.Summary;
}
