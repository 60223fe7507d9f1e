using Advisor.Kernel.Records;
using Advisor.Tests.Embedded.Storage;
using Xunit;

namespace Advisor.Tests.Azure.Cosmos;

/// <summary>What every record store promises, by the real client of Cosmos DB.</summary>
public sealed class CosmosRecordStoreTests : RecordStoreContract, IAsyncLifetime
{
    private CosmosFixture? _cosmos;

    protected override IRecordStore Store => _cosmos!.Store;

    public async ValueTask InitializeAsync()
    {
        _cosmos = await CosmosFixture.StartAsync();

        // The service may answer with fewer than it is asked for, and then says how to go on.
        _cosmos.Gateway.LargestPage = 40;
    }

    public ValueTask DisposeAsync() => _cosmos?.DisposeAsync() ?? default;
}
