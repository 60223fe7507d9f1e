using Advisor.Azure;
using Advisor.Kernel.Telemetry;
using Azure.Core;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Advisor.Tests.Azure.Cosmos;

/// <summary>The real client and the adapter over a gateway on loopback.</summary>
internal sealed class CosmosFixture : IAsyncDisposable
{
    private CosmosFixture(CosmosGateway gateway, TokenCredential credential)
    {
        Gateway = gateway;
        var options = new CosmosOptions { ServiceUri = gateway.Url, ConnectionMode = ConnectionMode.Gateway, MaxThrottleRetries = 2 };
        Client = CosmosAccount.Connect(options, credential);
        Metrics = new AdvisorMetrics(new FunctionTriggers(typeof(Composition).Assembly));
        Store = new CosmosRecordStore(Client, Options.Create(options), new CosmosCharges(Metrics, NullLogger<CosmosCharges>.Instance));
    }

    public CosmosGateway Gateway { get; }

    public CosmosClient Client { get; }

    public AdvisorMetrics Metrics { get; }

    public CosmosRecordStore Store { get; }

    public static async Task<CosmosFixture> StartAsync(TokenCredential? credential = null) => new(await CosmosGateway.StartAsync(), credential ?? new GivenToken());

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Metrics.Dispose();
        await Gateway.DisposeAsync();
    }
}
