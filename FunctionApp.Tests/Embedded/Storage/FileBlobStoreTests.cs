using Advisor.Embedded.Storage;
using Advisor.Kernel.Records;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Storage;

public sealed class FileBlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileBlobStore _store;

    public FileBlobStoreTests() => _store = new FileBlobStore(_folder.File("blobs"));

    protected override IBlobStore Store => _store;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadAsync_FolderOpenedAgain_GivesTheBytes()
    {
        await _store.WriteAsync(Container, "a/b.pdf", new byte[] { 1, 2 }, Cancel);

        (await new FileBlobStore(_folder.File("blobs")).ReadAsync(Container, "a/b.pdf", Cancel)).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task WriteAsync_Cancelled_LeavesNothingBehind()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(_store.WriteAsync(Container, "a", new byte[] { 1 }, cancelled.Token));
        Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void Constructor_UnfinishedWriteOfAKilledProcess_RemovesIt()
    {
        var left = Path.Combine(_folder.File("blobs"), ".unfinished", "half");
        File.WriteAllText(left, "half a blob");

        _ = new FileBlobStore(_folder.File("blobs"));
        File.Exists(left).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a\\b")]
    [InlineData("c:stream")]
    [InlineData("what?")]
    [InlineData("trailing.")]
    [InlineData("trailing ")]
    [InlineData("2026/NUL.pdf")]
    [InlineData("new\nline")]
    public async Task WriteAsync_NameThatIsNotPortable_IsRefused(string name) =>
        (await Should.ThrowAsync<ArgumentException>(_store.WriteAsync(Container, name, new byte[] { 1 }, Cancel))).Message.ShouldContain("is not a blob name");

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData(".unfinished")]
    [InlineData("../escape")]
    public async Task WriteAsync_ContainerThatIsNone_IsRefused(string container) =>
        (await Should.ThrowAsync<ArgumentException>(_store.WriteAsync(container, "a", new byte[] { 1 }, Cancel))).Message.ShouldContain("is not a container name");
}
