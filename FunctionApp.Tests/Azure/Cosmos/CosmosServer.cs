using System.Diagnostics;
using Advisor.Azure;
using Advisor.Kernel.Telemetry;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Advisor.Tests.Azure.Cosmos;

/// <summary>The real client and the adapter over somebody else's server of Cosmos DB's protocol, <c>@vercel/cosmosdb-server</c>, in a process of its own on loopback.</summary>
/// <remarks>The environment variable <c>ADVISOR_COSMOS_SERVER</c> names the folder that npm installed it into; <c>.ci/run</c> does that.</remarks>
public sealed class CosmosServer : IAsyncLifetime
{
    private const string FolderVariable = "ADVISOR_COSMOS_SERVER";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private Process? _server;
    private CosmosClient? _client;
    private AdvisorMetrics? _metrics;
    private CosmosRecordStore? _store;

    /// <summary>The store; skips the test where there is no server.</summary>
    public CosmosRecordStore Store
    {
        get
        {
            Assert.SkipWhen(_store is null, $"{FolderVariable} names no folder in which npm installed @vercel/cosmosdb-server.");
            return _store!;
        }
    }

    public CosmosClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        var script = Path.Combine(Environment.GetEnvironmentVariable(FolderVariable) ?? "", "node_modules", "@vercel", "cosmosdb-server", "lib", "cli.js");
        if (!Path.IsPathRooted(script) || !File.Exists(script))
        {
            return;
        }

        _server = Process.Start(new ProcessStartInfo("node", [script, "--no-ssl", "--host", "127.0.0.1", "--port", "0"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        _server.ErrorDataReceived += (_, _) => { };
        _server.BeginErrorReadLine();
        var ready = await _server.StandardOutput.ReadLineAsync().WaitAsync(s_patience)
            ?? throw new InvalidOperationException("The Cosmos DB server ended before it was ready.");
        var options = new CosmosOptions { ServiceUri = new Uri($"http://127.0.0.1:{ready.Split(':')[^1]}/"), ConnectionMode = ConnectionMode.Gateway };
        var settings = CosmosAccount.Settings(options);

        // The server says of itself that it is reached over https, which it is not here.
        settings.LimitToEndpoint = true;
        _client = new CosmosClient(options.ServiceUri.AbsoluteUri, new GivenToken(), settings);
        Database database = await _client.CreateDatabaseAsync(options.Database);
        foreach (var name in new[] { "documents", "reasoning-chains" })
        {
            await database.CreateContainerAsync(new ContainerProperties(name, "/tenant") { DefaultTimeToLive = -1 });
        }

        _metrics = new AdvisorMetrics(new FunctionTriggers(typeof(Composition).Assembly));
        _store = new CosmosRecordStore(_client, Options.Create(options), new CosmosCharges(_metrics, NullLogger<CosmosCharges>.Instance));
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _metrics?.Dispose();
        _server?.Kill();
        _server?.Dispose();
        return default;
    }
}
