using Advisor.Documents.Contracts;
using Advisor.Insights.Alerts;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights.Corrections;

/// <summary>Finds what rests on a value of a document, and the people who were told of it or vouched for it.</summary>
/// <remarks>A fact is cited by insights of its own document alone, so nothing of another document can rest on it.</remarks>
public sealed class RelianceFinder(IRecordStore records, IUserDirectory users)
{
    /// <summary>Roles of those who can have approved something.</summary>
    private static readonly Role[] s_people = [Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin];

    /// <summary>Everything that rests on the value that the correction replaced, as it is now.</summary>
    public async Task<CorrectionReliance> FindAsync(TenantId tenant, FactCorrection correction, IReadOnlyList<CorrectionRerun> reruns, CancellationToken cancellationToken)
    {
        var ofDocument = new RecordFilter("document_id", RecordOperator.Equal, correction.DocumentId);
        List<InsightRecord> citing = [.. (await records.AllAsync(InsightRecord.Container, tenant, [ofDocument], cancellationToken)).Select(item => item.Value)
            .Where(insight => insight.Facts.Any(fact => fact.Id == correction.FactId && fact.Value == correction.Before))
            .OrderBy(insight => insight.SortKey, StringComparer.Ordinal)];
        var summary = (await records.FindAsync(SummaryRecord.Container, tenant, correction.DocumentId, cancellationToken))?.Value.InsightIds.ToHashSet(StringComparer.Ordinal) ?? [];
        List<RelyingInsight> insights = [.. citing.Select(insight => new RelyingInsight(
            insight.Id, insight.AnalysisId, insight.Type, insight.Status, insight.Band, summary.Contains(insight.Id), WasReleased(insight), insight.ReasoningChainId))];

        var reviews = new List<RelyingReview>();
        foreach (var insight in citing)
        {
            if (insight.Verdict is { Decision: { } decision } verdict && verdict.ReviewId != correction.ReviewId)
            {
                reviews.Add(new RelyingReview(verdict.ReviewId, insight.Id, decision, verdict.By));
            }
        }

        var alerts = (await records.AllAsync(AlertRecord.Container, tenant, [ofDocument], cancellationToken)).ConvertAll(item => item.Value);
        var told = await NotificationsAsync(tenant, citing, alerts, cancellationToken);
        var people = await PeopleAsync(tenant, correction, insights, reviews, told, cancellationToken);
        return new CorrectionReliance(
            correction.Id, correction.DocumentId, correction.ReviewId, insights, reviews, [.. told.Select(one => one.Relying)], people, told.Exists(one => one.Recipients.Count == 0), reruns);
    }

    private static bool WasReleased(InsightRecord insight) =>
        insight.Status == InsightStatus.Published || insight is { Status: InsightStatus.Superseded, Verdict.Decision: ReviewDecision.Approve } or { Status: InsightStatus.Superseded, Verdict: null, Band: Band.High };

    /// <summary>A run's notices that hold the insight's own sentence, and the alerts about it.</summary>
    private async Task<List<(RelyingNotification Relying, IReadOnlyList<Recipient> Recipients)>> NotificationsAsync(
        TenantId tenant, List<InsightRecord> citing, List<AlertRecord> alerts, CancellationToken cancellationToken)
    {
        var ids = citing.Select(insight => insight.RunId).Distinct(StringComparer.Ordinal)
            .SelectMany(run => new[] { RunNotices.IdOf(SummaryReady.Kind, run), RunNotices.IdOf(ReviewRequested.Kind, run) })
            .Concat(alerts.Where(alert => citing.Exists(insight => insight.Id == alert.InsightId)).Select(alert => alert.Id));
        var found = new List<(RelyingNotification, IReadOnlyList<Recipient>)>();
        foreach (var id in ids)
        {
            if (await records.FindAsync(NotificationRecord.Container, tenant, id, cancellationToken) is not { Value: var record })
            {
                continue;
            }

            var words = record.Notification.Items.ToHashSet(StringComparer.Ordinal);
            List<string> carried = [.. citing.Where(insight => IsAbout(record.Notification, insight, alerts) && (record.Notification.Kind == AlertEscalated.Kind || words.Contains(SafeText.Clean(NoticeText.Sentence(insight))))).Select(insight => insight.Id)];
            if (carried.Count > 0)
            {
                // Those whom the tenant's settings name stand in the deliveries alone.
                List<Recipient> to = [.. record.Notification.Recipients.Concat(record.Deliveries.Select(delivery => delivery.Recipient).OfType<Recipient>()).DistinctBy(recipient => recipient.Email, StringComparer.OrdinalIgnoreCase)];
                found.Add((new RelyingNotification(id, record.Notification.Kind, carried, [.. to.Select(recipient => recipient.UserId)]), to));
            }
        }

        return found;
    }

    private static bool IsAbout(Notification notification, InsightRecord insight, List<AlertRecord> alerts) => notification.Kind == AlertEscalated.Kind
        ? alerts.Exists(alert => alert.Id == notification.Id && alert.InsightId == insight.Id)
        : notification.Id == RunNotices.IdOf(notification.Kind, insight.RunId);

    private async Task<IReadOnlyList<RelyingPerson>> PeopleAsync(
        TenantId tenant, FactCorrection correction, List<RelyingInsight> insights, List<RelyingReview> reviews,
        List<(RelyingNotification Relying, IReadOnlyList<Recipient> Recipients)> told, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        IReadOnlyList<Caller> cfos = [];
        foreach (var role in s_people)
        {
            var people = await users.WithRoleAsync(tenant, role, cancellationToken);
            cfos = role == Role.Cfo ? people : cfos;
            foreach (var person in people)
            {
                known[person.UserId] = person.Email;
            }
        }

        var because = new SortedDictionary<string, SortedSet<RelianceReason>>(StringComparer.Ordinal);
        void Note(string userId, RelianceReason reason)
        {
            if (!because.TryGetValue(userId, out var reasons))
            {
                because[userId] = reasons = [];
            }

            reasons.Add(reason);
        }

        foreach (var recipient in told.SelectMany(one => one.Recipients))
        {
            known.TryAdd(recipient.UserId, recipient.Email);
            Note(recipient.UserId, RelianceReason.Notified);
        }

        foreach (var by in reviews.Where(review => review.Decision == ReviewDecision.Approve).SelectMany(review => review.By))
        {
            Note(by, RelianceReason.Approved);
        }

        if (insights.Exists(insight => insight.InSummary || insight.WasReleased))
        {
            foreach (var cfo in cfos)
            {
                Note(cfo.UserId, RelianceReason.Summary);
            }
        }

        return [.. because.Select(person => new RelyingPerson(
            person.Key, known.GetValueOrDefault(person.Key), [.. person.Value], known.ContainsKey(person.Key) && !correction.By.Contains(person.Key)))];
    }
}
