using System.Collections.Concurrent;
using Advisor.Embedded.ScriptedModels;
using Advisor.Embedded.Storage;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels;

/// <summary>The gateway as hosts register it, over a scripted server and a store of its own.</summary>
internal sealed class GatewayRig : IAsyncDisposable
{
    public static readonly TenantId Tenant = new("northwind");

    private readonly string _folder = Directory.CreateTempSubdirectory("advisor-model-").FullName;
    private readonly SqliteDatabase _database;
    private readonly ServiceProvider _services;

    /// <param name="wrap">Stands between the gateway and its store.</param>
    public GatewayRig(Uri? server, TimeProvider? time = null, Func<IRecordStore, IRecordStore>? wrap = null, params (string Name, string? Value)[] settings)
    {
        _database = new SqliteDatabase(Path.Combine(_folder, "records.db"), "");
        Store = new SqliteRecordStore(_database);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["OpenAI:BaseUrl"] = server?.ToString(), ["OpenAI:Model"] = "asked", ["LanguageModels:RetryDelay"] = "00:00:00" }
                .Concat(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).GroupBy(pair => pair.Key).Select(group => group.Last())).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs));
        services.AddSingleton<IHostApplicationLifetime, ApplicationLifetime>().AddSingleton(time ?? TimeProvider.System)
            .AddSingleton(new FunctionTriggers(typeof(Composition).Assembly)).AddSingleton(provider => new AdvisorMetrics(provider.GetRequiredService<FunctionTriggers>()))
            .AddSingleton(wrap?.Invoke(Store) ?? Store);
        services.AddLanguageModels(configuration).AddDependencies(configuration)
            .Decorate<IRecordStore>((inner, dependencies) => new ResilientRecordStore(inner, dependencies[Dependencies.Records]));
        _services = services.BuildServiceProvider();
    }

    public IRecordStore Store { get; }

    public LogLines Logs { get; } = new();

    public IServiceProvider Services => _services;

    public ModelGateway Gateway => _services.GetRequiredService<ModelGateway>();

    /// <summary>A call with a prompt of its own.</summary>
    public static ModelCall Call(string id = "call-1", string notes = "", string run = "run-1") =>
        new(Tenant, run, id, TestPrompts.Probe.Render(id, TestPrompts.Fields(notes))) { DocumentId = "doc-1" };

    public static async Task<ModelExchange> AskAsync(ScriptedModel server, ModelCall? call = null, params (string Name, string? Value)[] settings)
    {
        await using var rig = new GatewayRig(server.BaseUrl, settings: settings);
        return await rig.Gateway.AskAsync(call ?? Call(), TestContext.Current.CancellationToken);
    }

    public async Task<ModelBudget> BudgetAsync(string id) => (await Store.FindAsync(ModelBudget.Container, Tenant, id, TestContext.Current.CancellationToken))?.Value ?? ModelBudget.Empty;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Everything that is logged, at any level.</summary>
    internal sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> All => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // Read after the services have gone, too.
        }
    }
}
