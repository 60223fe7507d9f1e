using Advisor.Embedded.Cli;

namespace Advisor.Tests.Embedded.Cli;

/// <summary>Somebody who presses keys, and sees to other things in between.</summary>
internal sealed class ScriptedKeys : CliKeys
{
    private readonly Queue<object> _steps = new();

    /// <param name="steps">Text is typed key by key (<c>\n</c> is Enter, <c>\e</c> Escape, <c>\b</c> Backspace); a function is carried out before the next key.</param>
    public ScriptedKeys(params object[] steps)
    {
        foreach (var step in steps)
        {
            if (step is string text)
            {
                Array.ForEach(text.ToCharArray(), key => _steps.Enqueue(key));
            }
            else
            {
                _steps.Enqueue((Func<Task>)step);
            }
        }
    }

    public bool IsEmpty => _steps.Count == 0;

    public override async Task<ConsoleKeyInfo?> ReadAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!_steps.TryDequeue(out var step))
        {
            throw new InvalidOperationException("The script has no more keys.");
        }

        if (step is Func<Task> act)
        {
            await act();
            cancellationToken.ThrowIfCancellationRequested();

            // As if nothing had been pressed for a while.
            return patience == Timeout.InfiniteTimeSpan ? await ReadAsync(patience, cancellationToken) : null;
        }

        var key = (char)step;
        return new ConsoleKeyInfo(key, key switch { '\n' => ConsoleKey.Enter, '\e' => ConsoleKey.Escape, '\b' => ConsoleKey.Backspace, _ => ConsoleKey.None }, false, false, false);
    }
}
