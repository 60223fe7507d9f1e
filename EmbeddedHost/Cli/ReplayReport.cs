using System.Globalization;
using System.Text.Json;
using Advisor.Embedded.Durable;
using Advisor.Kernel.Http;
using Spectre.Console;

namespace Advisor.Embedded.Cli;

/// <summary>What replays found, for people and for programs.</summary>
internal static class ReplayReport
{
    /// <summary>Events shown before the first difference.</summary>
    private const int Context = 6;

    /// <summary>Instances shown; <c>--json</c> has all.</summary>
    private const int MostRows = 20;

    private const int LongestData = 100;

    /// <summary>Characters shown before those that differ.</summary>
    private const int LeadIn = 30;

    private static readonly JsonSerializerOptions s_indented = new(AdvisorJson.Options) { WriteIndented = true };

    public static void Write(RecordedHistory recorded, IReadOnlyList<ReplayDifference> differences, bool json, CliConsole console)
    {
        var breaks = differences.Any(difference => difference.Breaks);
        if (json)
        {
            WriteJson(new
            {
                Verdict = breaks ? "breaks" : differences.Count > 0 ? "differs" : "fits",
                recorded.Orchestrator,
                recorded.Version,
                Instance = recorded.InstanceId,
                Events = recorded.Events.Count,
                Differences = differences.Select(View),
            }, console);
            return;
        }

        var title = TerminalText.Of($"{recorded.Orchestrator}{(recorded.Version.Length > 0 ? $" {recorded.Version}" : "")}, instance {recorded.InstanceId}");
        if (differences.Count == 0)
        {
            console.Output.WriteLine($"Fits: {title}. The code of this build does what the history has: {Counts(recorded)}.");
            return;
        }

        console.Output.WriteLine(breaks
            ? $"Does not fit: {title}."
            : $"Differs: {title}. An instance would go on with what is recorded.");
        foreach (var difference in differences)
        {
            console.Output.WriteLine();
            WriteSteps(recorded, difference, console);
            console.Output.WriteLine(TerminalText.Of($"{difference.Code}: {difference.Advice}"));
        }
    }

    public static void Write(DeployVerdict verdict, ServedVersions versions, bool json, CliConsole console)
    {
        var breaking = verdict.Breaking.ToList();
        var drifting = verdict.Differences.Where(difference => !difference.Breaks).ToList();
        if (json)
        {
            WriteJson(new
            {
                Verdict = verdict.IsSafe ? "safe" : "not_safe",
                BuildVersion = versions.Current,
                Serves = versions.Match,
                verdict.Unfinished,
                verdict.NotBegun,
                verdict.Fits,
                Breaks = verdict.Unfinished - verdict.Fits,
                verdict.Older,
                verdict.OlderServed,
                OlderNotServed = verdict.Older - verdict.OlderServed,
                Differences = verdict.Differences.Select(View),
            }, console);
            return;
        }

        var build = $"this build (version '{versions.Current}', serves {Words(versions.Match)})";
        console.Output.WriteLine(
            verdict.Unfinished == 0 ? "Safe to deploy: nothing is under way."
            : verdict.IsSafe ? $"Safe to deploy: {Of(verdict.Unfinished)} under way {(verdict.Unfinished == 1 ? "fits" : "fit")} {build}."
            : $"Not safe to deploy: {breaking.Count} of {Of(verdict.Unfinished)} under way would not go on under {build}.");
        if (verdict.NotBegun > 0)
        {
            console.Output.WriteLine($"Not begun yet: {verdict.NotBegun}; they begin with this code.");
        }

        if (verdict.Older > 0)
        {
            console.Output.WriteLine($"Of an older version: {verdict.Older}; this build serves {verdict.OlderServed} and does not serve {verdict.Older - verdict.OlderServed}.");
        }

        Table(breaking, console);
        if (drifting.Count > 0)
        {
            console.Output.WriteLine();
            console.Output.WriteLine("These go on with what is recorded, although this code would make it otherwise:");
            Table(drifting, console);
        }
    }

