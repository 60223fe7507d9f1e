using Advisor.Documents.Contracts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Insights.Alerts;

/// <summary>Keeps an alert's status in step with its notification.</summary>
public sealed class AlertDelivery(IRecordStore records) : INotificationObserver
{
    private const int MaxAttempts = 20;

    /// <inheritdoc />
    public async Task AttemptedAsync(NotificationRecord record, CancellationToken cancellationToken)
    {
        if (record.Notification.Kind == AlertEscalated.Kind)
        {
            await SettleAsync(record, cancellationToken);
        }
    }

    /// <summary>The alert of a notification, with the status that follows from it. A status that was better known already stays.</summary>
    internal async Task<AlertRecord?> SettleAsync(NotificationRecord record, CancellationToken cancellationToken)
    {
        var (tenant, id) = (record.Notification.Tenant, record.Notification.Id);
        for (var attempt = 1; ; attempt++)
        {
            if (await records.FindAsync(AlertRecord.Container, tenant, id, cancellationToken) is not { } stored)
            {
                // It went with its document.
                return null;
            }

            var status = AlertRecord.StatusOf(record);
            if (stored.Value.Status == status || stored.Value.Status == AlertStatus.Notified)
            {
                return stored.Value;
            }

            try
            {
                return (await records.PutAsync(AlertRecord.Container, tenant, id, stored.Value with { Status = status }, stored.ETag, cancellationToken)).Value;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // The request and the worker both learn of it.
            }
        }
    }
}

internal static class AlertRegistration
{
    public static IServiceCollection AddAlerts(this IServiceCollection services) =>
        services.AddSingleton<AlertDelivery>().AddSingleton<INotificationObserver>(provider => provider.GetRequiredService<AlertDelivery>())
            .AddSingleton<DocumentAlerts>().AddSingleton<IDerivedFromDocument>(provider => provider.GetRequiredService<DocumentAlerts>());
}
