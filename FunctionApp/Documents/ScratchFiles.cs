namespace Advisor.Documents;

/// <summary>Local copies of originals for the reading tools, which read files only. Shared by the activities of a run, removed when it ends.</summary>
public sealed class ScratchFiles
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "advisor-scratch");

    /// <summary>The path of a local copy; made when it is not there.</summary>
    /// <param name="documentId">Names the copy.</param>
    public async Task<string> CopyAsync(string documentId, Func<Task<byte[]>> read, CancellationToken cancellationToken)
    {
        var path = PathOf(documentId);
        if (File.Exists(path))
        {
            return path;
        }

        Directory.CreateDirectory(_folder);
        var partial = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllBytesAsync(partial, await read(), cancellationToken);
        File.Move(partial, path, overwrite: true);
        return path;
    }

    public void Remove(string documentId) => File.Delete(PathOf(documentId));

    private string PathOf(string documentId) => Path.Combine(_folder, documentId);
}
