using System.Text;

namespace Advisor.Embedded.Cli;

/// <summary>Keys pressed by a person at a terminal, none of them shown by itself.</summary>
internal abstract class CliKeys
{
    /// <summary>The next key; null when none came in time.</summary>
    public abstract Task<ConsoleKeyInfo?> ReadAsync(TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>A line that is typed and shown on <paramref name="output"/>; null when Escape drops it.</summary>
    public async Task<string?> ReadLineAsync(string prompt, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(prompt);
        var line = new StringBuilder();
        while (true)
        {
            await output.FlushAsync(cancellationToken);
            switch (await ReadAsync(Timeout.InfiniteTimeSpan, cancellationToken))
            {
                case null or { Key: ConsoleKey.Escape }:
                    await output.WriteLineAsync();
                    return null;
                case { Key: ConsoleKey.Enter }:
                    await output.WriteLineAsync();
                    return line.ToString().Trim();
                case { Key: ConsoleKey.Backspace }:
                    if (line.Length > 0)
                    {
                        line.Length--;
                        await output.WriteAsync("\b \b");
                    }

                    break;
                case { KeyChar: var typed } when !char.IsControl(typed):
                    line.Append(typed);
                    await output.WriteAsync(typed);
                    break;
            }
        }
    }
}

/// <summary>The keyboard of the process's own terminal.</summary>
internal sealed class TerminalKeys(TimeProvider time) : CliKeys
{
    /// <summary>A read that has not ended yet: the next one waits on for its key. While it waits the terminal shows nothing that is typed.</summary>
    private Task<ConsoleKeyInfo>? _pending;

    public override async Task<ConsoleKeyInfo?> ReadAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        _pending ??= Task.Run(() => Console.ReadKey(intercept: true), CancellationToken.None);
        try
        {
            var key = await _pending.WaitAsync(patience, time, cancellationToken);
            _pending = null;
            return key;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
