using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Advisor.Embedded.Storage;

namespace Advisor.Embedded.Cli;

/// <summary><c>down</c>: stops the host of this checkout, gracefully at first.</summary>
internal static class DownCommand
{
    private const int SigTerm = 15;

    /// <summary>A host lets running work finish for ten seconds; what is cut off after that resumes at the next start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console, TimeProvider time)
    {
        var command = new Command("down", "Stop the host that 'up' started.");
        command.SetAction((parsed, cancellationToken) => RunAsync(folder(parsed), console, time, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DataFolder folder, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var (state, taken) = await RunningHost.FindOrLockAsync(folder, console, time, cancellationToken);
        if (taken is not null)
        {
            taken.Dispose();
            await console.Output.WriteLineAsync("No host of this checkout is running.");
            return 0;
        }

        using var process = Find(state!.Pid);
        if (process is not null)
        {
            Ask(process);
            if (await RunningHost.StaysAsync(folder, Patience, time, cancellationToken))
            {
                process.Kill(entireProcessTree: true);
            }
        }

        if (await RunningHost.StaysAsync(folder, Patience, time, cancellationToken))
        {
            await console.Error.WriteLineAsync($"Process {state.Pid} did not stop, or another one took its place; look at it yourself.");
            return 1;
        }

        await console.Output.WriteLineAsync($"Stopped the host at {state.Url}.");
        return 0;
    }

    private static Process? Find(int pid)
    {
        try
        {
            return Process.GetProcessById(pid);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void Ask(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            // Windows has no signal for a process without a window; a kill loses nothing, as every step is journaled.
            process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = Signal(process.Id, SigTerm);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int pid, int signal);
}
