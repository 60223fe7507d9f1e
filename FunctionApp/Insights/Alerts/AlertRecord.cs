using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;

namespace Advisor.Insights.Alerts;

public enum AlertStatus
{
    /// <summary>No channel has taken the notification yet; it is tried on.</summary>
    Pending,

    /// <summary>A channel has taken the notification.</summary>
    Notified,

    /// <summary>Every channel has refused it for good; an operator can have it sent again.</summary>
    Undelivered,
}

/// <summary>An insight that somebody brought before a reviewer by name.</summary>
/// <param name="Id">Also the id of its notification.</param>
/// <param name="ReviewerEmail">In lower case.</param>
/// <param name="EscalatedBy">User id.</param>
public sealed record AlertRecord(
    string Id,
    string InsightId,
    string DocumentId,
    string ReviewId,
    string ReviewerId,
    string ReviewerEmail,
    string EscalatedBy,
    string? Note,
    AlertStatus Status,
    DateTimeOffset CreatedAt)
{
    public static RecordContainer<AlertRecord> Container { get; } = new("alerts");

    /// <summary>The status that follows from how the notification fares.</summary>
    public static AlertStatus StatusOf(NotificationRecord notification) =>
        notification.IsSent ? AlertStatus.Notified : notification.IsSettled ? AlertStatus.Undelivered : AlertStatus.Pending;
}
