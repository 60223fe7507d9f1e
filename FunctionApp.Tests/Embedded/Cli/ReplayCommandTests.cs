using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Cli;

/// <summary><c>replay-analysis</c> from the command line, on a data folder of its own.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("advisor-replay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Replay_AnalysisOfThisFolder_IsIdenticalAndTriesAThreshold()
    {
        var analyzed = await CliRun.RunAsync(_folder, "analyze", AdvisorFixture.Sample("quarterly-workbook.xlsx"), "--types", "trend", "--json");
        analyzed.ExitCode.ShouldBe(0, analyzed.Error);
        var id = JsonNode.Parse(analyzed.Output)!["insights"]![0]!["analysis_id"]!.GetValue<string>();

        var same = await CliRun.RunAsync(_folder, "replay-analysis", id);
        same.ExitCode.ShouldBe(0, same.Error);
        same.Output.ShouldStartWith("Identical: ");
        var tried = await CliRun.RunAsync(_folder, "replay-analysis", id, "--threshold", "1");
        tried.Output.ShouldContain("With a high band from 1:\n  high -> medium");
        var json = await CliRun.RunAsync(_folder, "replay-analysis", id, "--json");
        JsonDocument.Parse(json.Output).RootElement.GetProperty("verdict").GetString().ShouldBe("identical");

        var unknown = await CliRun.RunAsync(_folder, "replay-analysis", "none");
        (unknown.ExitCode, unknown.Error.Contains("There is no analysis with the id 'none'")).ShouldBe((1, true), unknown.Error);
        var shadow = await CliRun.RunAsync(_folder, "replay-analysis", id, "--prompt", "1.1.0");
        (shadow.ExitCode, shadow.Error.Contains("No language model is configured")).ShouldBe((1, true), shadow.Error);
        (await CliRun.RunAsync(_folder, "replay-analysis", id, "--prompt", "1.1.0", "--threshold", "1")).Error.ShouldContain("Give --prompt or --threshold");
    }
}
