using Spectre.Console;

namespace Advisor.Embedded.Cli;

/// <summary>Where a command writes: results to <paramref name="Output"/>, progress and errors to <paramref name="Error"/>.</summary>
/// <param name="OutputIsTerminal">Whether results may use colour and the terminal's own width.</param>
/// <param name="ErrorIsTerminal">Whether progress may be drawn live.</param>
internal sealed record CliConsole(TextWriter Output, TextWriter Error, bool OutputIsTerminal, bool ErrorIsTerminal)
{
    /// <summary>Width of tables in files and pipes.</summary>
    private const int RedirectedWidth = 120;

    /// <summary>The process's own console.</summary>
    public static CliConsole System() => new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>A drawing surface over the output.</summary>
    public IAnsiConsole DrawOutput() => Draw(Output, OutputIsTerminal);

    /// <summary>A drawing surface over the error stream.</summary>
    public IAnsiConsole DrawError() => Draw(Error, ErrorIsTerminal);

    private static IAnsiConsole Draw(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!terminal)
        {
            console.Profile.Width = RedirectedWidth;
            console.Profile.Capabilities.Unicode = true;
        }

        return console;
    }
}
