using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Cli;

/// <summary><c>replay-analysis ID [--prompt V] [--threshold X] [--json]</c>: computes an analysis again from what is recorded, or tries another prompt on its document.</summary>
internal static class ReplayCommand
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console, TimeProvider time)
    {
        var id = new Argument<string>("ID") { Description = "The analysis." };
        var prompt = new Option<string?>("--prompt") { Description = "Ask the language model again with this version of the prompt, in shadow, and list what differs.", HelpName = "VERSION" };
        var threshold = new Option<decimal?>("--threshold") { Description = "List what would be routed otherwise if this were the high band.", HelpName = "0.9" };
        var json = new Option<bool>("--json") { Description = "Print the API's answer as JSON." };
        var command = new Command("replay-analysis", "Replay an analysis from recorded outputs; exit code 1 when it comes out differently or cannot be replayed.") { id, prompt, threshold, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(prompt) is not null && result.GetValue(threshold) is not null)
            {
                result.AddError("Give --prompt or --threshold: a shadow is routed nowhere.");
            }
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            folder(parsed), parsed.GetRequiredValue(id), parsed.GetValue(prompt), parsed.GetValue(threshold), parsed.GetValue(json), console, time, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        DataFolder folder, string id, string? prompt, decimal? threshold, bool json, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var host = await HostAccess.OpenAsync(folder, Role.Analyst, console, time, cancellationToken);
        try
        {
            var analysis = $"api/v1/analysis/{Uri.EscapeDataString(id)}";
            if (prompt is not null)
            {
                var shadow = await ShadowAsync(host.Api, await host.Api.GetAsync(analysis, cancellationToken), prompt, time, cancellationToken);
                await WriteAsync(shadow, json, ShadowLines, console);
                return Text(shadow, "status") == FileAnalysis.Completed ? 0 : 1;
            }

            var tried = threshold is { } high ? string.Create(CultureInfo.InvariantCulture, $"?threshold={high}") : "";
            var report = await host.Api.GetAsync($"{analysis}/replay{tried}", cancellationToken);
            await WriteAsync(report, json, ReportLines, console);
            return Text(report, "verdict") == "identical" ? 0 : 1;
        }
        catch (ApiProblemException fault)
        {
            await console.Error.WriteLineAsync(TerminalText.Of(fault.Problem.Sentence));
            return 1;
        }
    }

    private static async Task<JsonObject> ShadowAsync(AdvisorApi api, JsonObject analysis, string prompt, TimeProvider time, CancellationToken cancellationToken)
    {
        var accepted = await api.PostAsync("api/v1/analysis/trigger", new JsonObject
        {
            ["ingestion_id"] = Text(analysis, "ingestion_id"), ["analysis_type"] = Text(analysis, "analysis_type"), ["prompt_version"] = prompt, ["shadow"] = true,
        }, cancellationToken);
        while (true)
        {
            var shadow = await api.GetAsync($"api/v1/analysis/{Uri.EscapeDataString(Text(accepted, "analysis_id"))}", cancellationToken);
            if (Text(shadow, "status") is FileAnalysis.Completed or FileAnalysis.Failed)
            {
                return shadow;
            }

            await Task.Delay(s_look, time, cancellationToken);
        }
    }

    private static Task WriteAsync(JsonObject answer, bool json, Func<JsonObject, IEnumerable<string>> lines, CliConsole console) => json
        ? console.Output.WriteLineAsync(answer.ToJsonString(new JsonSerializerOptions { Encoder = AdvisorJson.Options.Encoder }))
        : console.Output.WriteLineAsync(string.Join(Environment.NewLine, lines(answer).Select(line => TerminalText.Of(line))));

    private static IEnumerable<string> ReportLines(JsonObject report)
    {
        yield return Text(report, "verdict") switch
        {
            "identical" => $"Identical: {report["insights"]} insights and {report["steps"]} steps came out byte for byte; root hash {Text(report, "root_hash")}.",
            "different" => "Different:",
            _ => "Not replayable:",
        };
        foreach (var note in Items(report, "notes"))
        {
            yield return $"  {note}";
        }

        foreach (var difference in Items(report, "differences").OfType<JsonObject>())
        {
            var members = string.Join(", ", Items(difference, "members"));
            yield return $"  {Text(difference, "what")}{(members.Length > 0 ? $" ({members})" : "")}: {Text(difference, "detail")}";
        }

        if (report["threshold"] is { } threshold)
        {
            var routes = Items(report, "routes").OfType<JsonObject>().ToList();
            yield return routes.Count == 0 ? $"With a high band from {threshold}, every insight goes where it went." : $"With a high band from {threshold}:";
            foreach (var route in routes)
            {
                yield return $"  {Text(route, "was")} -> {Text(route, "would")}  {route["confidence"]}  {Text(route, "summary")}";
            }
        }
    }

    private static IEnumerable<string> ShadowLines(JsonObject shadow)
    {
        if (shadow["language_model"] is JsonObject model)
        {
            yield return $"{Text(model, "prompt")} on {Text(model, "model")}: {Text(model, "outcome")}, {model["accepted"]} accepted, {model["agreed"]} agreed, {model["rejected"]} rejected.";
        }

        var differences = Items(shadow, "differences").OfType<JsonObject>().ToList();
        yield return Text(shadow, "status") != FileAnalysis.Completed ? "The shadow failed."
            : differences.Count == 0 ? $"Nothing differs from {Text(shadow, "compared_with")}."
            : $"Against {Text(shadow, "compared_with")}:";
        foreach (var difference in differences)
        {
            yield return $"  {Text(difference, "kind"),-10} {Text(difference, "rule")}: {string.Join(" -> ", new[] { Text(difference, "before"), Text(difference, "after") }.Where(text => text.Length > 0))}";
        }
    }

    private static IEnumerable<JsonNode?> Items(JsonObject answer, string name) => answer[name] as JsonArray ?? [];

    private static string Text(JsonObject answer, string name) => answer[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
