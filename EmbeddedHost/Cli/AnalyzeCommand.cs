using System.CommandLine;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Cli;

/// <summary><c>analyze FILE... [--json] [--types ...]</c>: takes files through the product and shows what came out.</summary>
internal static class AnalyzeCommand
{
    private const int AtOnce = 2;

    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console, TimeProvider time)
    {
        var files = new Argument<string[]>("FILE") { Description = "PDF, Excel or CSV files.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Print one JSON object for each file, one a line, and nothing else." };
        var types = new Option<string[]>("--types")
        {
            Description = "Kinds of analysis: anomaly, trend, risk. Default: all of them.",
            HelpName = "TYPE",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var command = new Command("analyze", "Analyze files, with this checkout's host when it is up, else with one started for it.") { files, json, types };
        command.SetAction((parsed, cancellationToken) =>
        {
            string[] kinds = [.. parsed.GetRequiredValue(types).SelectMany(type => type.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
            return RunAsync(folder(parsed), parsed.GetRequiredValue(files), kinds, parsed.GetValue(json), console, time, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        DataFolder folder, string[] files, string[] types, bool json, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var host = await HostAccess.OpenAsync(folder, Role.Analyst, console, time, cancellationToken);

        var analyses = await AnalysisProgress.ShowAsync(files, Shown(json, console), console, time, report =>
            AnalyzeAsync(host.Api, files, types, report, json ? console.Output : null, time, cancellationToken));
        if (!json)
        {
            foreach (var analysis in analyses)
            {
                AnalysisTable.Write(analysis, console);
            }
        }

        return analyses.TrueForAll(analysis => analysis.Error is null) ? 0 : 1;
    }

    // Live drawing and results must not meet on one terminal; a program that reads JSON is not told of progress.
    private static ProgressDisplay Shown(bool json, CliConsole console) => (console.ErrorIsTerminal, json) switch
    {
        (true, true) when console.OutputIsTerminal => ProgressDisplay.None,
        (true, _) => ProgressDisplay.Live,
        (false, true) => ProgressDisplay.None,
        (false, false) => ProgressDisplay.Lines,
    };

    /// <summary>The results in the order of the files; with <paramref name="lines"/>, each is also written there as soon as those before it are.</summary>
    private static async Task<List<FileAnalysis>> AnalyzeAsync(
        AdvisorApi api, string[] files, string[] types, Action<FileProgress> report, TextWriter? lines, TimeProvider time, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(AtOnce);
        var running = Array.ConvertAll(files, file => OneAsync(api, file, types, report, slots, time, cancellationToken));
        var analyses = new List<FileAnalysis>();
        foreach (var task in running)
        {
            analyses.Add(await task);
            if (lines is not null)
            {
                await lines.WriteLineAsync(analyses[^1].ToJson());
                await lines.FlushAsync(cancellationToken);
            }
        }

        return analyses;
    }

    private static async Task<FileAnalysis> OneAsync(
        AdvisorApi api, string file, string[] types, Action<FileProgress> report, SemaphoreSlim slots, TimeProvider time, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        try
        {
            return await FileAnalysis.RunAsync(api, file, types, report, time, cancellationToken);
        }
        finally
        {
            slots.Release();
        }
    }
}
