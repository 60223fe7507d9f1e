using Advisor.Kernel.Reviews;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Verdicts;

internal static class VerdictRegistration
{
    public static IServiceCollection AddVerdicts(this IServiceCollection services) =>
        services.AddSingleton<CalibrationDesk>().AddSingleton<IReviewObserver>(provider => provider.GetRequiredService<CalibrationDesk>());
}
