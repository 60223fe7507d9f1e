using Advisor.Kernel.Telemetry.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Telemetry;

internal static class TelemetryRegistration
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new FunctionTriggers(typeof(TelemetryRegistration).Assembly));
        services.AddSingleton(provider => new AdvisorMetrics(provider.GetRequiredService<FunctionTriggers>(), provider.GetService<IQueueDepths>()));
        services.AddSingleton<MetricAggregates>().AddHostedService(provider => provider.GetRequiredService<MetricAggregates>());
        services.AddSingleton<DependencyHealth>()
            .AddSingleton<IDependencyProbe, RecordsProbe>()
            .AddSingleton<IDependencyProbe, BlobsProbe>()
            .AddSingleton<IDependencyProbe, MessagesProbe>()
            .AddSingleton<IDependencyProbe, AuditProbe>()
            .AddSingleton<IDependencyProbe, CacheProbe>()
            .AddSingleton<DurableEngineProbe>()
            .AddSingleton<IDependencyProbe>(provider => provider.GetRequiredService<DurableEngineProbe>());
        return OtlpExport.Add(services, configuration);
    }
}
