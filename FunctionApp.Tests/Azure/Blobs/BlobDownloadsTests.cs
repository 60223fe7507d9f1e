using Advisor.Azure;
using Advisor.Kernel.Resilience;
using Advisor.Tests.Embedded;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Moq;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure.Blobs;

/// <summary>What is signed for a download, with which key, and how often the account is asked for one.</summary>
public sealed class BlobDownloadsTests : IDisposable
{
    private static readonly Uri s_address = new("https://example.blob.core.windows.net/financial-documents/2026/11/d1.pdf?sig=x");

    private readonly ManualTimeProvider _time = new();
    private readonly Mock<BlobServiceClient> _account = new();
    private readonly Mock<BlobClient> _blob = new();
    private readonly List<(BlobSasBuilder Signed, UserDelegationKey Key)> _signed = [];
    private readonly List<(DateTimeOffset? From, DateTimeOffset Until)> _keys = [];
    private readonly BlobDownloads _downloads;

    public BlobDownloadsTests()
    {
        _downloads = new BlobDownloads(_account.Object, _time);
        var container = new Mock<BlobContainerClient>();
        container.Setup(client => client.GetBlobClient("2026/11/d1.pdf")).Returns(_blob.Object);
        _account.Setup(client => client.GetBlobContainerClient("financial-documents")).Returns(container.Object);
        _account.Setup(client => client.GetUserDelegationKeyAsync(It.IsAny<DateTimeOffset?>(), It.IsAny<DateTimeOffset>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((DateTimeOffset? from, DateTimeOffset until, CancellationToken _) =>
            {
                _keys.Add((from, until));
                return Response.FromValue(BlobsModelFactory.UserDelegationKey("object", "directory", from!.Value, until, "b", "2026-02-06", $"a2V5{_keys.Count}"), Mock.Of<Response>());
            });
        _blob.Setup(client => client.GenerateUserDelegationSasUri(It.IsAny<BlobSasBuilder>(), It.IsAny<UserDelegationKey>()))
            .Returns((BlobSasBuilder builder, UserDelegationKey key) =>
            {
                _signed.Add((builder, key));
                return s_address;
            });
    }

    public void Dispose() => _downloads.Dispose();

    [Fact]
    public async Task Address_OfABlob_ReadsItAloneOverHttpsForFiveMinutes()
    {
        (await AskAsync()).ShouldBe(s_address);

        var (signed, key) = _signed.ShouldHaveSingleItem();
        (signed.BlobContainerName, signed.BlobName, signed.Resource).ShouldBe(("financial-documents", "2026/11/d1.pdf", "b"));
        (signed.Permissions, signed.Protocol).ShouldBe(("r", SasProtocol.Https));
        (signed.ExpiresOn - _time.GetUtcNow()).ShouldBe(TimeSpan.FromMinutes(5));
        (signed.ContentType, signed.ContentDisposition, signed.CacheControl).ShouldBe(("application/pdf", "inline", "private, no-store"));
        key.Value.ShouldBe("a2V51");
    }

    /// <summary>A clock that is some minutes behind or ahead of the account's takes nothing from an address, nor its key.</summary>
    [Fact]
    public async Task Address_WhoseClockIsOff_HoldsAllTheSame()
    {
        await AskAsync();

        var (signed, _) = _signed.Single();
        var (from, until) = _keys.Single();
        (_time.GetUtcNow() - signed.StartsOn).ShouldBe(TimeSpan.FromMinutes(5));
        from!.Value.ShouldBeLessThan(signed.StartsOn);
        until.ShouldBeGreaterThan(signed.ExpiresOn);
    }

    [Fact]
    public async Task Key_ThatStillHolds_IsNotAskedForAgain()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync()));
        _time.Advance(TimeSpan.FromHours(6) - TimeSpan.FromMinutes(11));
        await AskAsync();
        _keys.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Key_ThatWouldEndBeforeTheAddress_IsReplaced()
    {
        await AskAsync();
        _time.Advance(TimeSpan.FromHours(6) - TimeSpan.FromMinutes(10));
        await AskAsync();
        _keys.Count.ShouldBe(2);
        _signed[^1].Key.Value.ShouldBe("a2V52");
        _keys[^1].Until.ShouldBe(_time.GetUtcNow() + TimeSpan.FromHours(6));
    }

    [Theory]
    [InlineData(503, "ServerBusy")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(0, "")]
    public async Task Key_NotGivenNow_IsATransientFaultAndAskedForAgain(int status, string code)
    {
        Fail(new RequestFailedException(status, "as the test asked", code, null));

        TransientFaults.Is(await Should.ThrowAsync<AzureServiceException>(AskAsync)).ShouldBeTrue();
        await Should.ThrowAsync<AzureServiceException>(AskAsync);
        _account.Verify(client => client.GetUserDelegationKeyAsync(It.IsAny<DateTimeOffset?>(), It.IsAny<DateTimeOffset>(), It.IsAny<CancellationToken>()), Times.Exactly(2));
    }

    [Fact]
    public async Task Key_RefusedOrWithoutToken_SaysThatTheRoleIsMissing()
    {
        Fail(new RequestFailedException(403, "as the test asked", "AuthorizationPermissionMismatch", null));
        (await Should.ThrowAsync<UnauthorizedAccessException>(AskAsync)).Message.ShouldContain("403 AuthorizationPermissionMismatch");
        Fail(new CredentialUnavailableException("nobody"));
        (await Should.ThrowAsync<UnauthorizedAccessException>(AskAsync)).Message.ShouldContain("no token");
    }

    private void Fail(Exception fault) => _account
        .Setup(client => client.GetUserDelegationKeyAsync(It.IsAny<DateTimeOffset?>(), It.IsAny<DateTimeOffset>(), It.IsAny<CancellationToken>())).ThrowsAsync(fault);

    private Task<Uri> AskAsync() => _downloads.AddressAsync("financial-documents", "2026/11/d1.pdf", "application/pdf", "inline", TestContext.Current.CancellationToken);
}
