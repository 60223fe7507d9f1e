using Advisor.Documents;
using Advisor.Documents.Contracts;
using Advisor.Documents.Corrections;
using Advisor.Documents.Reading.Pages;
using Advisor.Insights;
using Advisor.Insights.Alerts;
using Advisor.Insights.Corrections;
using Advisor.Insights.Proposing;
using Advisor.Insights.Replaying;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Caching;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Reviews.Integrity;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Telemetry.Health;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Timeline;
using Advisor.Kernel.Verdicts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Advisor;

/// <summary>What the product registers, the same under both hosts. A host adds its adapters of the ports.</summary>
public static class Composition
{
    /// <summary>Registers the kernel and every slice; options are validated when the host starts.</summary>
    public static IServiceCollection AddAdvisor(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        var functions = typeof(Composition).Assembly;
        services.AddSingleton(new FunctionAccess(functions)).AddSingleton(new RouteTable(functions)).AddSingleton<HostIdentity>();
        services.TryAddSingleton<IUserDirectory, SignedInUsers>();
        services.AddOptions<RunsOptions>().Bind(configuration.GetSection("Runs")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RunTimeline>().AddReviews().AddVerdicts();
        services.AddHttpConventions(configuration).AddAudit(configuration).AddTelemetry(configuration).AddNotifications(configuration).AddPolicies().AddAnswerCache(configuration).AddLanguageModels(configuration);
        services.AddDocuments(configuration).AddInsights(configuration);
        services.AddCacheInvalidation().AddResilience(configuration);
        return services;
    }

    /// <summary>The worker middleware, outermost first.</summary>
    public static IFunctionsWorkerApplicationBuilder UseAdvisor(this IFunctionsWorkerApplicationBuilder worker)
    {
        worker.UseMiddleware<InvocationSpans>();
        worker.UseMiddleware<BackgroundWork>();
        worker.UseMiddleware<FaultMiddleware>();
        worker.UseMiddleware<CallerMiddleware>();
        worker.UseMiddleware<RateLimitMiddleware>();
        worker.UseMiddleware<MethodMiddleware>();
        worker.UseMiddleware<QueryMiddleware>();
        worker.UseMiddleware<MediaTypeMiddleware>();
        worker.UseMiddleware<AuditGate>();
        worker.UseMiddleware<IdempotencyMiddleware>();
        return worker;
    }

    private static IServiceCollection AddDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DocumentsOptions>().Bind(configuration.GetSection("Documents")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IDependencyProbe>(new ToolProbe("pdftotext"));
        if (services.Any(service => service.ServiceType == typeof(IPageRecognizer)))
        {
            services.Decorate<IPageRecognizer>((inner, dependencies) => new ResilientPageRecognizer(inner, dependencies[Dependencies.PageReading]));
        }
        else
        {
            services.AddSingleton<IPageRecognizer, TesseractRecognizer>().AddSingleton<IDependencyProbe>(new ToolProbe("tesseract"));
        }

        return services.AddSingleton<UploadMarks>().AddSingleton<DocumentBlobs>().AddSingleton<ScratchFiles>().AddSingleton<RemoteDocuments>().AddSingleton<QueueIntake>().AddSingleton<IngestionLookup>()
            .AddSingleton<KnownDocuments>().AddSingleton<DocumentTexts>().AddSingleton<CompanyBook>().AddSingleton<DocumentDeletion>().AddSingleton<DocumentReadings>().AddCorrections();
    }

    private static IServiceCollection AddInsights(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<InsightsOptions>().Bind(configuration.GetSection("Insights")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => DefaultsOf(provider.GetRequiredService<IOptions<InsightsOptions>>().Value));
        return services.AddSingleton<IValidateOptions<InsightsOptions>, ModelPromptValidator>().AddSingleton<ModelAsking>().AddSingleton<AnalysisReplay>().AddSingleton<SummaryWriter>().AddSingleton<Supersession>().AddSingleton<FailedAnalysis>().AddSingleton<IPlantedItems, PlantedInsights>()
            .AddSingleton<DocumentInsights>().AddSingleton<IDerivedFromDocument>(provider => provider.GetRequiredService<DocumentInsights>())
            .AddSingleton(new CachedContainer(InsightRecord.Container.Name)).AddAlerts().AddInsightCorrections();
    }

    /// <summary>The host's bands are those of tenants that have set none.</summary>
    private static PolicyDefaults DefaultsOf(InsightsOptions insights) => new(PolicyTerms.Default(new BandPolicy(insights.HighBand, insights.MediumBand)));
}
