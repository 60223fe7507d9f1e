using Advisor.Kernel.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Kernel.Http;

/// <summary>What stands around every HTTP function and sees its whole answer, on the web server of either host.</summary>
/// <remarks>
/// Nothing here may answer by itself: on Azure the function's invocation would wait for a request that never comes. What refuses
/// requests is worker middleware (see <see cref="Composition.UseAdvisor"/>).
/// </remarks>
internal sealed class HttpPipeline(HostIdentity host) : IStartupFilter
{
    /// <summary>Made when the pipeline is, so that the host's start is told truly however late somebody asks.</summary>
    private readonly HostIdentity _host = host;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // Outermost first: metrics, compression, headers, tags, audit, idempotency recording.
        app.UseMiddleware<RequestMetrics>();
        app.UseResponseCompression();
        app.Use(AnswerHeaders.InvokeAsync);
        app.Use(EntityTags.InvokeAsync);
        app.UseMiddleware<Audit.RequestAudit>();
        app.Use(BodyLimit.InvokeAsync);
        app.UseMiddleware<AnswerRecorder>();
        next(app);
    };
}

internal static class HttpRegistration
{
    /// <summary>The HTTP conventions of both hosts.</summary>
    public static IServiceCollection AddHttpConventions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IdempotencyOptions>().Bind(configuration.GetSection("Idempotency")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection("RateLimit")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IdempotencyStore>().AddSingleton<RateLimits>();
        services.AddBodyLimit().AddCompression();
        return services.AddSingleton<IStartupFilter, HttpPipeline>();
    }
}
