using System.Text.RegularExpressions;
using Advisor.Kernel.Records;

namespace Advisor.Embedded.Storage;

/// <summary>Blobs as files: <c>folder/container/name</c>.</summary>
/// <remarks>
/// A write goes to a temporary file on the same volume, is flushed to disk and then renamed into place, so a reader, also one after a
/// power loss, sees the old blob or the new one, whole. Names are those that every supported file system takes: segments of letters,
/// digits and punctuation other than <c>\ : * ? " &lt; &gt; |</c>, not ending in a dot or space, and no device name of Windows.
/// On a file system that ignores case, names that differ by case only are the same blob. A folder belongs to one host at a time.
/// </remarks>
public sealed partial class FileBlobStore : IBlobStore
{
    private readonly string _folder;
    private readonly string _unfinished;

    /// <param name="folder">Created when missing. Files that a killed process left unfinished are removed.</param>
    public FileBlobStore(string folder)
    {
        _folder = Path.GetFullPath(folder);
        _unfinished = Path.Combine(_folder, ".unfinished");
        try
        {
            Directory.CreateDirectory(_unfinished);
        }
        catch (Exception fault)
        {
            StorageFaults.ThrowTold(fault, _folder);
            throw;
        }

        foreach (var left in Directory.EnumerateFiles(_unfinished))
        {
            File.Delete(left);
        }
    }

    /// <inheritdoc />
    public async Task WriteAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = PathOf(container, name);
        var temporary = Path.Combine(_unfinished, Guid.NewGuid().ToString("N"));
        try
        {
            await using (var file = new FileStream(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception fault)
        {
            File.Delete(temporary);
            StorageFaults.ThrowTold(fault, _folder);
            throw;
        }

        DurableFolder.Flush(path, _folder);
    }

    /// <inheritdoc />
    public async Task<byte[]?> ReadAsync(string container, string name, CancellationToken cancellationToken)
    {
        var path = PathOf(container, name);
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellationToken)
    {
        var path = PathOf(container, name);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult<Stream?>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 64 * 1024, FileOptions.Asynchronous));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc />
    public Task<bool> ExistsAsync(string container, string name, CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(PathOf(container, name)));

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string container, string name, CancellationToken cancellationToken)
    {
        var path = PathOf(container, name);
        if (!File.Exists(path))
        {
            return Task.FromResult(false);
        }

        File.Delete(path);
        DurableFolder.Flush(path, _folder);
        return Task.FromResult(true);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListAsync(string container, string folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = folder.Length == 0 ? PathOf(container) : PathOf(container, folder);
        return Task.FromResult<IReadOnlyList<string>>(!Directory.Exists(path)
            ? []
            : [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Path.Combine(_folder, container), file).Replace(Path.DirectorySeparatorChar, '/'))]);
    }

    private string PathOf(string container) => ContainerName().IsMatch(container)
        ? Path.Combine(_folder, container)
        : throw new ArgumentException($"'{container}' is not a container name: use 3 to 63 of a-z, 0-9 and '-'.", nameof(container));

    private string PathOf(string container, string name)
    {
        var folder = PathOf(container);
        var segments = name.Split('/');
        if (name.Length > 1024 || !segments.All(segment => Segment().IsMatch(segment) && !DeviceName().IsMatch(segment)))
        {
            throw new ArgumentException($"'{name}' is not a blob name: use segments of portable file names joined by '/'.", nameof(name));
        }

        return Path.Combine([folder, .. segments]);
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{2,62}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContainerName();

    [GeneratedRegex("""\A[^\x00-\x1f\\/:*?"<>|]{0,254}[^\x00-\x1f\\/:*?"<>|. ]\z""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Segment();

    [GeneratedRegex(@"\A(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DeviceName();
}
