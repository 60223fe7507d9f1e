using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Audit;

internal static class AuditRegistration
{
    /// <summary>What both hosts audit with; the log itself is the host's.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services, IConfiguration configuration, Assembly functions)
    {
        services.AddOptions<ForwardedForOptions>().Bind(configuration.GetSection("Http")).ValidateOnStart();
        return services.AddSingleton(new AuditedRoutes(functions)).AddSingleton<ClientAddress>().AddSingleton<AuditOutage>();
    }
}
