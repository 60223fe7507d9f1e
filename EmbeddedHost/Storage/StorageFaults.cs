using Advisor.Kernel.Resilience;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Storage;

/// <summary>What SQLite and the file system say of a disk, in words that name the file and what to do.</summary>
internal static class StorageFaults
{
    // https://www.sqlite.org/rescode.html
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    private const string FullDetail = "The disk on which this host stores is full, so the request was not carried out. Send it again once the operator has made room.";
    private const string DiskDetail = "The disk on which this host stores does not do what it is told, so the request was not carried out. Tell the operator, and send it again later.";
    private const string RightsDetail = "This host may not write where it stores, so the request was not carried out. Tell the operator, and send it again later.";
    private const string DamageDetail = "A file in which this host stores is damaged, so the request was not carried out. Tell the operator.";
    private const string Restore = "Stop the host and restore its data folder from a backup; 'Damaged files' in docs/engine.md says how to go on without one.";
    private const string Kept = "What was acknowledged is kept";

    /// <summary>Whether a statement that writes was given to a connection that reads, which is our fault and not the disk's.</summary>
    public static bool IsWriteOnReader(SqliteException fault) => fault.SqliteExtendedErrorCode == ReadOnly;

    /// <summary>Throws the fault told so that somebody can act on it, where it says something of the disk; otherwise the caller is to throw it on.</summary>
    public static void ThrowTold(Exception fault, string path)
    {
        if (Of(fault, path) is StorageUnavailableException told)
        {
            throw told;
        }
    }

    /// <summary>The fault, told so that somebody can act on it; itself where it says nothing of the disk.</summary>
    public static Exception Of(Exception fault, string path) => fault switch
    {
        StorageUnavailableException => fault,
        SqliteException { SqliteErrorCode: Full } => IsFull(path, fault),
        SqliteException { SqliteErrorCode: InputOutput } sqlite => new StorageUnavailableException(
            DiskDetail,
            $"{path} could not be read or written (SQLite's code {sqlite.SqliteExtendedErrorCode}). The disk may be full, over a quota or a limit of file sizes (ulimit -f), or failing. {Kept}; the host goes on when the disk does.",
            fault),
        SqliteException { SqliteErrorCode: ReadOnly or CannotOpen } => MayNotWrite(path, fault),
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } => new StorageUnavailableException(
            DamageDetail, $"{path} is damaged. {Restore}", fault),
        UnauthorizedAccessException => MayNotWrite(path, fault),

        // ENOSPC, EDQUOT and EFBIG as .NET passes them on, and ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows.
        IOException { HResult: 28 or 122 or 27 or unchecked((int)0x80070027) or unchecked((int)0x80070070) } => IsFull(path, fault),
        IOException { HResult: 30 } => MayNotWrite(path, fault),
        _ => fault,
    };

    /// <param name="what">The part of the file that is not as it was written.</param>
    public static StorageUnavailableException Damaged(string path, string what) => new(
        DamageDetail, $"In {path}, {what} is not as it was written: the disk gave back something else. {Restore}", null);

    private static StorageUnavailableException IsFull(string path, Exception fault) => new(
        FullDetail, $"The disk that holds {path} is full, or a quota or a limit of file sizes (ulimit -f) is used up. Make room. {Kept}; the host goes on by itself once there is room.", fault);

    public static StorageUnavailableException MayNotWrite(string path, Exception? fault) => new(
        RightsDetail, $"{path} cannot be written. Give the user that runs the host the right to read and write everything in {Path.GetDirectoryName(path)}, or name another folder with --data.", fault);
}
