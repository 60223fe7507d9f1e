using Advisor.Kernel.Notifications;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 9)]
    [InlineData(7, 729)]
    [InlineData(12, 1440)]
    public void After_AnAttempt_IsThreeTimesTheOneBeforeAFifthMoreOrLess(int attempts, int minutes)
    {
        var pauses = Enumerable.Range(0, 200).Select(i => Backoff.After($"notification-{i}", attempts).TotalMinutes).ToList();
        pauses.ShouldAllBe(pause => pause >= minutes * 0.7999 && pause <= minutes * 1.2001);
        (pauses.Max() - pauses.Min()).ShouldBeGreaterThan(minutes * 0.3);
    }

    [Fact]
    public void After_TheSameAttempt_IsTheSame() => Backoff.After("notification", 3).ShouldBe(Backoff.After("notification", 3));

    [Fact]
    public void After_AllAttemptsOfTheDefault_IsMostOfADay() =>
        Enumerable.Range(1, new NotificationsOptions().MaxAttempts - 1).Sum(attempts => Backoff.After("notification", attempts).TotalHours).ShouldBeInRange(14, 22);

    [Fact]
    public void After_HeldBackAgainAndAgain_CountsAsAnAttemptAfterADay()
    {
        var start = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        var (delivery, now) = (new ChannelDelivery("d1", "webhook", null), start);
        while (delivery.Attempts == 0)
        {
            delivery = delivery.After(new ChannelAnswer.Held(TimeSpan.FromSeconds(30)), "n1", maxAttempts: 2, now);
            now = delivery.DueAt!.Value;
        }

        (now - start).ShouldBeInRange(TimeSpan.FromHours(22), TimeSpan.FromHours(26));
        (delivery.Status, delivery.LastError).ShouldBe((DeliveryStatus.Failed, "The receiver has not answered for a day."));
        delivery.After(new ChannelAnswer.Held(TimeSpan.Zero), "n1", maxAttempts: 2, now).Status.ShouldBe(DeliveryStatus.Dead, "from then on each counts");
    }

    [Theory]
    [InlineData(1, 300, 300)]
    [InlineData(9, 30, 900)]
    public void Hold_LongBreakOrManyHolds_IsBounded(int holds, int least, int seconds) =>
        Backoff.Hold("n1", holds, TimeSpan.FromSeconds(least)).ShouldBe(TimeSpan.FromSeconds(seconds));
}
