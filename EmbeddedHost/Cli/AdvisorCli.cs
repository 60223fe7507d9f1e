using System.CommandLine;
using Advisor.Embedded.Storage;

namespace Advisor.Embedded.Cli;

/// <summary>The command line of the product: <c>serve, up, down, analyze, review, token, audit, replay-analysis, history, replay, scripted-model</c>.</summary>
internal static class AdvisorCli
{
    /// <summary>Exit code of a command that Ctrl+C ended.</summary>
    public const int Cancelled = 130;

    /// <summary>How long a command may take to end cleanly after Ctrl+C or SIGTERM: a host finishes what it runs first.</summary>
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(20);

    /// <summary>Runs a command of the process's own console.</summary>
    /// <returns>The exit code: 0 when the command did all it was asked.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, CliConsole.System(), TimeProvider.System, CancellationToken.None);

    /// <summary>Runs a command.</summary>
    public static async Task<int> RunAsync(string[] args, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var data = new Option<string>("--data")
        {
            Description = "Data folder of the host. Default: $ADVISOR_DATA, else .data in the checkout.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => DefaultDataFolder(),
            Recursive = true,
        };
        DataFolder Folder(ParseResult parsed) => new(Path.GetFullPath(parsed.GetRequiredValue(data)));

        var root = new RootCommand("Advisor: reads financial documents, proves what they say, and shows what needs a person.") { data };
        root.HelpName = "advisor";
        root.Add(ServeCommand.Create(Folder, console, time));
        root.Add(UpCommand.Create(Folder, console, time));
        root.Add(DownCommand.Create(Folder, console, time));
        root.Add(AnalyzeCommand.Create(Folder, console, time));
        root.Add(ReviewCommand.Create(Folder, console, time));
        root.Add(TokenCommand.Create(Folder, console, time));
        root.Add(AuditCommand.Create(Folder, console));
        root.Add(ReplayCommand.Create(Folder, console, time));
        root.Add(HistoryCommand.Create(Folder, console));
        root.Add(ReplayHistoryCommand.Create(Folder, console));
        root.Add(ScriptedModelCommand.Create(console));
        var invocation = new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = EndingTime,
        };
        try
        {
            var parsed = root.Parse(args);
            var code = await parsed.InvokeAsync(invocation, cancellationToken);
            return parsed.Errors.Count > 0 && parsed.CommandResult.Command.Name == ReplayHistoryCommand.Name ? ReplayHistoryCommand.CannotTell : code;
        }
        catch (OperationCanceledException)
        {
            await console.Error.WriteLineAsync("Cancelled.");
            return Cancelled;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException or Microsoft.Data.Sqlite.SqliteException)
        {
            await console.Error.WriteLineAsync(fault.Message);
            return 1;
        }
    }

    private static string DefaultDataFolder()
    {
        if (Environment.GetEnvironmentVariable("ADVISOR_DATA") is { Length: > 0 } set)
        {
            return set;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Advisor.sln")))
            {
                return Path.Combine(folder.FullName, ".data");
            }
        }

        return ".data";
    }
}
