using System.Globalization;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Insights.Corrections;

/// <summary>People who relied on a value are told that it was corrected.</summary>
/// <param name="CorrectedBy">User ids.</param>
/// <param name="Affected">How many insights rested on the old values.</param>
/// <param name="Items">Each value, before and after.</param>
public sealed record FactCorrected(string Document, string? Company, string CorrectedBy, string Affected, IReadOnlyList<string> Items) : INotificationModel
{
    public static string Kind => "fact-corrected";

    public static string Version => "1.0.0";
}

/// <summary>Tells those who relied on the old values: one notification for each review that corrected any.</summary>
public sealed class CorrectionNotice(DocumentReadings readings, NotificationDesk notifications, TimeProvider time)
{
    /// <summary>The id of a review's notification.</summary>
    internal static string IdOf(string reviewId) => DeterministicId.Of("notification", FactCorrected.Kind, reviewId);

    /// <summary>Tells everybody whom one of the corrections is to be told to. Telling again tells nobody twice; where nobody relied on the old values, nobody is told.</summary>
    /// <param name="corrections">Of one review, which is of one document, each with what relied on it.</param>
    public async Task TellAsync(TenantId tenant, IReadOnlyList<(FactCorrection Correction, CorrectionReliance Reliance)> corrections, CancellationToken cancellationToken)
    {
        var changed = corrections.Where(one => one.Correction.Before != one.Correction.After).ToList();
        List<Recipient> people = [.. changed.SelectMany(one => one.Reliance.People).Where(person => person is { Told: true, Email: not null })
            .Select(person => new Recipient(person.UserId, person.Email!)).DistinctBy(person => person.UserId)];
        if (changed.Count == 0 || (people.Count == 0 && !changed.Exists(one => one.Reliance.Channel))
            || await readings.FindAsync(tenant, changed[0].Correction.DocumentId, cancellationToken) is not ({ } findings, var company))
        {
            return;
        }

        var facts = findings.Facts.ToDictionary(fact => fact.Id, StringComparer.Ordinal);
        var affected = changed.SelectMany(one => one.Reliance.Insights).Select(insight => insight.InsightId).Distinct(StringComparer.Ordinal).Count();
        var model = new FactCorrected(
            findings.DocumentName, company?.Name, string.Join(", ", changed[0].Correction.By), affected.ToString(CultureInfo.InvariantCulture),
            [.. changed.Select(one => InWords(one.Correction, facts[one.Correction.FactId]))]);
        await notifications.AcceptAsync(
            Notification.Create(IdOf(changed[0].Correction.ReviewId), tenant, people, model, $"/api/v1/documents/{findings.DocumentId}/corrections", time.GetUtcNow()), cancellationToken);
    }

    private static string InWords(FactCorrection correction, Fact fact) =>
        $"{fact.Label}{(fact.Period is { } period ? $", {period.Label}" : "")}: {Amount(correction.Before)} is now {Amount(correction.After)}{(fact.Currency is { } currency ? $" {currency}" : fact.Unit == Unit.Percent ? " %" : "")}";

    private static string Amount(decimal value) => value.ToString("#,0.############", CultureInfo.InvariantCulture);
}
