using Advisor.Azure;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Tests.Embedded.Storage;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure.Blobs;

/// <summary>What every blob store promises, over clients that stand in for the account; and what is asked of them.</summary>
public sealed class AzureBlobStoreTests : BlobStoreContract
{
    private readonly StoredBlobs _account = new();
    private readonly AzureBlobStore _store;

    public AzureBlobStoreTests() => _store = new AzureBlobStore(_account, Options.Create(new BlobsOptions()));

    protected override IBlobStore Store => _store;

    public static TheoryData<string> Calls => ["write", "read", "open", "exists", "delete", "list"];

    [Theory]
    [InlineData("2026/11/d1.pdf", "pdf")]
    [InlineData("acme/ab12/v2/pages-00001-00025.json", "json")]
    public async Task WriteAsync_Name_TagsTheFormat(string name, string format)
    {
        await Store.WriteAsync(Container, name, new byte[] { 1 }, Cancel);

        var (call, asked, options) = _account.Calls.ShouldHaveSingleItem();
        (call, asked).ShouldBe(("upload", name));
        options.ShouldBeOfType<BlobUploadOptions>().Tags.ShouldBe(new Dictionary<string, string> { ["format"] = format });
    }

    [Theory]
    [InlineData("2026/11/d1", true)]
    [InlineData("2026/11/d1.pdf", false)]
    public async Task WriteAsync_NoExtensionOrNoTagsWanted_SendsNone(string name, bool wanted)
    {
        await new AzureBlobStore(_account, Options.Create(new BlobsOptions { IndexTags = wanted })).WriteAsync(Container, name, new byte[] { 1 }, Cancel);

        _account.Calls.ShouldHaveSingleItem().Options.ShouldBeOfType<BlobUploadOptions>().Tags.ShouldBeNull();
    }

    [Fact]
    public async Task OpenReadAsync_Blob_IsFetchedInPieces()
    {
        await Store.WriteAsync(Container, "a", new byte[] { 1 }, Cancel);
        await using var stream = await Store.OpenReadAsync(Container, "a", Cancel);

        _account.Calls[^1].Options.ShouldBeOfType<BlobOpenReadOptions>().BufferSize.ShouldBe(4 * 1024 * 1024);
        stream!.CanWrite.ShouldBeFalse();
    }

    [Fact]
    public async Task DeleteAsync_Blob_TakesItsSnapshotsAlong()
    {
        await Store.DeleteAsync(Container, "a", Cancel);

        _account.Calls.ShouldHaveSingleItem().Options.ShouldBe(DeleteSnapshotsOption.IncludeSnapshots);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_Throttled_IsTransient(string call)
    {
        _account.Fault = (503, "ServerBusy");

        var fault = await Should.ThrowAsync<AzureServiceException>(CallAsync(call));
        fault.Message.ShouldBe("Blob Storage answered 503 (ServerBusy).");
        TransientFaults.Is(fault).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_NoAnswer_IsTransient(string call)
    {
        _account.Fault = (0, "");

        (await Should.ThrowAsync<AzureServiceException>(CallAsync(call))).Status.ShouldBe(503);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_Forbidden_NamesTheRole(string call)
    {
        _account.Fault = (403, "AuthorizationPermissionMismatch");

        (await Should.ThrowAsync<UnauthorizedAccessException>(CallAsync(call))).Message.ShouldStartWith("Blob Storage does not let the app's identity in (403 AuthorizationPermissionMismatch)");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_CallerGivesUp_IsCancelled(string call) =>
        await Should.ThrowAsync<OperationCanceledException>(CallAsync(call, new CancellationToken(canceled: true)));

    [Fact]
    public async Task WriteAsync_NoSuchContainer_IsNoLoss()
    {
        _account.Fault = (404, "ContainerNotFound");

        var fault = await Should.ThrowAsync<InvalidOperationException>(CallAsync("write"));
        fault.Message.ShouldBe("Blob Storage has no container 'financial-documents': deploy it (docs/azure.md lists them).");
        TransientFaults.Is(fault).ShouldBeFalse();
    }

    [Fact]
    public async Task WriteAsync_BlobUnderAnImmutabilityPolicy_FailsForGood()
    {
        _account.Fault = (409, "BlobImmutableDueToPolicy");

        TransientFaults.Is(await Should.ThrowAsync<InvalidOperationException>(CallAsync("write"))).ShouldBeFalse();
    }

    private Task CallAsync(string call, CancellationToken? cancellationToken = null)
    {
        var token = cancellationToken ?? Cancel;
        return call switch
        {
            "write" => Store.WriteAsync(Container, "a", new byte[] { 1 }, token),
            "read" => Store.ReadAsync(Container, "a", token),
            "open" => Store.OpenReadAsync(Container, "a", token),
            "exists" => Store.ExistsAsync(Container, "a", token),
            "delete" => Store.DeleteAsync(Container, "a", token),
            _ => Store.ListAsync(Container, "", token),
        };
    }
}
