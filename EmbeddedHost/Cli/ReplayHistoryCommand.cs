using System.CommandLine;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Advisor.Embedded.Triggers;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Cli;

/// <summary><c>replay HISTORY.json | --in-flight</c>: runs this build's orchestrators over one recorded history, or over all that is under way in a store.</summary>
internal static class ReplayHistoryCommand
{
    public const string Name = "replay";

    /// <summary>Exit code where neither yes nor no can be said: wrong arguments, nothing to read. A deployment must not take it for either.</summary>
    public const int CannotTell = 2;

    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console)
    {
        var file = new Argument<string?>("HISTORY.json") { Description = "A history that 'history ID' wrote.", Arity = ArgumentArity.ZeroOrOne };
        var inFlight = new Option<bool>("--in-flight") { Description = "Replay all that is under way in the data folder, running or stopped, and say whether this build may take over." };
        var json = new Option<bool>("--json") { Description = "Print the verdict as JSON." };
        var command = new Command(
            Name,
            "Replay recorded orchestrations on the code of this build. Exit code 0: it does the same (with --in-flight: safe to deploy); 1: it does not; 2: it cannot be told.")
        {
            file, inFlight, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) is null != result.GetValue(inFlight))
            {
                result.AddError("Give a history, as 'advisor history ID > HISTORY.json' writes it, or --in-flight.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return parsed.GetValue(inFlight)
                    ? ReplayStore(folder(parsed), parsed.GetValue(json), console, cancellationToken)
                    : await ReplayFileAsync(parsed.GetValue(file)!, parsed.GetValue(json), console, cancellationToken);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException or SqliteException or InvalidOperationException)
            {
                await console.Error.WriteLineAsync(TerminalText.Of(fault.Message));
                return CannotTell;
            }
        });
        return command;
    }

    private static async Task<int> ReplayFileAsync(string path, bool json, CliConsole console, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(path, cancellationToken);
        RecordedHistory recorded;
        try
        {
            recorded = RecordedHistory.Parse(text);
        }
        catch (FormatException invalid)
        {
            throw new FormatException($"{path} is not a history: {invalid.Message}", invalid);
        }

        var build = BuildFunctions.OfThisBuild();
        var differences = HistoryReplay.Differences(build.Functions, recorded, build.Versions.Current);
        ReplayReport.Write(recorded, differences, json, console);
        return differences.Count == 0 ? 0 : 1;
    }

    private static int ReplayStore(DataFolder folder, bool json, CliConsole console, CancellationToken cancellationToken)
    {
        using var journal = JournalFile.Open(folder);
        var build = BuildFunctions.OfThisBuild();
        var verdict = DeployVerdict.Over(journal, build.Functions, build.Versions, cancellationToken);
        ReplayReport.Write(verdict, build.Versions, json, console);
        return verdict.IsSafe ? 0 : 1;
    }
}
