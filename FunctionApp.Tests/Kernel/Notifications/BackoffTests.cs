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
}
