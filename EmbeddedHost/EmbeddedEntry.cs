using System.Runtime.InteropServices;
using Advisor.Embedded.Cli;

namespace Advisor.Embedded;

/// <summary>Entry point of the embedded host and its commands.</summary>
internal static class EmbeddedEntry
{
    /// <summary>SIGXFSZ on Linux and macOS: a write beyond ulimit -f.</summary>
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    public static async Task<int> Main(string[] args)
    {
        // Without it the system ends the process; the write fails all the same, and says why.
        using var limit = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(FileTooLarge, signal => signal.Cancel = true);
        return await AdvisorCli.RunAsync(args);
    }
}
