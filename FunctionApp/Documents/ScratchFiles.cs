namespace Advisor.Documents;

/// <summary>Local copies of originals for the reading tools, which read files only. Shared by the activities of a run, removed when it ends.</summary>
/// <remarks>The folder is the current user's alone: originals are a tenant's documents. What a killed process left is removed after a day.</remarks>
public sealed class ScratchFiles
{
    private static readonly TimeSpan s_keep = TimeSpan.FromDays(1);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"advisor-scratch-{Environment.UserName}");

    public ScratchFiles(TimeProvider time)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var oldest = (time.GetUtcNow() - s_keep).UtcDateTime;
        foreach (var left in new DirectoryInfo(_folder).EnumerateFiles().Where(file => file.LastWriteTimeUtc < oldest))
        {
            left.Delete();
        }
    }

    /// <summary>The path of a local copy; made when it is not there.</summary>
    /// <param name="documentId">Names the copy.</param>
    public async Task<string> CopyAsync(string documentId, Func<Task<byte[]>> read, CancellationToken cancellationToken)
    {
        var path = PathOf(documentId);
        if (File.Exists(path))
        {
            return path;
        }

        var partial = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllBytesAsync(partial, await read(), cancellationToken);
        File.Move(partial, path, overwrite: true);
        return path;
    }

    public void Remove(string documentId) => File.Delete(PathOf(documentId));

    private string PathOf(string documentId) => Path.Combine(_folder, documentId);
}
