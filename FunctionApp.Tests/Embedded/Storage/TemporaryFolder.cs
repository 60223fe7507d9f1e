using Advisor.Embedded.Storage;

namespace Advisor.Tests.Embedded.Storage;

/// <summary>A folder of one test's own, deleted with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("advisor-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>What a killed process would leave of an open SQLite file: the file and its log, without the orderly end.</summary>
    public string CopyAsAfterKill(string name)
    {
        var copy = File($"killed-{Guid.NewGuid():N}-{name}");
        foreach (var part in new[] { "", "-wal" })
        {
            System.IO.File.Copy(File(name) + part, copy + part);
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
