using Advisor.Embedded.Cli;
using Xunit;

namespace Advisor.Tests.Embedded.Cli;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a command in this process, its output captured as if redirected to files; its waits end at once.</summary>
    public static async Task<CliRun> RunAsync(string folder, CancellationToken cancellationToken, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = new CliConsole(TextWriter.Synchronized(output), TextWriter.Synchronized(error), OutputIsTerminal: false, ErrorIsTerminal: false);
        var code = await AdvisorCli.RunAsync([.. args, "--data", folder], console, new ImpatientClock(), cancellationToken);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    public static Task<CliRun> RunAsync(string folder, params string[] args) => RunAsync(folder, TestContext.Current.CancellationToken, args);

    /// <summary>Real time, except that nobody waits between two looks.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.FromMilliseconds(1), period);
    }
}
