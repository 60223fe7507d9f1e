using Advisor.Embedded.Storage;
using Advisor.Kernel.Resilience;

namespace Advisor.Embedded.Cli;

/// <summary>The right to run a host on a data folder; the system takes it back when the process ends, however it ends.</summary>
/// <remarks>
/// So a lock that can be had proves that a state file is left over, and one that cannot proves that the process which wrote it lives:
/// surer than asking whether a process id, which may be another's by now, is alive.
/// </remarks>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>The lock, or null while someone else holds it. A state left by a host that was killed is removed.</summary>
    /// <exception cref="StorageUnavailableException">The folder cannot be written.</exception>
    public static DataFolderLock? TryTake(DataFolder folder)
    {
        FileStream file;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.Lock)!);
            file = new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            StorageFaults.ThrowTold(fault, folder.Lock);
            return null;
        }

        HostState.Delete(folder);
        return new DataFolderLock(file);
    }

    public void Dispose() => _file.Dispose();
}
