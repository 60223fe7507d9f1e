using System.CommandLine;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Spectre.Console;

namespace Advisor.Embedded.Cli;

/// <summary><c>history [ID]</c>: the history of an orchestration of this data folder, read from its journal whether or not a host is running.</summary>
/// <remarks>Who may read the data folder may read its histories; there is no route for them.</remarks>
internal static class HistoryCommand
{
    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console)
    {
        var id = new Argument<string?>("ID") { Description = "The instance, such as a run or an analysis. Without it: what is under way.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("history", "Print the history of an orchestration as JSON, for 'replay'; read-only, a host may be running.") { id };
        command.SetAction(async (parsed, _) =>
        {
            using var journal = JournalFile.Open(folder(parsed));
            if (parsed.GetValue(id) is not { } wanted)
            {
                List(journal, console);
                return 0;
            }

            if (journal.Find(wanted) is not { } instance)
            {
                await console.Error.WriteLineAsync($"There is no orchestration with the instance id '{TerminalText.Of(wanted)}'; 'advisor history' lists those under way.");
                return 1;
            }

            await console.Output.WriteAsync(instance.ToRecorded().ToJson());
            return 0;
        });
        return command;
    }

    private static void List(JournalFile journal, CliConsole console)
    {
        var instances = journal.Unfinished().Select(journal.Find).OfType<JournaledInstance>().ToList();
        if (instances.Count == 0)
        {
            console.Output.WriteLine("No orchestration is under way.");
            return;
        }

        console.DrawLines(["Instance", "Orchestrator", "Version", "Status", "Events"], instances.Select(instance => new Text[]
        {
            new(TerminalText.Of(instance.Id)), new(TerminalText.Of(instance.Name)), new(TerminalText.Of(instance.Version)), new(instance.Status),
            new(instance.History.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        }));
    }
}
