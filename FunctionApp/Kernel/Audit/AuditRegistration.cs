using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Audit;

internal static class AuditRegistration
{
    /// <summary>What both hosts audit with; the log itself is the host's.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ForwardedForOptions>().Bind(configuration.GetSection("Http")).ValidateOnStart();
        return services.AddSingleton<ClientAddress>().AddSingleton<AuditOutage>();
    }
}
