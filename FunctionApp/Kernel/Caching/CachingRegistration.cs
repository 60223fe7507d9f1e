using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Caching;

internal static class CachingRegistration
{
    /// <summary>The answer cache, in this process's memory unless the host has registered another <see cref="IDistributedCache"/>.</summary>
    public static IServiceCollection AddAnswerCache(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CacheOptions>().Bind(configuration.GetSection("Cache")).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<IDistributedCache>(provider => new MemoryDistributedCache(Options.Create(
            new MemoryDistributedCacheOptions { SizeLimit = provider.GetRequiredService<IOptions<CacheOptions>>().Value.MaxBytes })));
        return services.AddSingleton<CacheGenerations>().AddSingleton<AnswerCache>();
    }

    /// <summary>Ends kept answers with every write of the store that the host has registered. Called once every container is known.</summary>
    /// <exception cref="InvalidOperationException">The host has registered no store.</exception>
    public static IServiceCollection AddCacheInvalidation(this IServiceCollection services)
    {
        var store = services.Take<IRecordStore>();
        return services.AddSingleton<IRecordStore>(provider => new CacheInvalidatingRecordStore(
            (IRecordStore)(store.ImplementationInstance ?? store.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, store.ImplementationType!)),
            provider.GetRequiredService<CacheGenerations>(),
            provider.GetServices<CachedContainer>()));
    }
}
