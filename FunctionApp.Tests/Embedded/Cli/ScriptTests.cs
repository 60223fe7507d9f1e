using System.Diagnostics;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Cli;

/// <summary>The script <c>advisor</c> in a checkout of its own, with programs on its path that only say how they were called.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for POSIX shells.");
        File.Copy(Script(), _folder.File("advisor"));
        foreach (var project in new[] { "AzureContracts", "FunctionApp", "EmbeddedHost", "FunctionApp.Tests", "Benchmarks" })
        {
            Directory.CreateDirectory(_folder.File(project));
        }

        Directory.CreateDirectory(_folder.File("tools"));
        Tool("dotnet", """
            echo "dotnet $*" >>"$0.log"
            case $1 in
            build)
                [ ! -f "$0.broken" ] || { echo "error CS1002"; exit 1; }
                mkdir -p "$2/bin/Release/net10.0"
                for dll in Advisor.EmbeddedHost Advisor.Tests Advisor.Benchmarks; do : >"$2/bin/Release/net10.0/$dll.dll"; done ;;
            *Advisor.Tests.dll) [ ! -f "$0.tests" ] || . "$0.tests" ;;
            *) echo "ran ${1##*/}"; shift; for argument in "$@"; do echo "<$argument>"; done ;;
            esac
            """);
        Tool("pdftotext", "");
        Tool("pdftoppm", "");
        Tool("tesseract", "");
        Tool("jq", "");
        Tool("apt-get", """echo "apt-get $*" >>"$0.log" """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Script_Length_StaysUnderAHundredLines() => File.ReadAllLines(Script()).Length.ShouldBeLessThan(100);

    [Fact]
    public async Task Command_Arguments_ReachTheProgramAsTheyAre()
    {
        var run = await RunAsync("analyze", "a b.pdf", "--install", "*", "");

        run.ShouldBe((0, "ran Advisor.EmbeddedHost.dll\n<analyze>\n<a b.pdf>\n<*>\n<>\n", "Building EmbeddedHost ...\n"));
    }

    [Fact]
    public async Task Command_NothingChanged_BuildsOnce()
    {
        await RunAsync("down");
        (await RunAsync("down")).Error.ShouldBe("");
        Builds().ShouldBe(1);

        File.SetLastWriteTimeUtc(Touch("FunctionApp/New.cs"), DateTime.UtcNow.AddSeconds(5));
        await RunAsync("down");
        Builds().ShouldBe(2);
    }

    [Fact]
    public async Task Command_TwoAtOnce_BuildOnce()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock") || File.Exists("/bin/flock"), "Builds wait for each other only where flock (util-linux) is installed.");
        await Task.WhenAll(RunAsync("down"), RunAsync("down"), RunAsync("down"));

        Builds().ShouldBe(1);
    }

    [Fact]
    public async Task Command_BuildFails_ShowsItsOutputAndStops()
    {
        Touch("tools/dotnet.broken");
        var run = await RunAsync("analyze", "a.pdf");

        run.ExitCode.ShouldNotBe(0);
        run.Output.ShouldBe("");
        run.Error.ShouldContain("error CS1002");
    }

    [Theory]
    [InlineData("Total: 12, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.234s", 0, "12 passed, 0 failed", 0)]
    [InlineData("Total: 12, Errors: 0, Failed: 2, Skipped: 3, Not Run: 0, Time: 1.234s", 1, "7 passed, 2 failed, 3 skipped", 1)]
    [InlineData("Total: 12, Errors: 1, Failed: 2, Skipped: 0, Not Run: 0, Time: 1.234s", 1, "9 passed, 3 failed", 1)]
    [InlineData("it crashed", 134, "0 passed, 1 failed", 1)]
    public async Task Test_RunnersSummary_EndsWithTheCounts(string summary, int code, string last, int exitCode)
    {
        await File.WriteAllTextAsync(_folder.File("tools/dotnet.tests"), $"echo '   Advisor.Tests  {summary}'; exit {code}", TestContext.Current.CancellationToken);
        var run = await RunAsync("test");

        run.Output.TrimEnd('\n').Split('\n')[^1].ShouldBe(last);
        run.ExitCode.ShouldBe(exitCode);
    }

    [Theory]
    [InlineData("test", "sample")]
    [InlineData("test --all", "all")]
    public async Task Test_Depth_IsToldToTheTests(string command, string depth)
    {
        await File.WriteAllTextAsync(_folder.File("tools/dotnet.tests"), "echo \"depth $ADVISOR_TEST_DEPTH\"", TestContext.Current.CancellationToken);

        (await RunAsync(command.Split(' '))).Output.ShouldContain($"depth {depth}\n");
    }

    [Fact]
    public async Task Test_BuildFails_CountsAsOneFailure()
    {
        Touch("tools/dotnet.broken");
        var run = await RunAsync("test");

        (run.ExitCode, run.Output).ShouldBe((1, "0 passed, 1 failed\n"));
    }

    [Fact]
    public async Task Bench_NameAndOptions_ReachTheBenchmarks() =>
        (await RunAsync("bench", "documents", "--json")).Output.ShouldBe("ran Advisor.Benchmarks.dll\n<documents>\n<--json>\n");

    [Fact]
    public async Task Quality_NameAndOptions_ReachTheMeasurements() =>
        (await RunAsync("quality", "injection", "--data", "a folder")).Output.ShouldBe("ran Advisor.Benchmarks.dll\n<quality>\n<injection>\n<--data>\n<a folder>\n");

    private static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Advisor.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "advisor");
    }

    private int Builds() => File.ReadAllLines(_folder.File("tools/dotnet.log")).Count(line => line.StartsWith("dotnet build", StringComparison.Ordinal));

    private string Touch(string name)
    {
        File.WriteAllText(_folder.File(name), "");
        return _folder.File(name);
    }

    private void Tool(string name, string script)
    {
        File.WriteAllText(_folder.File($"tools/{name}"), $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.File($"tools/{name}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(_folder.File("advisor"));
        Array.ForEach(args, start.ArgumentList.Add);
        start.Environment["PATH"] = $"{_folder.File("tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("ADVISOR_TEST_DEPTH");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
