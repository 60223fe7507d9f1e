using Advisor.Kernel.Resilience;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Tests.Kernel.Reviews;

/// <summary>Hosts under a clock that is faster than the machine.</summary>
internal static class RealTimeLimits
{
    /// <summary>Starts the product under the clock, but for the time that the disk may take: under a clock that jumps every call in hand would be given up, and its circuit would open.</summary>
    public static Task<RunningAdvisor> StartAsync(TimeProvider clock, params (string Name, string? Value)[] settings) => RunningAdvisor.StartAsync(
        options => options with
        {
            TimeProvider = clock,
            ConfigureServices = services =>
            {
                options.ConfigureServices?.Invoke(services);
                services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Dependencies>(provider, TimeProvider.System));
            },
        },
        settings);
}
