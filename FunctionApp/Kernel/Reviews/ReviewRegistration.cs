using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Reviews;

internal static class ReviewRegistration
{
    public static IServiceCollection AddReviews(this IServiceCollection services) =>
        services.AddSingleton<ReviewTimes>().AddSingleton<IReviewObserver>(provider => provider.GetRequiredService<ReviewTimes>())
            .AddSingleton<ReviewQueue>().AddSingleton<ReviewNotices>().AddSingleton<Integrity.Planting>().AddSingleton<ReviewDesk>();
}
