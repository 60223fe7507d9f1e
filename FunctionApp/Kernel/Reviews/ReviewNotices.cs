using System.Globalization;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>People are told that a review's time runs out, or that it has come to them.</summary>
/// <param name="Headline">What has happened, in a sentence.</param>
/// <param name="Until">When their time ends, UTC.</param>
/// <param name="Then">What happens if nobody decides.</param>
public sealed record ReviewDue(string Headline, string Question, string Until, string Then) : INotificationModel
{
    public static string Kind => "review-due";

    public static string Version => "1.0.0";
}

/// <summary>Tells the people whose turn it is of reminders and escalations.</summary>
public sealed class ReviewNotices(IUserDirectory users, NotificationDesk notifications, TimeProvider time)
{
    /// <summary>Tells of the last act that nobody was told of; of the ones before it nothing is left to tell.</summary>
    /// <returns>The review with what it has been told of; null when there was nothing to tell.</returns>
    public async Task<ReviewRecord?> AnnounceAsync(TenantId tenant, ReviewRecord review, CancellationToken cancellationToken)
    {
        var place = review.History.Count - 1;
        while (place >= review.Announced && review.History[place].Act is not ("reminded" or "escalated"))
        {
            place--;
        }

        if (place < review.Announced || review.Phase == ReviewPhase.Ended)
        {
            return null;
        }

        var (level, last) = (review.Levels[review.Level], review.Level + 1 == review.Levels.Count);
        var role = level.Role.ToString().ToLowerInvariant();
        var model = new ReviewDue(
            review.History[place].Act == "reminded" ? "A review still waits for you." : $"A review has come to the {role}s.",
            review.Question,
            level.Until.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            last ? (review.Blind ? "it ends without a verdict" : "it stays held") : $"it goes to the {review.Levels[review.Level + 1].Role.ToString().ToLowerInvariant()}s");
        await notifications.AcceptAsync(
            Notification.Create(
                DeterministicId.Of("notification", ReviewDue.Kind, review.Id, place.ToString(CultureInfo.InvariantCulture)), tenant,
                await WhoAsync(tenant, review, level.Role, cancellationToken), model, $"/api/v1/reviews/{review.Id}", time.GetUtcNow()), cancellationToken);
        return review with { Announced = place + 1 };
    }

    /// <summary>Whoever was asked by name, whatever their role, or everybody of the level's role who can still judge independently.</summary>
    private async Task<IReadOnlyList<Recipient>> WhoAsync(TenantId tenant, ReviewRecord review, Role role, CancellationToken cancellationToken)
    {
        if (review.AssignedTo is null)
        {
            return [.. (await users.WithRoleAsync(tenant, role, cancellationToken)).Where(person => ReviewRefusals.NotIndependent(review, person) is null).Select(Recipient.Of)];
        }

        foreach (var reviewing in new[] { role, Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin })
        {
            if ((await users.WithRoleAsync(tenant, reviewing, cancellationToken)).FirstOrDefault(person => person.UserId == review.AssignedTo) is { } asked)
            {
                return [Recipient.Of(asked)];
            }
        }

        return [];
    }
}
