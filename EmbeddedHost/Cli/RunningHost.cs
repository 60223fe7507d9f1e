using Advisor.Embedded.Storage;

namespace Advisor.Embedded.Cli;

/// <summary>Finds out who runs a host on a data folder.</summary>
internal static class RunningHost
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The state of the host that runs on the folder, or else the right to run one. Waits while another command is starting or stopping
    /// a host, or runs one of its own for a single analysis, and says so when that begins to take long.
    /// </summary>
    public static async Task<(HostState? State, DataFolderLock? Lock)> FindOrLockAsync(
        DataFolder folder, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var look = 0; ; look++)
        {
            if (DataFolderLock.TryTake(folder) is { } taken)
            {
                return (null, taken);
            }

            if (HostState.Read(folder) is { } state)
            {
                return (state, null);
            }

            if (look == 10)
            {
                await console.Error.WriteLineAsync($"Waiting for another command that is using {folder.Path}.");
            }

            await Task.Delay(LookAgain, time, cancellationToken);
        }
    }

    /// <summary>Whether anybody holds the folder within the time given; false as soon as nobody does.</summary>
    public static async Task<bool> StaysAsync(DataFolder folder, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + patience;
        while (true)
        {
            using (var taken = DataFolderLock.TryTake(folder))
            {
                if (taken is not null)
                {
                    return false;
                }
            }

            if (time.GetUtcNow() >= end)
            {
                return true;
            }

            await Task.Delay(LookAgain, time, cancellationToken);
        }
    }
}
