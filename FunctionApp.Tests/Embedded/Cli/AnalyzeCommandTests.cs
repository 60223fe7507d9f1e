using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Embedded.Cli;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Cli;

public sealed class AnalyzeCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private FakeAdvisor _fake = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _fake = await FakeAdvisor.StartAsync(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _fake.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Analyze_CompletedFile_PrintsInsightsCountsAndFailedProofs()
    {
        var run = await AnalyzeAsync(FileNamed("annual.pdf"));

        run.ExitCode.ShouldBe(0);
        var text = Regex.Replace(run.Output, @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1));
        text.ShouldContain("Band Confidence Insight Sources");
        text.ShouldMatch(@"high 0\.93 Revenue rose 12\.5 % to \$4\.2 billion ·\[2Jin FY2025\. p\.12, p\.14");
        text.ShouldMatch(@"low 0\.41 A total is typed in\. Q3!B12");
        text.ShouldMatch(@"2 insights, 2 facts, 1 proof held, 2 failed, in \d+\.\d s\.");
        text.ShouldContain(
            "Failed proof: Total current assets = the sum of its parts; found 1,234,657.5, expected 1,234,567.5 (difference 90); "
            + "see annual.pdf p.13 R9C2. Two digits are swapped.");
        text.ShouldContain("Failed proof: Q3 sales is a formula; see plan.xlsx Q3!B12.");
        run.Output.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task Analyze_InsightWordedByAModel_IsMarkedAndSaysWhose()
    {
        _fake.Listed = FakeAdvisor.Insights.Replace("\"id\":\"i2\"", "\"id\":\"i2\",\"proposed_by\":\"model\",\"model_version\":\"some-model-1\"");

        var run = await AnalyzeAsync(FileNamed("annual.pdf"));

        var text = Regex.Replace(run.Output, @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1));
        text.ShouldContain("A total is typed in. * Q3!B12");
        text.ShouldNotContain("FY2025. *");
        text.ShouldContain("* proposed by some-model-1: 1 insight. Computed and worded here; they wait for a person.");
    }

    [Fact]
    public async Task Analyze_OutputRedirected_TellsEachStageInOneLineOfTheErrorStream()
    {
        var file = FileNamed("annual.pdf");
        var run = await AnalyzeAsync(file);

        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            [$"{file}: uploading", $"{file}: waiting", $"{file}: page 10 of 25", $"{file}: 3 analyses", $"{file}: completed"]);
    }

    [Fact]
    public async Task Analyze_Json_PrintsOneObjectInTheShapesOfTheApiAndNothingElse()
    {
        var file = FileNamed("annual report ü.pdf");
        var run = await AnalyzeAsync("--json", file);

        run.ExitCode.ShouldBe(0);
        run.Error.ShouldBe("");
        var line = run.Lines.ShouldHaveSingleItem();
        var root = JsonDocument.Parse(line).RootElement;
        root.EnumerateObject().Select(property => property.Name).ShouldBe(
            ["file", "status", "ingestion_id", "document_id", "run_id", "elapsed_ms", "facts", "insights", "proofs", "finding", "error"]);
        root.GetProperty("file").GetString().ShouldBe(file);
        root.GetProperty("status").GetString().ShouldBe("completed");
        root.GetProperty("error").ValueKind.ShouldBe(JsonValueKind.Null);
        root.GetProperty("elapsed_ms").GetInt64().ShouldBeGreaterThan(0);
        root.GetProperty("facts").EnumerateArray().Select(fact => fact.GetProperty("id").GetString()).ShouldBe(["f1", "f2"]);
        root.GetProperty("facts")[0].GetProperty("value").GetRawText().ShouldBe("4200000000.10");
        root.GetProperty("insights")[0].GetProperty("evidence")[0].GetProperty("variance").ValueKind.ShouldBe(JsonValueKind.Null);
        root.GetProperty("proofs").GetArrayLength().ShouldBe(3);
        _fake.Uploads.ShouldHaveSingleItem().ShouldBe(("annual report ü.pdf", 9, "application/pdf", ""));
    }

    [Fact]
    public async Task Analyze_JsonWithOneFailure_PrintsEveryFileInOrderAndExitsWithOne()
    {
        string[] files = [FileNamed("a.csv"), FileNamed("failed-b.xlsx"), FileNamed("refused-c.pdf"), _folder.File("missing.pdf"), FileNamed("d.xls")];
        var run = await AnalyzeAsync(["--json", .. files]);

        run.ExitCode.ShouldBe(1);
        var results = Array.ConvertAll(run.Lines, line => JsonDocument.Parse(line).RootElement);
        results.Select(result => result.GetProperty("file").GetString()).ShouldBe(files);
        results.Select(result => result.GetProperty("status").GetString()).ShouldBe(["completed", "failed", "failed", "failed", "completed"]);
        results[1].GetProperty("error").GetRawText().ShouldBe(
            """{"type":"urn:advisor:unreadable","title":"The document cannot be read","detail":"Page 3 is damaged; export it again."}""");
        results[1].GetProperty("ingestion_id").GetString().ShouldBe("in-failed-b.xlsx");
        results[2].GetProperty("error").GetProperty("type").GetString().ShouldBe("urn:advisor:encrypted");
        results[2].GetProperty("ingestion_id").ValueKind.ShouldBe(JsonValueKind.Null);
        results[3].GetProperty("error").GetProperty("detail").GetString()!.ShouldContain("missing.pdf");
    }

    [Theory]
    [InlineData("failed-a.pdf", "The document cannot be read: Page 3 is damaged; export it again.")]
    [InlineData("refused-a.pdf", "The document is encrypted: Remove its password and upload it again.")]
    public async Task Analyze_FileThatFails_SaysWhyInOneSentenceAndExitsWithOne(string name, string sentence)
    {
        var file = FileNamed(name);
        var run = await AnalyzeAsync(file);

        run.ExitCode.ShouldBe(1);
        run.Output.ShouldBe("");
        run.Error.TrimEnd().Split('\n')[^1].ShouldBe($"{file}: {sentence}");
    }

    [Fact]
    public async Task Analyze_FileWithoutFindings_SaysSo()
    {
        var run = await AnalyzeAsync(FileNamed("empty-a.csv"));

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("0 insights, 2 facts, 0 proofs held, 0 failed");
        run.Output.ShouldNotContain("Band");
    }

    [Fact]
    public async Task Analyze_HostBusy_TriesAgain()
    {
        (await AnalyzeAsync("--json", FileNamed("busy-a.csv"))).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Analyze_ManyFiles_KeepsTwoInWork()
    {
        var files = Enumerable.Range(0, 7).Select(n => FileNamed($"f{n}.csv")).ToArray();
        var run = await AnalyzeAsync(["--json", .. files]);

        run.ExitCode.ShouldBe(0);
        run.Lines.Length.ShouldBe(7);
        _fake.MostAtOnce.ShouldBe(2);
    }

    [Theory]
    [InlineData("--types", "trend", "risk")]
    [InlineData("--types", "trend,risk")]
    [InlineData("--types", "trend", "--types", "risk")]
    public async Task Analyze_Types_AreSentAsRepeatedFields(params string[] types)
    {
        (await AnalyzeAsync([FileNamed("a.csv"), "--json", .. types])).ExitCode.ShouldBe(0);
        _fake.Uploads.ShouldHaveSingleItem().Types.ShouldBe("trend+risk");
    }

    [Fact]
    public async Task Analyze_Cancelled_EndsAtOnceAndSaysSo()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = CliRun.RunAsync(_folder.Path, stop.Token, "analyze", FileNamed("stuck-a.pdf"), FileNamed("b.pdf"), FileNamed("c.pdf"));
        await _fake.Stuck.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await stop.CancelAsync();

        var run = await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        run.ExitCode.ShouldBe(AdvisorCli.Cancelled);
        run.Error.TrimEnd().ShouldEndWith("Cancelled.");
        run.Output.ShouldBe("");
    }

    [Fact]
    public async Task Analyze_NoFile_ExplainsTheUsage()
    {
        var run = await AnalyzeAsync();

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("FILE");
    }

    private Task<CliRun> AnalyzeAsync(params string[] args) => CliRun.RunAsync(_folder.Path, ["analyze", .. args]);

    private string FileNamed(string name)
    {
        File.WriteAllText(_folder.File(name), "some text");
        return _folder.File(name);
    }
}
