using Spectre.Console;

namespace Advisor.Embedded.Cli;

/// <summary>How the progress of an analysis is shown.</summary>
internal enum ProgressDisplay
{
    None,

    /// <summary>A plain line for each new status, and now and then for how far it is.</summary>
    Lines,

    /// <summary>Bars that are drawn again and again.</summary>
    Live,
}

/// <summary>Shows on the error stream how far each file is.</summary>
internal static class AnalysisProgress
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    /// <summary>Runs <paramref name="work"/>, which reports what it does, from any thread.</summary>
    public static Task<T> ShowAsync<T>(
        IReadOnlyList<string> files, ProgressDisplay display, CliConsole console, TimeProvider time, Func<Action<FileProgress>, Task<T>> work) =>
        display switch
        {
            ProgressDisplay.Live => LiveAsync(files, console, work),
            ProgressDisplay.Lines => work(Lines(console.Error, time)),
            _ => work(_ => { }),
        };

    private static Action<FileProgress> Lines(TextWriter writer, TimeProvider time)
    {
        var last = new Dictionary<string, (string Status, long At)>(StringComparer.Ordinal);
        return step =>
        {
            lock (last)
            {
                if (!last.TryGetValue(step.File, out var line) || line.Status != step.Status || time.GetElapsedTime(line.At) >= BetweenLines)
                {
                    last[step.File] = (step.Status, time.GetTimestamp());
                    writer.WriteLine($"{TerminalText.Of(step.File)}: {Describe(step)}");
                }
            }
        };
    }

    private static Task<T> LiveAsync<T>(IReadOnlyList<string> files, CliConsole console, Func<Action<FileProgress>, Task<T>> work) =>
        console.DrawError().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(context =>
            {
                var bars = files.Distinct(StringComparer.Ordinal).ToDictionary(
                    file => file, file => context.AddTask(Markup.Escape(TerminalText.Of(Path.GetFileName(file))), maxValue: 1), StringComparer.Ordinal);
                return work(step =>
                {
                    var bar = bars[step.File];
                    bar.Description = Markup.Escape($"{TerminalText.Of(Path.GetFileName(step.File))}: {Describe(step)}");
                    bar.Value = (double)step.Progress;
                });
            });

    private static string Describe(FileProgress step) => step.Stage is null ? step.Status : TerminalText.Of(step.Stage);
}
