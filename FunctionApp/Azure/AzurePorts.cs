using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry.Health;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Advisor.Azure;

/// <summary>The product's ports on services of Azure. Called before <c>AddAdvisor</c>, which wraps what is registered here.</summary>
public static class AzurePorts
{
    /// <summary>Every client signs in as the app's identity (on a developer's machine, as the developer); no setting holds a key.</summary>
    public static IServiceCollection AddAzurePorts(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        return services.AddRecords(configuration).AddBlobs(configuration).AddMessages(configuration).AddAuditLog(configuration).AddPageReading(configuration).AddSharedCache(configuration);
    }

    private static IServiceCollection AddRecords(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CosmosOptions>().Bind(configuration.GetSection("Cosmos")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => CosmosAccount.Connect(
            provider.GetRequiredService<IOptions<CosmosOptions>>().Value, provider.GetRequiredService<TokenCredential>()));
        return services.AddSingleton<CosmosCharges>().AddSingleton<IRecordStore, CosmosRecordStore>().AddHostedService<CosmosAccountCheck>();
    }

    private static IServiceCollection AddBlobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BlobsOptions>().Bind(configuration.GetSection("Blobs")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => AzureBlobStore.Connect(
            provider.GetRequiredService<IOptions<BlobsOptions>>().Value, provider.GetRequiredService<TokenCredential>()));
        if (configuration.GetValue<string>("Blobs:Downloads")?.Equals(nameof(BlobDownloadWay.Redirect), StringComparison.OrdinalIgnoreCase) == true)
        {
            services.AddSingleton<IBlobDownloads, BlobDownloads>();
        }

        return services.AddSingleton<IBlobStore, AzureBlobStore>();
    }

    private static IServiceCollection AddMessages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ServiceBusOptions>().Bind(configuration.GetSection("AzureWebJobsServiceBus")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => ServiceBusSenders.Connect(
            provider.GetRequiredService<IOptions<ServiceBusOptions>>().Value, provider.GetRequiredService<TokenCredential>()));
        return services.AddSingleton<IMessageBus, ServiceBusSenders>();
    }

    private static IServiceCollection AddAuditLog(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuditTableOptions>().Bind(configuration.GetSection("Audit")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => AuditTable.Connect(
            provider.GetRequiredService<IOptions<AuditTableOptions>>().Value, provider.GetRequiredService<TokenCredential>()));
        return services.AddSingleton<IAuditLog, AuditTable>();
    }

    /// <summary>Without an address the programs of this machine read scanned pages, as on the embedded host.</summary>
    private static IServiceCollection AddPageReading(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("DocumentIntelligence");
        services.AddOptions<DocumentIntelligenceOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        if (string.IsNullOrEmpty(section["ServiceUri"]))
        {
            return services;
        }

        services.AddSingleton(provider => DocumentIntelligenceRecognizer.Connect(
            provider.GetRequiredService<IOptions<DocumentIntelligenceOptions>>().Value, provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton(provider => DocumentIntelligenceProbe.Connect(
            provider.GetRequiredService<IOptions<DocumentIntelligenceOptions>>().Value, provider.GetRequiredService<TokenCredential>()));
        return services.AddSingleton<IPageRecognizer, DocumentIntelligenceRecognizer>().AddSingleton<IDependencyProbe, DocumentIntelligenceProbe>();
    }

    private static IServiceCollection AddSharedCache(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RedisOptions>().Bind(configuration.GetSection("Redis")).ValidateDataAnnotations().ValidateOnStart();
        return string.IsNullOrEmpty(configuration["Redis:HostName"]) ? services : services.AddSingleton<IDistributedCache>(provider => SharedCache.Connect(
            provider.GetRequiredService<IOptions<RedisOptions>>().Value, provider.GetRequiredService<TokenCredential>(), provider.GetRequiredService<TimeProvider>()));
    }
}
