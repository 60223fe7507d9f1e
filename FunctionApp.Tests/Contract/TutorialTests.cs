using System.Diagnostics;
using Advisor.Embedded.Identity;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded.Storage;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Contract;

/// <summary>The tutorial is run as it stands, against a host with nothing in it, and must say what comes out.</summary>
[Collection(EndToEndTests.Name)]
public sealed class TutorialTests(AdvisorFixture fixture)
{
    private const string Mark = "=====";

    [Fact]
    public async Task Tutorial_RunFromTopToBottom_ShowsWhatComesOut()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "The tutorial is for bash.");
        SystemTool.Require("curl", "curl");
        SystemTool.Require("jq", "jq");
        SystemTool.Require("pdftotext", "poppler-utils");
        var steps = Tutorial.StepsOf(await File.ReadAllTextAsync(Path.Combine(Evals.RepositoryRoot, "docs", "tutorial.md"), TestContext.Current.CancellationToken));

        var run = await RunAsync(Tutorial.ScriptOf(steps, Mark));

        var outputs = run.Output.Split($"{Mark}\n");
        outputs.Length.ShouldBe(steps.Count + 1, $"The commands stopped early:\n{run.Output}\n{run.Error}");
        run.ExitCode.ShouldBe(0, run.Error);
        foreach (var (step, output) in steps.Zip(outputs))
        {
            Tutorial.IsAsShown(step.Shown ?? "", output).ShouldBeTrue($"The tutorial shows\n{step.Shown}\nfor\n{step.Commands}\nbut what came out is\n{output}");
        }
    }

    [Theory]
    [InlineData("ready\n", "ready\n", true)]
    [InlineData("ready\n", "busy\n", false)]
    [InlineData("a … z", "a b c z", true)]
    [InlineData("a\n…\nz", "a\nb\nc\nz\n", true)]
    [InlineData("a …", "b c", false)]
    [InlineData("", "something", false)]
    [InlineData("\"01a1fc94-351a-7200-b451-fe3c46d05320\"", "\"07c7fb80-2729-884c-9d04-0b980b52d619\"", true)]
    [InlineData("\"01a1fc94-351a-7200-b451-fe3c46d05320\"", "\"07c7fb80\"", false)]
    [InlineData("sum(f7c5b400b90960925)", "sum(f3746989298f72026)", true)]
    [InlineData("sum(f7c5b400b90960925)", "sum(pb7bc4a3edf5ef7e2, f3746989298f72026)", false)]
    [InlineData("at 2026-11-21T05:10:22.4899791+00:00", "at 2027-01-01T00:00:00+00:00", true)]
    [InlineData("360000", "350000", false)]
    public void IsAsShown_Output_ComparedButForWhatVaries(string shown, string output, bool same) => Tutorial.IsAsShown(shown, output).ShouldBe(same);

    [Fact]
    public void StepsOf_Markdown_TakesBashAndWhatFollowsAtOnce()
    {
        const string markdown = "# A\n```console\n$ no\n```\n```bash\na\nb\n```\n```json\n{}\n```\ntext\n```bash\nc\n```\n\n```text\nnot its output\n```\n";
        Tutorial.StepsOf(markdown).ShouldBe([new Tutorial.Step("a\nb\n", "{}\n"), new Tutorial.Step("c\n", null)]);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string script)
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("/bin/bash") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.Environment["ADVISOR_URL"] = fixture.Advisor.Url.ToString().TrimEnd('/');
        start.Environment["SAMPLES"] = Path.GetDirectoryName(AdvisorFixture.Sample("annual-report.pdf"));
        start.Environment["TOKEN"] = await TokenAsync("ana", Role.Analyst);
        start.Environment["REVIEWER_TOKEN"] = await TokenAsync("rita", Role.Reviewer);
        start.Environment["REVIEWER"] = "rita@tutorial.example";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private async Task<string> TokenAsync(string user, Role role)
    {
        var caller = new Caller(new TenantId("tutorial"), user, $"{user}@tutorial.example", [role]);
        return (await fixture.Advisor.Services.GetRequiredService<ApiTokens>().CreateAsync(caller, TimeSpan.FromHours(1))).Text;
    }
}
