using System.Text;
using Spectre.Console;

namespace Advisor.Embedded.Cli;

/// <summary>Where a command writes: results to <paramref name="Output"/>, progress and errors to <paramref name="Error"/>.</summary>
/// <param name="OutputIsTerminal">Whether results may use colour and the terminal's own width.</param>
/// <param name="ErrorIsTerminal">Whether progress may be drawn live.</param>
internal sealed record CliConsole(TextWriter Output, TextWriter Error, bool OutputIsTerminal, bool ErrorIsTerminal)
{
    /// <summary>Width of tables in files and pipes.</summary>
    private const int RedirectedWidth = 120;

    /// <summary>Longer than a line of names, ids and paths becomes.</summary>
    private const int LongestLine = 4096;

    /// <summary>The keyboard of whoever sits there; null when nobody does, or sees nothing of what is written.</summary>
    public CliKeys? Keys { get; init; }

    /// <summary>The process's own console.</summary>
    public static CliConsole System()
    {
        if (OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            // JSON is UTF-8; the console's code page is whatever the machine was set up with.
            Console.OutputEncoding = Encoding.UTF8;
        }

        return new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected)
        {
            Keys = Console.IsInputRedirected || Console.IsOutputRedirected ? null : new TerminalKeys(TimeProvider.System),
        };
    }

    /// <summary>Draws one line for each row below a line of names; a terminal that is too narrow wraps it by itself, so that what is copied is whole.</summary>
    public void DrawLines(IReadOnlyList<string> names, IEnumerable<IReadOnlyList<Text>> rows) => DrawOutput(draw =>
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var name in names)
        {
            table.AddColumn(new TableColumn(name).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(row);
        }

        draw.Profile.Width = LongestLine;
        draw.Write(table);
    });

    /// <summary>Draws on the output; in files and pipes without the blanks that fill a terminal's lines.</summary>
    public void DrawOutput(Action<IAnsiConsole> draw)
    {
        if (OutputIsTerminal)
        {
            draw(Draw(Output, terminal: true));
            return;
        }

        using var drawn = new StringWriter();
        draw(Draw(drawn, terminal: false));
        foreach (var line in drawn.ToString().TrimEnd('\n').Split('\n'))
        {
            Output.WriteLine(line.TrimEnd());
        }
    }

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
