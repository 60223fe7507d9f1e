using Advisor.Kernel.Notifications.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Notifications;

internal static class NotificationRegistration
{
    /// <summary>Every channel is there; <c>Notifications:Channels</c> says which serve.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NotificationsOptions>().Bind(configuration.GetSection("Notifications")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<INotificationChannel, OutboxChannel>().AddSingleton<INotificationChannel, WebhookChannel>()
            .AddSingleton<INotificationChannel, TeamsChannel>().AddSingleton<INotificationChannel, SmtpChannel>();
        return services.AddSingleton<NotificationTemplates>().AddSingleton<DeliverySignals>().AddSingleton<NotificationDesk>().AddSingleton<NotificationDelivery>().AddSingleton<ReceiverHealth>();
    }
}
