using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry.Health;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Notifications;

/// <summary>How the receivers of a tenant's notifications have answered. Nobody probes them: to ask a receiver is to send it something.</summary>
public sealed class ReceiverHealth(IOptions<NotificationsOptions> options, Dependencies dependencies)
{
    /// <summary>Those that this host has sent anything to since it started; never another tenant's own.</summary>
    public IReadOnlyList<DependencyReport> Of(TenantId tenant) =>
    [
        .. from channel in options.Value.For(tenant).Channels
           let receiver = dependencies.FindPart(Dependencies.Notifications, options.Value.ReceiverOf(channel, tenant))
           where receiver is not null
           let status = receiver.Circuit == CircuitStatus.Closed ? DependencyStatus.Healthy : DependencyStatus.Degraded
           select new DependencyReport(receiver.Name, status, LatencyMs: null, receiver.Circuit, receiver.LastError?.Kind, receiver.LastError?.At),
    ];
}
