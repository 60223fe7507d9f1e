using System.CommandLine;
using Advisor.Embedded.Storage;

namespace Advisor.Embedded.Cli;

/// <summary><c>quality ...</c>: measures parts of the product on labelled data, one command for each.</summary>
internal static class QualityCommand
{
    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console, TimeProvider time)
    {
        var command = new Command("quality", "Measure parts of the product on labelled data.");
        command.Add(QualityReasoningCommand.Create(folder, console, time));
        return command;
    }
}
