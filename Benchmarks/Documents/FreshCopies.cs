using System.Text;

namespace Advisor.Benchmarks.Documents;

/// <summary>A copy of the measured document whose bytes were never seen before.</summary>
internal sealed record FreshCopy(string Path, byte[] Content)
{
    /// <summary>The copy as the body of an upload.</summary>
    public MultipartFormDataContent ToForm() => new() { { new ByteArrayContent(Content), "file", System.IO.Path.GetFileName(Path) } };
}

/// <summary>Makes copies that differ in a trailing PDF comment, so that no reading of one serves another. Removes them when disposed.</summary>
internal sealed class FreshCopies(string file) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("advisor-bench-").FullName;
    private int _made;

    public async Task<FreshCopy> NextAsync(CancellationToken cancellationToken)
    {
        byte[] content = [.. await File.ReadAllBytesAsync(file, cancellationToken), .. Encoding.ASCII.GetBytes($"\n%{Guid.NewGuid():N}\n")];
        var path = Path.Combine(_folder, $"{++_made}-{Path.GetFileName(file)}");
        await File.WriteAllBytesAsync(path, content, cancellationToken);
        return new FreshCopy(path, content);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
