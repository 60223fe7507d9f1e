using System.Diagnostics;
using System.Globalization;
using Advisor.Embedded.Storage;

namespace Advisor.Embedded.Cli;

/// <summary>A host in a process of its own that outlives the command which started it.</summary>
internal static class DetachedHost
{
    /// <summary>Keeps the tokens out of the log, which others may read.</summary>
    public const string QuietOption = "--quiet";

    // Ends the ties to the caller's terminal and pipes; a caller that captures our output must not wait for the host's end.
    private const string Shell = """
        log=$1; shift
        if command -v setsid >/dev/null 2>&1; then set -- setsid "$@"; fi
        nohup "$@" >"$log" 2>&1 </dev/null &
        echo $!
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Starts <c>up</c> in its own process and waits until its host is there.</summary>
    /// <returns>Null when the process ended, or was not up after two minutes.</returns>
    public static async Task<HostState?> StartAsync(DataFolder folder, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        string[] arguments = ["up", QuietOption, "--data", folder.Path, "--port", port.ToString(CultureInfo.InvariantCulture)];
        using var process = OperatingSystem.IsWindows() ? StartOnWindows(arguments) : await StartOnUnixAsync(folder, arguments, cancellationToken);
        var end = time.GetUtcNow() + Patience;
        while (time.GetUtcNow() < end)
        {
            if (HostState.Read(folder) is { } state)
            {
                return state;
            }

            if (process.HasExited)
            {
                return null;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        return null;
    }

    /// <summary>The end of the host's log.</summary>
    public static IEnumerable<string> LastLines(DataFolder folder) => File.Exists(folder.Log) ? File.ReadLines(folder.Log).TakeLast(10) : [];

    private static async Task<Process> StartOnUnixAsync(DataFolder folder, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, UseShellExecute = false };
        Array.ForEach(["-c", Shell, "sh", folder.Log, .. Program(), .. arguments], start.ArgumentList.Add);
        using var shell = Process.Start(start)!;
        var pid = await shell.StandardOutput.ReadToEndAsync(cancellationToken);
        await shell.WaitForExitAsync(cancellationToken);
        return Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
    }

    private static Process StartOnWindows(string[] arguments)
    {
        // Through the shell, so that no handle of ours is inherited.
        string[] command = [.. Program(), .. arguments];
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = true, WindowStyle = ProcessWindowStyle.Hidden };
        Array.ForEach(command[1..], start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    // As "dotnet X.dll" or as an executable of its own. The entry assembly is another's under a test runner, ours never is.
    private static string[] Program()
    {
        var ours = Path.Combine(AppContext.BaseDirectory, typeof(DetachedHost).Assembly.GetName().Name + ".dll");
        var running = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(running) == "dotnet" ? [running, ours] : ["dotnet", ours];
    }
}
