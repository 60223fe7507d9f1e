using Advisor.Azure;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure.Cosmos;

/// <summary>What becomes of the faults of Cosmos DB.</summary>
public sealed class CosmosFaultTests : IAsyncLifetime
{
    private static readonly RecordContainer<Note> s_notes = new("alerts");
    private static readonly TenantId s_tenant = new("acme");
    private CosmosFixture? _cosmos;

    private sealed record Note(string Text);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CosmosRecordStore Store => _cosmos!.Store;

    private CosmosGateway Gateway => _cosmos!.Gateway;

    public static TheoryData<string> Calls => ["find", "create", "put", "put with an ETag", "put many", "query", "delete"];

    public async ValueTask InitializeAsync() => _cosmos = await CosmosFixture.StartAsync();

    public ValueTask DisposeAsync() => _cosmos?.DisposeAsync() ?? default;

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_ThrottledForAMoment_IsRepeatedByTheClientAfterThePauseAskedFor(string call)
    {
        var refused = 0;
        Gateway.Faults = request => request.Operation != "plan" && refused++ < 2 ? new CosmosFault(429, 3200, RetryAfterMilliseconds: 5) : null;
        if (call == "put with an ETag")
        {
            await Should.ThrowAsync<RecordConflictException>(CallAsync(call));
        }
        else
        {
            await CallAsync(call);
        }

        refused.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_ThrottledAllTheTime_EndsAfterTheClientsRetriesAndIsTransient(string call)
    {
        var refused = 0;
        Gateway.Faults = request => request.Operation == "plan" || refused++ < 0 ? null : new CosmosFault(429, 3200, RetryAfterMilliseconds: 1);

        var fault = await Should.ThrowAsync<AzureServiceException>(CallAsync(call));
        fault.Status.ShouldBe(429);
        fault.Message.ShouldBe("Cosmos DB answered 429 (sub-status 3200).");
        TransientFaults.Is(fault).ShouldBeTrue();
        refused.ShouldBe(3, "one attempt and the two retries that the options allow");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_Forbidden_NamesTheRole(string call)
    {
        Gateway.Faults = _ => new CosmosFault(403, 5301);

        var fault = await Should.ThrowAsync<UnauthorizedAccessException>(CallAsync(call));
        fault.Message.ShouldStartWith("Cosmos DB does not let the app's identity in (403 sub-status 5301): give it the role");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_ContainerThatIsNotThere_IsNoEmptyAnswer(string call)
    {
        Gateway.Faults = _ => new CosmosFault(404, 1003);

        var fault = await Should.ThrowAsync<InvalidOperationException>(CallAsync(call));
        fault.Message.ShouldBe("Cosmos DB has no container 'alerts' in the configured database: deploy it (docs/azure.md lists them).");
        TransientFaults.Is(fault).ShouldBeFalse();
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    public async Task PutAsync_ServiceInTrouble_IsTransient(int status)
    {
        Gateway.Faults = _ => new CosmosFault(status);

        (await Should.ThrowAsync<AzureServiceException>(CallAsync("put"))).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("put")]
    [InlineData("put many")]
    public async Task Put_RecordTooLarge_SaysSoAndIsNotRepeated(string call)
    {
        Gateway.Faults = _ => new CosmosFault(413);

        var fault = await Should.ThrowAsync<InvalidOperationException>(CallAsync(call));
        fault.Message.ShouldContain("up to 2 MB");
        Gateway.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task PutManyAsync_SecondBatchFails_KeepsTheFirstAndIsMadeGoodByRepeating()
    {
        var batches = 0;
        Gateway.Faults = request => ++batches is > 1 and <= 4 ? new CosmosFault(429, RetryAfterMilliseconds: 1) : null;
        (string, Note)[] items = [.. Enumerable.Range(0, 150).Select(n => ($"n{n:000}", new Note("x")))];

        await Should.ThrowAsync<AzureServiceException>(Store.PutManyAsync(s_notes, s_tenant, items, Cancel));
        Gateway.Documents("alerts", "acme").Count.ShouldBe(100);
        await Store.PutManyAsync(s_notes, s_tenant, items, Cancel);
        Gateway.Documents("alerts", "acme").Count.ShouldBe(150);
    }

    [Fact]
    public async Task PutManyAsync_OneOperationFails_GivesThatOnesFaultAndWritesNothing()
    {
        Gateway.Faults = _ => new CosmosFault(207, Results: [424, 413]);

        (await Should.ThrowAsync<InvalidOperationException>(CallAsync("put many"))).Message.ShouldContain("up to 2 MB");
        Gateway.Documents("alerts", "acme").ShouldBeEmpty();
    }

    [Fact]
    public async Task FindAsync_NoAnswerInTime_EndsWithTheCallersPatience()
    {
        Gateway.Hangs = true;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMilliseconds(200));

        await Should.ThrowAsync<OperationCanceledException>(Store.FindAsync(s_notes, s_tenant, "a", patience.Token));
    }

    [Fact]
    public async Task FindAsync_NoIdentity_SaysSo()
    {
        await using var cosmos = await CosmosFixture.StartAsync(new NoCredential());

        var fault = await Should.ThrowAsync<UnauthorizedAccessException>(cosmos.Store.FindAsync(s_notes, s_tenant, "a", Cancel));
        fault.Message.ShouldContain("no token");
    }

    [Theory]
    [InlineData("Strong", true)]
    [InlineData("BoundedStaleness", true)]
    [InlineData("Session", false)]
    [InlineData("Eventual", false)]
    public async Task AccountCheck_Consistency_StartsOnlyWhereInstancesReadEachOthersWrites(string consistency, bool starts)
    {
        Gateway.Consistency = consistency;
        var check = new CosmosAccountCheck(_cosmos!.Client, NullLogger<CosmosAccountCheck>.Instance);
        if (starts)
        {
            await check.StartAsync(Cancel);
            return;
        }

        (await Should.ThrowAsync<InvalidOperationException>(check.StartAsync(Cancel))).Message.ShouldContain($"has {consistency} consistency; set it to Strong or BoundedStaleness");
    }

    private Task CallAsync(string call) => call switch
    {
        "find" => Store.FindAsync(s_notes, s_tenant, "a", Cancel),
        "create" => Store.CreateAsync(s_notes, s_tenant, "a", new Note("x"), Cancel),
        "put" => Store.PutAsync(s_notes, s_tenant, "a", new Note("x"), null, Cancel),
        "put with an ETag" => Store.PutAsync(s_notes, s_tenant, "a", new Note("x"), "v0", Cancel),
        "put many" => Store.PutManyAsync(s_notes, s_tenant, [("a", new Note("x")), ("b", new Note("x"))], Cancel),
        "query" => Store.QueryAsync(s_notes, s_tenant, new RecordQuery([]), Cancel),
        _ => Store.DeleteAsync(s_notes, s_tenant, "a", Cancel),
    };

    private sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new CredentialUnavailableException("nobody");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new CredentialUnavailableException("nobody");
    }
}
