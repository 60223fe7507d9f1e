using System.Runtime.InteropServices;

namespace Advisor.Embedded.Storage;

/// <summary>Makes created, renamed and deleted names survive a power loss.</summary>
/// <remarks>On Unix a name is data of its folder and needs a flush of that folder; NTFS journals names by itself.</remarks>
internal static class DurableFolder
{
    /// <summary>Flushes the folder of a file, and the folders above it up to <paramref name="root"/>, which may have been made with it.</summary>
    /// <exception cref="IOException">The system could not flush.</exception>
    public static void Flush(string file, string root)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        for (var folder = Path.GetDirectoryName(file); folder is not null && folder.Length >= root.Length; folder = Path.GetDirectoryName(folder))
        {
            FlushOne(folder);
        }
    }

    private static void FlushOne(string folder)
    {
        // .NET opens no folders, so this asks the C library. O_RDONLY is 0 on every Unix.
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"The folder {folder} could not be opened to flush it (errno {Marshal.GetLastPInvokeError()}).");
        }

        var failed = Flush(descriptor) != 0 ? Marshal.GetLastPInvokeError() : 0;
        _ = Close(descriptor);

        // EINVAL and ENOTSUP: a file system (some network ones) whose folders need no flush.
        if (failed is not (0 or 22 or 95))
        {
            throw new IOException($"The folder {folder} could not be flushed to disk (errno {failed}).");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
