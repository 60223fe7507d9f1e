using System.Text.Json;
using Advisor.Azure;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Azure.Cosmos;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure.Cosmos;

/// <summary>What a server that was not written for these tests makes of the adapter's requests.</summary>
/// <remarks>It knows single documents and that ETags conflict; queries, batches and answers about what is not there it gives otherwise than the service, so those are tried on the scripted gateway.</remarks>
public sealed class CosmosServerTests(CosmosServer server) : IClassFixture<CosmosServer>
{
    private static readonly RecordContainer<Note> s_notes = new("documents");
    private static readonly RecordContainer<Note> s_chains = new("reasoning-chains");
    private static readonly TenantId s_tenant = new("acme");

    private readonly string _id = $"notes/{Guid.NewGuid()}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Record_CreatedAndFound_IsTheSame()
    {
        var written = await server.Store.CreateAsync(s_notes, s_tenant, _id, new Note("Zürich", 12.50m, ["a", "b"]), Cancel);

        var found = (await server.Store.FindAsync(s_notes, s_tenant, _id, Cancel))!;
        (found.Id, found.ETag).ShouldBe((_id, written.ETag));
        (found.Value.Text, found.Value.Amount).ShouldBe(("Zürich", 12.50m));
        found.Value.Tags.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Create_IdTaken_Conflicts()
    {
        await server.Store.CreateAsync(s_notes, s_tenant, _id, new Note("one", 1, []), Cancel);

        await Should.ThrowAsync<RecordConflictException>(server.Store.CreateAsync(s_notes, s_tenant, _id, new Note("two", 2, []), Cancel));
        (await server.Store.FindAsync(s_notes, s_tenant, _id, Cancel))!.Value.Text.ShouldBe("one");
    }

    /// <summary>The service writes ETags in quotes and this server does not, so the one that matches is tried on the scripted gateway alone.</summary>
    [Fact]
    public async Task Put_WithAnETagThatIsNotTheDocuments_ConflictsAndChangesNothing()
    {
        var first = await server.Store.CreateAsync(s_notes, s_tenant, _id, new Note("one", 1, []), Cancel);

        await Should.ThrowAsync<RecordConflictException>(server.Store.PutAsync(s_notes, s_tenant, _id, new Note("two", 2, []), "another", Cancel));
        var found = (await server.Store.FindAsync(s_notes, s_tenant, _id, Cancel))!;
        (found.Value.Text, found.ETag).ShouldBe(("one", first.ETag));
    }

    [Fact]
    public async Task Put_WithoutETag_ReplacesWhatIsThere()
    {
        await server.Store.PutAsync(s_notes, s_tenant, _id, new Note("one", 1, []), null, Cancel);
        var second = await server.Store.PutAsync(s_notes, s_tenant, _id, new Note("two", 2, []), null, Cancel);

        var found = (await server.Store.FindAsync(s_notes, s_tenant, _id, Cancel))!;
        (found.Value.Text, found.ETag).ShouldBe(("two", second.ETag));
    }

    [Fact]
    public async Task PutMany_OfOne_IsADocumentLikeAnyOther()
    {
        await server.Store.PutManyAsync(s_notes, s_tenant, [(_id, new Note("one", 1, []))], Cancel);

        (await server.Store.FindAsync(s_notes, s_tenant, _id, Cancel))!.Value.Text.ShouldBe("one");
    }

    [Fact]
    public async Task Delete_OfWhatIsThere_SaysSo()
    {
        await server.Store.CreateAsync(s_notes, s_tenant, _id, new Note("one", 1, []), Cancel);

        (await server.Store.DeleteAsync(s_notes, s_tenant, _id, Cancel)).ShouldBeTrue();
    }

    /// <summary>The document as the server has it, read without the adapter.</summary>
    [Fact]
    public async Task Document_OfAReasoningChain_CarriesItsTenantItsIdAndItsSevenYears()
    {
        await server.Store.CreateAsync(s_chains, s_tenant, _id, new Note("one", 1, []), Cancel);

        using var read = await server.Client.GetDatabase("advisor").GetContainer("reasoning-chains")
            .ReadItemStreamAsync(CosmosDocument.IdOf(_id), new PartitionKey("acme"), cancellationToken: Cancel);
        using var document = await JsonDocument.ParseAsync(read.Content, cancellationToken: Cancel);
        document.RootElement.GetProperty("tenant").GetString().ShouldBe("acme");
        document.RootElement.GetProperty("record_id").GetString().ShouldBe(_id);
        document.RootElement.GetProperty("ttl").GetInt32().ShouldBe(220_838_400);
    }

    public sealed record Note(string Text, decimal Amount, IReadOnlyList<string> Tags);
}
