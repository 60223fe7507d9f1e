using Advisor.Kernel.Audit;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Resilience;

internal static class ResilienceRegistration
{
    /// <summary>The bounds, repetitions and circuits of all dependencies, without a port around which they stand.</summary>
    public static IServiceCollection AddDependencies(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Resilience");
        services.AddSingleton<IValidateOptions<DependencyOptions>, ResilienceValidator>().AddSingleton<IValidateOptions<ResilienceOptions>, ResilienceValidator>();
        services.AddOptions<ResilienceOptions>().Bind(section).ValidateOnStart();
        foreach (var (name, part) in Dependencies.Sections)
        {
            services.AddOptions<DependencyOptions>(part).Configure(options => Preset(name, options)).Bind(section.GetSection(part)).ValidateOnStart();
        }

        return services.AddSingleton<Dependencies>();
    }

    /// <summary>Wraps the ports that the host has registered; called last, after every port is there.</summary>
    public static IServiceCollection AddResilience(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(IBlobDownloads)))
        {
            services.Decorate<IBlobDownloads>((inner, dependencies) => new ResilientBlobDownloads(inner, dependencies[Dependencies.Blobs]));
        }

        return services.AddDependencies(configuration)
            .Decorate<IRecordStore>((inner, dependencies) => new ResilientRecordStore(inner, dependencies[Dependencies.Records]))
            .Decorate<IBlobStore>((inner, dependencies) => new ResilientBlobStore(inner, dependencies[Dependencies.Blobs]))
            .Decorate<IMessageBus>((inner, dependencies) => new ResilientMessageBus(inner, dependencies[Dependencies.Messages]))
            .Decorate<IAuditLog>((inner, dependencies) => new ResilientAuditLog(inner, dependencies[Dependencies.Audit]));
    }

    /// <summary>Where a dependency differs from the common defaults, and why.</summary>
    private static void Preset(string dependency, DependencyOptions options)
    {
        switch (dependency)
        {
            case Dependencies.Audit:
                // Every request writes an entry, and a store commits those that wait together: few at once would only refuse them.
                options.MaxConcurrency = 1_024;
                options.AttemptTimeout = TimeSpan.FromSeconds(5);
                break;
            case Dependencies.Blobs:
                // Originals have up to 50 MB: a minute moves them over 7 Mbit/s.
                options.AttemptTimeout = TimeSpan.FromMinutes(1);
                break;
            case Dependencies.DocumentFetch:
                // Other people's servers: few at once, one repetition, a document's time.
                options.MaxConcurrency = 8;
                options.AttemptTimeout = TimeSpan.FromMinutes(1);
                options.MaxRetries = 1;
                options.RetryDelay = TimeSpan.FromMilliseconds(500);
                break;
            case Dependencies.Notifications:
                // Webhooks and mail servers are slower than stores, and are often asked to keep a low rate. Their repetitions are scheduled messages.
                options.MaxConcurrency = 8;
                options.AttemptTimeout = TimeSpan.FromSeconds(30);
                options.MaxRetries = 0;

                // They are told now and then, not all the time: a longer window, or no number of failures would ever meet in it. A lone message has too few.
                options.SamplingDuration = TimeSpan.FromMinutes(5);
                options.BreakDuration = TimeSpan.FromSeconds(30);
                break;
            case Dependencies.LanguageModel:
                // Answers take many seconds, so few calls say how the server is. The gateway repeats them itself: each has its price.
                options.MaxConcurrency = 4;
                options.QueueTimeout = TimeSpan.FromMinutes(5);
                options.AttemptTimeout = TimeSpan.FromMinutes(1);
                options.MaxRetries = 0;
                options.SamplingDuration = TimeSpan.FromMinutes(2);
                options.BreakDuration = TimeSpan.FromSeconds(30);
                break;
            case Dependencies.PageReading:
                // A range of pages takes from seconds to minutes and is paid for each time: one repetition, and a lone call that fails both opens the circuit.
                options.MaxConcurrency = 8;
                options.AttemptTimeout = TimeSpan.FromMinutes(5);
                options.MaxRetries = 1;
                options.RetryDelay = TimeSpan.FromSeconds(2);
                options.MinimumThroughput = 2;

                // Two attempts that ran out of their time still meet in it.
                options.SamplingDuration = TimeSpan.FromMinutes(10);
                options.BreakDuration = TimeSpan.FromSeconds(30);
                break;
        }
    }
}
