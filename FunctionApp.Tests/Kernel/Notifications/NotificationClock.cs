using Advisor.Insights.Alerts;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

/// <summary>Moves a host's clock on so that its queue of notifications notices.</summary>
internal static class NotificationClock
{
    /// <remarks>
    /// Between looking at the time and setting its timer, the queue would miss a clock that jumps, as no real one does. A message about a
    /// notification in a tenant of its own, of which all is settled, makes it look again and does nothing else.
    /// </remarks>
    public static async Task AdvanceAsync(this ManualTimeProvider clock, RunningAdvisor advisor, TimeSpan by)
    {
        clock.Advance(by);
        var tenant = new TenantId("clock");
        var notification = Notification.Create("settled", tenant, [], new SummaryReady("d", null, "1", null, []), "/", clock.GetUtcNow());
        await advisor.Services.GetRequiredService<IRecordStore>().PutAsync(NotificationRecord.Container, tenant, notification.Id,
            new NotificationRecord(notification, DeliveryStatus.Accepted, [], 0, null, null, clock.GetUtcNow()), null, TestContext.Current.CancellationToken);
        await advisor.Services.GetRequiredService<IMessageBus>().SendAsync(NotificationQueues.Due,
            NotificationDue.Message(tenant, notification.Id, 0) with { MessageId = Guid.NewGuid().ToString() }, TestContext.Current.CancellationToken);
    }
}