    private static void Table(List<ReplayDifference> differences, CliConsole console)
    {
        if (differences.Count == 0)
        {
            return;
        }

        console.Output.WriteLine();
        console.DrawLines(["Instance", "Orchestrator", "Version", "Event", "Difference", "In the history", "This build"], differences.Take(MostRows).Select(difference => new Text[]
        {
            new(TerminalText.Of(difference.InstanceId)), new(TerminalText.Of(difference.Orchestrator)), new(TerminalText.Of(difference.Version)),
            new(difference.Event.ToString(CultureInfo.InvariantCulture)), new(difference.Code), new(TerminalText.Of(difference.Expected)), new(TerminalText.Of(difference.Did)),
        }));
        if (differences.Count > MostRows)
        {
            console.Output.WriteLine($"... and {differences.Count - MostRows} more; --json lists all.");
        }

        foreach (var advice in differences.Select(difference => (difference.Code, difference.Advice)).Distinct())
        {
            console.Output.WriteLine($"{advice.Code}: {advice.Advice}");
        }
    }

    /// <summary>The events that lead to the difference, and beside the last what the code did.</summary>
    private static void WriteSteps(RecordedHistory recorded, ReplayDifference difference, CliConsole console)
    {
        for (var line = Math.Max(0, difference.Event - Context); line < difference.Event; line++)
        {
            console.Output.WriteLine(Line("    ", line, recorded.Events[line]));
        }

        console.Output.WriteLine(TerminalText.Of(string.Create(CultureInfo.InvariantCulture, $"  - {difference.Event,4}  {difference.Expected}{Data(difference.Recorded, difference.Made)}")));
        console.Output.WriteLine(TerminalText.Of($"  +       the code {difference.Did}{Data(difference.Made, difference.Recorded)}"));
    }

    private static string Line(string mark, int number, HistoryEvent happened) => TerminalText.Of(string.Create(
        CultureInfo.InvariantCulture,
        $"{mark}{number,4}  {ReplayDifference.Describe(happened)}{(happened is { Kind: EventKind.Step, At: { } at } ? $" at {at:yyyy-MM-ddTHH:mm:ss.FFFFFFFZ}" : "")}{Data(happened)}"));

    /// <summary>The data as far as there is room for it, from a little before where it parts from the other's.</summary>
    private static string Data(HistoryEvent? happened, HistoryEvent? other = null)
    {
        if (happened?.Data is not { } data)
        {
            return "";
        }

        var same = data.AsSpan().CommonPrefixLength(other?.Data);
        var from = data.Length <= LongestData || same == data.Length ? 0 : Math.Max(0, same - LeadIn);
        var shown = data[from..Math.Min(data.Length, from + LongestData)];
        return $"  {(from > 0 ? "..." : "")}{shown}{(from + shown.Length < data.Length ? "..." : "")}";
    }

    private static string Counts(RecordedHistory recorded) => string.Create(
        CultureInfo.InvariantCulture,
        $"{recorded.Events.Count} events, steps: {recorded.Events.Count(line => line.Kind == EventKind.Step)}, {(recorded.Events[^1].IsEnd ? recorded.Events[^1].Kind : "still under way")}");

    private static object View(ReplayDifference difference) => new
    {
        difference.Code,
        difference.Breaks,
        Instance = difference.InstanceId,
        difference.Orchestrator,
        difference.Version,
        difference.Event,
        difference.Step,
        difference.Expected,
        difference.Did,
        difference.Recorded,
        difference.Made,
        difference.Advice,
    };

    private static void WriteJson<T>(T value, CliConsole console) => console.Output.WriteLine(JsonSerializer.Serialize(value, s_indented));

    private static string Of(int count) => count == 1 ? "1 orchestration" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} orchestrations");

    private static string Words(VersionMatch match) => match switch
    {
        VersionMatch.Strict => "its own version only",
        VersionMatch.CurrentOrOlder => "it and older ones",
        _ => "every version",
    };
}
