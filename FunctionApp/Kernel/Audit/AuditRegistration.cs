using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Audit;

internal static class AuditRegistration
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services;
}
