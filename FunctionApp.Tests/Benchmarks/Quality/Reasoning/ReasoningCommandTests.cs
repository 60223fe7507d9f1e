using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Advisor.Benchmarks.Quality.Reasoning;
using Advisor.Embedded.Cli;
using Advisor.Tests.Embedded.Cli;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Benchmarks.Quality.Reasoning;

/// <summary>The command as it is typed, in this process.</summary>
public sealed class ReasoningCommandTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Reasoning_ScriptThatKnowsTheKey_GetsEveryOwnQuestionRight()
    {
        await OwnQuestions.WriteAsync(_data.File("own.jsonl"), OwnQuestions.All);

        var report = await MeasureAsync("--data", _data.Path, "--scripted", "answer-key");
        Counts(report).ShouldBe((11, 11, 11, 0, 0, 0, 0), report.GetProperty("refusals").ToString());
        report.GetProperty("scripted").GetBoolean().ShouldBeTrue();
        report.GetProperty("answered_by")[0].GetString().ShouldBe("scripted-answer-key");
        report.GetProperty("model").GetString().ShouldBe("scripted-answer-key");
        report.GetProperty("prompt").GetString().ShouldBe("table-question.v1.0.0");
        report.GetProperty("cost").ValueKind.ShouldBe(JsonValueKind.Null, "a script has no price");
        report.GetProperty("tokens").GetProperty("input").GetInt64().ShouldBeGreaterThan(11 * 500);
        report.GetProperty("tokens").GetProperty("output").GetInt64().ShouldBeInRange(11 * 10, 11 * 40);
        report.GetProperty("by_kind").EnumerateObject().Select(kind => $"{kind.Name} {kind.Value.GetProperty("value_right")}")
            .ShouldBe(["average 2", "difference 2", "other 1", "pct_change 2", "ratio 1", "share 2", "sum 1"]);
        report.GetProperty("value_right_share").GetProperty("lower").GetDecimal().ShouldBe(0.7412m, 0.0001m, "11 of 11 do not prove perfection");
    }

    [Fact]
    public async Task Reasoning_ScriptThatErrsInKnownWays_CountsEachWay()
    {
        // So often each: counts that all differ cannot be mistaken for one another.
        var plan = new Dictionary<KeyFault, int>
        {
            [KeyFault.None] = 9, [KeyFault.WrongFact] = 8, [KeyFault.Literal] = 7, [KeyFault.EmptyCitation] = 6,
            [KeyFault.UnknownFact] = 5, [KeyFault.WrongScale] = 4, [KeyFault.InvalidJson] = 3, [KeyFault.Unanswerable] = 2,
        };
        var questions = plan.SelectMany(fault => Ids(fault.Key).Take(fault.Value)).Select((id, n) =>
        {
            // No two prompts alike, or one answer would serve two questions.
            var question = OwnQuestions.All[n % OwnQuestions.All.Count];
            return question with { Id = id, Question = $"{question.Question} (No. {n})" };
        });
        await OwnQuestions.WriteAsync(_data.File("table-arithmetic/own.jsonl"), questions);

        var report = await MeasureAsync("--data", _data.Path, "--scripted", "faulty-key");
        Counts(report).ShouldBe((44, 9 + 4, 9, 8, 7 + 6 + 5, 2, 3), report.GetProperty("refusals").ToString());
        report.GetProperty("rejected_for").ToString().ShouldBe("""{"independent_of_facts":6,"literal_not_allowed":7,"unknown_fact":5}""");
        report.GetProperty("failed_for").ToString().ShouldBe("""{"invalid_answer":3}""");
        report.GetProperty("refusals").GetArrayLength().ShouldBe(7 + 6 + 5 + 3);
        report.GetProperty("scripted").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Reasoning_PublishedQuestions_ReachTheCeiling()
    {
        var questions = (await PublishedAsync()).Count;
        var report = await MeasureAsync("--data", _data.Path, "--scripted", "answer-key", "--concurrency", "8");

        Counts(report).ShouldBe((questions, questions, questions, 0, 0, 0, 0), report.GetProperty("refusals").ToString());
    }

    [Fact]
    public async Task Reasoning_PublishedQuestionsAnsweredFaultily_CountAsTheFaultsWereDealt()
    {
        var dealt = (await PublishedAsync()).CountBy(question => KeyScripts.FaultOf(question.Id)).ToDictionary();
        var report = await MeasureAsync("--data", _data.Path, "--scripted", "faulty-key", "--concurrency", "8");

        Counts(report).ShouldBe((
            dealt.Values.Sum(), dealt[KeyFault.None] + dealt[KeyFault.WrongScale], dealt[KeyFault.None], dealt[KeyFault.WrongFact],
            dealt[KeyFault.Literal] + dealt[KeyFault.EmptyCitation] + dealt[KeyFault.UnknownFact], dealt[KeyFault.Unanswerable], dealt[KeyFault.InvalidJson]));
        dealt.Count.ShouldBe(Enum.GetValues<KeyFault>().Length);
    }

    [Fact]
    public async Task Reasoning_AskedBefore_CostsNothingAndSaysTheSame()
    {
        await OwnQuestions.WriteAsync(_data.File("own.jsonl"), OwnQuestions.All);
        string[] arguments = ["--data", _data.Path, "--scripted", "answer-key", "--recordings", _data.File("recordings")];

        (await MeasureAsync([.. arguments, "--limit", "4"])).GetProperty("recorded").GetInt32().ShouldBe(0);
        var rest = await MeasureAsync(arguments);
        rest.GetProperty("recorded").GetInt32().ShouldBe(4);
        var again = await MeasureAsync(arguments);
        again.GetProperty("recorded").GetInt32().ShouldBe(11);
        Counts(again).ShouldBe(Counts(rest));
        again.GetProperty("tokens").ToString().ShouldBe(rest.GetProperty("tokens").ToString());
    }

    [Fact]
    public async Task Reasoning_ForPeople_SaysThatAScriptAnswered()
    {
        await OwnQuestions.WriteAsync(_data.File("own.jsonl"), OwnQuestions.All.Take(3));
        var run = await RunAsync("--data", _data.Path, "--scripted", "answer-key");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Lines[0].ShouldBe("Answered by a script (scripted-answer-key), which knows the key: this says nothing of any language model.");
        run.Lines.ShouldContain(line => line.StartsWith("  all ", StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries).SequenceEqual(new[] { "all", "3", "3", "3", "0", "0", "0", "0" }));
        run.Lines.ShouldContain("Value right            1.000 (95 %: 0.439 to 1.000)");
        run.Output.ShouldContain("no price set (LanguageModels:Prices)");
        run.Error.ShouldBe("3 of 3 questions, 3 values right.\n");
    }

    [Fact]
    public async Task Reasoning_WithoutAModel_SaysWhatToSet()
    {
        Assert.SkipWhen((Environment.GetEnvironmentVariable("OpenAI__BaseUrl") ?? Environment.GetEnvironmentVariable("AzureOpenAI__Endpoint")) is { Length: > 0 }, "A language model is configured for this process.");
        await OwnQuestions.WriteAsync(_data.File("own.jsonl"), OwnQuestions.All);
        var run = await RunAsync("--data", _data.Path, "--recordings", _data.File("recordings"));

        (run.ExitCode, run.Output).ShouldBe((2, ""));
        run.Error.ShouldStartWith("There is no language model to measure. Set OpenAI__BaseUrl ");
        run.Error.ShouldContain("AzureOpenAI__Endpoint");
        run.Error.ShouldContain("--scripted answer-key");
    }

    [Fact]
    public async Task Reasoning_FolderWithoutQuestions_SaysWhereItLooked()
    {
        var run = await RunAsync("--data", _data.Path, "--scripted", "answer-key");
        (run.ExitCode, run.Error).ShouldBe((2, $"There are no questions: neither {_data.Path} nor {_data.File("table-arithmetic")} holds *.jsonl files.\n"));
    }

    [Theory]
    [InlineData("""{"id": "a"}""")]
    [InlineData("not json")]
    [InlineData("""{"id":"a","kind":"sum","question":"?","table":[["1",null]],"paragraphs":[],"derivation":"1","value":1,"answer":1,"scale":""}""")]
    [InlineData("""{"id":"a","kind":"sum","question":"?","table":[["1"]],"paragraphs":[],"derivation":"1","value":1,"answer":1,"scale":"dozen"}""")]
    public async Task Reasoning_LineThatIsNoQuestion_IsNamed(string line)
    {
        await OwnQuestions.WriteAsync(_data.File("own.jsonl"), OwnQuestions.All.Take(2));
        await File.AppendAllTextAsync(_data.File("own.jsonl"), line, TestContext.Current.CancellationToken);

        var run = await RunAsync("--data", _data.Path, "--scripted", "answer-key");
        (run.ExitCode, run.Output).ShouldBe((2, ""));
        run.Error.ShouldStartWith($"{_data.File("own.jsonl")}, line 3 is no table question: ");
    }

    [Theory]
    [InlineData("Ask at least one question.", "--limit", "0")]
    [InlineData("Ask 1 to 64 questions at once.", "--concurrency", "65")]
    [InlineData("A script takes the place of a model: give --scripted or --model.", "--scripted", "answer-key", "--model", "gpt-4o")]
    public async Task Reasoning_ArgumentThatIsNone_IsRefusedInASentence(string sentence, params string[] arguments)
    {
        var run = await RunAsync(["--data", _data.Path, .. arguments]);
        (run.ExitCode, run.Error.Split('\n')[0]).ShouldBe((1, sentence));
    }

    /// <summary>All, or some of them, within a folder of the name that the data has.</summary>
    private async Task<IReadOnlyList<TableQuestion>> PublishedAsync()
    {
        var drawn = TestDepth.Draw(TableQuestion.ReadAll(Evals.Folder(TableQuestion.FolderName)), 150);
        await OwnQuestions.WriteAsync(_data.File($"{TableQuestion.FolderName}/drawn.jsonl"), drawn);
        return drawn;
    }

    private static IEnumerable<string> Ids(KeyFault fault) =>
        Enumerable.Range(0, int.MaxValue).Select(n => string.Create(CultureInfo.InvariantCulture, $"dealt-{n}")).Where(id => KeyScripts.FaultOf(id) == fault);

    private static (int Questions, int ValueRight, int ValueAndScaleRight, int Wrong, int Rejected, int Unanswered, int Failed) Counts(JsonElement report)
    {
        int Of(string name) => report.GetProperty(name).GetInt32();
        return (Of("questions"), Of("value_right"), Of("value_and_scale_right"), Of("wrong"), Of("rejected"), Of("unanswered"), Of("failed"));
    }

    private static async Task<JsonElement> MeasureAsync(params string[] arguments)
    {
        var run = await RunAsync([.. arguments, "--json"]);
        run.ExitCode.ShouldBe(0, run.Error);
        return JsonElement.Parse(run.Output);
    }

    private static async Task<CliRun> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = new CliConsole(TextWriter.Synchronized(output), TextWriter.Synchronized(error), OutputIsTerminal: false, ErrorIsTerminal: false);
        var json = new Option<bool>("--json") { Recursive = true };
        var root = new RootCommand { json, ReasoningCommand.Create(json, console, TimeProvider.System) };
        var invocation = new InvocationConfiguration { Output = console.Output, Error = console.Error, EnableDefaultExceptionHandler = false };
        var code = await root.Parse(["reasoning", .. arguments]).InvokeAsync(invocation, TestContext.Current.CancellationToken);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
