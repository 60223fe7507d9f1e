using Advisor.Kernel.Records;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Storage;

/// <summary>What every blob store promises; an adapter's test class derives from it and gives a store.</summary>
public abstract class BlobStoreContract
{
    protected const string Container = "financial-documents";

    protected abstract IBlobStore Store { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_AfterWrite_GivesTheBytes()
    {
        var content = Enumerable.Range(0, 100_000).Select(n => (byte)n).ToArray();
        await Store.WriteAsync(Container, "2026/11/d1.pdf", content, Cancel);

        (await Store.ReadAsync(Container, "2026/11/d1.pdf", Cancel)).ShouldBe(content);
        (await Store.ExistsAsync(Container, "2026/11/d1.pdf", Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task ReadAsync_NoSuchBlob_GivesNothing()
    {
        await Store.WriteAsync(Container, "a/b", new byte[] { 1 }, Cancel);

        (await Store.ReadAsync(Container, "a/c", Cancel)).ShouldBeNull();
        (await Store.ReadAsync("other-container", "a/b", Cancel)).ShouldBeNull();
        (await Store.ExistsAsync(Container, "a", Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task OpenReadAsync_AfterWrite_GivesAStreamThatSeeks()
    {
        var content = Enumerable.Range(0, 100_000).Select(n => (byte)n).ToArray();
        await Store.WriteAsync(Container, "2026/11/d1.pdf", content, Cancel);

        await using var stream = await Store.OpenReadAsync(Container, "2026/11/d1.pdf", Cancel);
        stream!.Length.ShouldBe(content.Length);
        stream.Seek(-5, SeekOrigin.End);
        var end = new byte[5];
        await stream.ReadExactlyAsync(end, Cancel);
        end.ShouldBe(content[^5..]);
        stream.Position = 0;
        using var whole = new MemoryStream();
        await stream.CopyToAsync(whole, Cancel);
        whole.ToArray().ShouldBe(content);
    }

    [Fact]
    public async Task OpenReadAsync_NoSuchBlob_GivesNothing()
    {
        await Store.WriteAsync(Container, "a/b", new byte[] { 1 }, Cancel);

        (await Store.OpenReadAsync(Container, "a/c", Cancel)).ShouldBeNull();
        (await Store.OpenReadAsync(Container, "c/b", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task OpenReadAsync_BlobReplacedAndDeletedMeanwhile_GivesNoMixture()
    {
        await Store.WriteAsync(Container, "a", Filled(1), Cancel);
        await using var stream = await Store.OpenReadAsync(Container, "a", Cancel);
        await Store.WriteAsync(Container, "a", Filled(2), Cancel);
        await Store.DeleteAsync(Container, "a", Cancel);

        using var read = new MemoryStream();
        try
        {
            await stream!.CopyToAsync(read, Cancel);
        }
        catch (IOException)
        {
            return;
        }

        read.ToArray().ShouldBe(Filled(1));
    }

    [Fact]
    public async Task ListAsync_Folder_GivesWhatLiesBelowIt()
    {
        foreach (var name in new[] { "a/1/x", "a/1/2/y", "a/10/z", "b/1/x", "a/1x" })
        {
            await Store.WriteAsync(Container, name, new byte[] { 1 }, Cancel);
        }

        (await Store.ListAsync(Container, "a/1", Cancel)).ShouldBe(["a/1/x", "a/1/2/y"], ignoreOrder: true);
        (await Store.ListAsync(Container, "", Cancel)).ShouldBe(["a/1/x", "a/1/2/y", "a/10/z", "b/1/x", "a/1x"], ignoreOrder: true);
        (await Store.ListAsync(Container, "c", Cancel)).ShouldBeEmpty();
        (await Store.ListAsync("other-container", "", Cancel)).ShouldBeEmpty();
        (await Store.ListAsync("other-container", "a", Cancel)).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(() => Store.ListAsync(Container, "../other-container", Cancel));
    }

    [Fact]
    public async Task WriteAsync_BlobExists_ReplacesIt()
    {
        await Store.WriteAsync(Container, "a", new byte[] { 1, 2, 3 }, Cancel);
        await Store.WriteAsync(Container, "a", ReadOnlyMemory<byte>.Empty, Cancel);

        (await Store.ReadAsync(Container, "a", Cancel)).ShouldBe([]);
    }

    [Fact]
    public async Task DeleteAsync_Twice_TellsWhetherThereWasOne()
    {
        await Store.WriteAsync(Container, "a/b", new byte[] { 1 }, Cancel);

        (await Store.DeleteAsync(Container, "a/b", Cancel)).ShouldBeTrue();
        (await Store.DeleteAsync(Container, "a/b", Cancel)).ShouldBeFalse();
        (await Store.ReadAsync(Container, "a/b", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task ReadAsync_WhileOthersWrite_SeesAWholeBlob()
    {
        await Store.WriteAsync(Container, "a", Filled(0), Cancel);
        var writing = Parallel.ForEachAsync(Enumerable.Range(1, 60), Cancel, async (n, cancel) => await Store.WriteAsync(Container, "a", Filled(n), cancel));
        while (!writing.IsCompleted)
        {
            var read = (await Store.ReadAsync(Container, "a", Cancel))!;
            read.Length.ShouldBe(50_000);
            read.Distinct().Count().ShouldBe(1);
        }

        await writing;
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/../../escape")]
    [InlineData("/absolute")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData(".")]
    public async Task WriteAsync_NameThatCouldLeaveTheContainer_IsRefused(string name) =>
        await Should.ThrowAsync<ArgumentException>(Store.WriteAsync(Container, name, new byte[] { 1 }, Cancel));

    private static byte[] Filled(int n) => [.. Enumerable.Repeat((byte)n, 50_000)];
}
