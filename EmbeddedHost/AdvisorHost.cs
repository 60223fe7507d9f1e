using Advisor.Embedded.Durable;
using Advisor.Embedded.Identity;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Embedded.Triggers;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Advisor.Embedded;

/// <summary>Runs the product's functions in this process: HTTP by Kestrel, everything else from files in one data folder.</summary>
/// <remarks>Several hosts may live in one process, each with its own data folder. Disposing stops the host.</remarks>
public sealed class AdvisorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _disposed;

    private AdvisorHost(WebApplication app)
    {
        _app = app;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where the host listens, with the real port.</summary>
    public Uri Url { get; }

    /// <summary>The app's services, without an invocation's scope.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The client that starts, asks and ends orchestrations.</summary>
    public DurableTaskClient Durable => Services.GetRequiredService<DurableTaskClient>();

    /// <summary>Starts a host; it listens and works when this returns.</summary>
    /// <exception cref="InvalidOperationException">A function cannot be bound, or a setting that a trigger names is missing.</exception>
    public static async Task<AdvisorHost> StartAsync(AdvisorHostOptions options, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.DataFolder);
        var app = Build(options);
        try
        {
            // The other files are opened by what starts; of this one nobody would know before the first request.
            _ = app.Services.GetRequiredService<ApiTokens>();
            await app.StartAsync(cancellationToken);
            return new AdvisorHost(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when something asks the host to stop: Ctrl+C, SIGTERM, or <see cref="IHostApplicationLifetime.StopApplication"/>.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Takes no more work, lets what runs finish within <see cref="AdvisorHostOptions.StopTimeout"/>, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(AdvisorHostOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        HostSettings.AddHostJson(builder.Configuration, Path.Combine(AppContext.BaseDirectory, "host.json"));
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddInMemoryCollection(options.Settings);

        builder.WebHost.UseKestrelCore().UseUrls(options.Url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateScopes = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout + TimeSpan.FromSeconds(2));
        HostLogging.Add(builder.Logging, builder.Configuration, options);
        AddServices(builder.Services, builder.Configuration, options);

        var app = builder.Build();
        app.UseRouting();
        app.Use(HttpTriggers.HideWrongMethodAsync);
        ((IEndpointRouteBuilder)app).DataSources.Add(app.Services.GetRequiredService<HttpTriggers>());
        app.UseEndpoints(_ => { });
        return app;
    }

    private static void AddServices(IServiceCollection services, IConfiguration configuration, AdvisorHostOptions options)
    {
        var pipeline = new WorkerPipeline(services);
        services.AddRouting();
        services.AddMvcCore();
        services.AddSingleton(options.TimeProvider);
        services.AddSingleton(new HostSettings(configuration));
        services.AddSingleton(options);
        services.AddSingleton(provider => new HostStopping(provider.GetRequiredService<IHostApplicationLifetime>(), options.StopTimeout));
        services.AddSingleton(pipeline);
        services.AddSingleton<FunctionRunner>();
        services.AddSingleton<HttpTriggers>();
        services.AddSingleton(FunctionCatalog.Of(options.FunctionTypes ?? options.FunctionAssembly.GetTypes()));

        var folder = new DataFolder(options.DataFolder);
        AddAdapters(services, folder);
        AddDurable(services, folder, options.StopTimeout);
        services.AddAdvisor(configuration);
        (options.ConfigureWorker ?? (worker => worker.UseAdvisor()))(pipeline);
        services.AddHostedService<DurableService>();
        services.AddHostedService<QueueTriggers>();
        services.AddHostedService<TimerTriggers>();
        options.ConfigureServices?.Invoke(services);
    }

    private static void AddDurable(IServiceCollection services, DataFolder folder, TimeSpan drainTimeout)
    {
        services.AddSingleton<IDurableFunctions, DurableFunctions>();
        services.AddKeyedSingleton(folder.Journal, (_, _) => new SqliteDatabase(folder.Journal, DurableEngine.Schema));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<HostSettings>().Durable(drainTimeout, provider.GetRequiredService<HostStopping>().Requested);
            options.Suspects = provider.GetRequiredService<SuspectTurns>();
            return new DurableEngine(
                provider.GetRequiredKeyedService<SqliteDatabase>(folder.Journal),
                provider.GetRequiredService<IDurableFunctions>(),
                options,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>());
        });
        services.AddSingleton(provider => provider.GetRequiredService<DurableEngine>().Client);
        services.AddSingleton(provider => new SuspectTurns(provider.GetRequiredService<SqliteQueues>().Interrupted.Count, new DurableEngineOptions().SuspectHeadStart));
    }

    /// <summary>The product's ports on this machine's files. The databases open when first needed, and close with the host.</summary>
    private static void AddAdapters(IServiceCollection services, DataFolder folder)
    {
        services.AddSingleton(folder);
        services.AddKeyedSingleton(folder.Records, (_, _) => new SqliteDatabase(folder.Records, string.Empty));
        services.AddKeyedSingleton(folder.Queues, (_, _) => new SqliteDatabase(folder.Queues, string.Empty));
        services.AddKeyedSingleton(folder.Identity, (_, _) => new SqliteDatabase(folder.Identity, string.Empty));
        services.AddKeyedSingleton(folder.Audit, (_, _) => new SqliteDatabase(folder.Audit, string.Empty));
        services.AddSingleton<IAuditLog>(provider => new SqliteAuditLog(provider.GetRequiredKeyedService<SqliteDatabase>(folder.Audit), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IRecordStore>(provider => new SqliteRecordStore(provider.GetRequiredKeyedService<SqliteDatabase>(folder.Records)));
        services.AddSingleton<IBlobStore>(_ => new FileBlobStore(folder.Blobs));
        services.AddSingleton(provider => new SqliteQueues(
            provider.GetRequiredKeyedService<SqliteDatabase>(folder.Queues), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IMessageBus>(provider => provider.GetRequiredService<SqliteQueues>());
        services.AddSingleton<IQueueDepths>(provider => provider.GetRequiredService<SqliteQueues>());
        services.AddSingleton(provider => new ApiTokens(
            provider.GetRequiredKeyedService<SqliteDatabase>(folder.Identity), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICallerAuthenticator, ApiTokenAuthenticator>();
        services.AddSingleton<IUserDirectory, TokenUsers>();
    }
}
