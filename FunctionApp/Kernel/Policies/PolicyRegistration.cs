using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Policies;

internal static class PolicyRegistration
{
    /// <summary>The tenants' policies. Whoever composes the product registers the <see cref="PolicyDefaults"/>.</summary>
    public static IServiceCollection AddPolicies(this IServiceCollection services) => services.AddSingleton<PolicyDesk>();
}
