using Advisor.Documents.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Insights.Corrections;

internal static class CorrectionRegistration
{
    /// <remarks>After the alerts, whose removal needs what is removed here to find the notifications.</remarks>
    public static IServiceCollection AddInsightCorrections(this IServiceCollection services) =>
        services.AddSingleton<RelianceFinder>().AddSingleton<CorrectionNotice>().AddSingleton<InsightCorrections>()
            .AddSingleton<RelianceOfDocument>().AddSingleton<IDerivedFromDocument>(provider => provider.GetRequiredService<RelianceOfDocument>());
}
