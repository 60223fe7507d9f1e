using Advisor.Benchmarks.Quality.Reasoning;
using Advisor.Embedded;
using Advisor.Embedded.ScriptedModels;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.LanguageModels.Prompts;
using Advisor.Tests.Embedded.Storage;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Benchmarks.Quality.Reasoning;

public sealed class ReasoningRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AskAsync_ServerThatFailedInPassing_IsAskedAgainAndOnlyThen()
    {
        var token = TestContext.Current.CancellationToken;
        var key = new KeyScripts(OwnQuestions.All).Find(KeyScripts.AnswerKey);
        await using var server = await ScriptedModel.StartAsync(request => request.Number == 0 ? Completion.Error(500, "internal_error", "No.") : key(request), cancellationToken: token);
        await using var host = await AdvisorHost.StartAsync(
            new AdvisorHostOptions
            {
                DataFolder = _folder.Path,
                Url = "http://127.0.0.1:0",
                FunctionTypes = [],
                LogToConsole = false,
                Settings = new Dictionary<string, string?>
                {
                    ["OpenAI:BaseUrl"] = server.BaseUrl.ToString(),
                    ["OpenAI:Model"] = "some-model",
                    ["LanguageModels:MaxAttempts"] = "1",
                    ["LanguageModels:Prices:0:Model"] = "some-model",
                    ["LanguageModels:Prices:0:Input"] = "2",
                    ["LanguageModels:Prices:0:Output"] = "10",
                },
            },
            token);
        var run = new ReasoningRun(host.Services.GetRequiredService<ModelGateway>(), host.Services.GetRequiredService<PromptLibrary>().Latest(TableQuestionPrompt.Name), "here");

        var failed = (await run.AskAsync([OwnQuestions.All[0]], 1, _ => { }, token))[0];
        (failed.Outcome, failed.Code, ReasoningRun.IsPassing(failed)).ShouldBe((AnswerOutcome.Failed, ModelFailure.Unavailable, true));
        for (var time = 0; time < 2; time++)
        {
            var answered = (await run.AskAsync([OwnQuestions.All[0]], 1, _ => { }, token))[0];
            (answered.Outcome, answered.WasRecorded).ShouldBe((AnswerOutcome.ValueAndScaleRight, time > 0));
            var report = new ReasoningReport([answered, failed], "some-model", "table-question.v1.0.0", TimeSpan.Zero);
            report.Cost.ShouldBe(((2m * report.Tokens.Input) + (10m * report.Tokens.Output)) / 1_000_000m);
            report.Tokens.Input.ShouldBeGreaterThan(500);
        }

        server.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"unanswerable":false,"expression":"f3 - f4","scale":"dozen"}""", "unknown_scale")]
    [InlineData("""{"unanswerable":false,"expression":"label(f3)","scale":"none"}""", "text_is_no_number")]
    [InlineData("""{"unanswerable":false,"expression":"8","scale":"million"}""", "literal_not_allowed")]
    [InlineData("""{"unanswerable":false,"expression":"4 + 4","scale":"million"}""", "cites_nothing")]
    [InlineData("""{"unanswerable":false,"expression":"","scale":"million"}""", "syntax")]
    [InlineData("""{"unanswerable":false,"expression":"f3 / (f4 - f4)","scale":"none"}""", "division_by_zero")]
    public void Of_AnswerWithoutAValueOfThePage_IsRejected(string answer, string code)
    {
        var outcome = QuestionOutcome.Of(OwnQuestions.All[2], answer, null, wasRecorded: false);
        (outcome.Outcome, outcome.Code).ShouldBe((AnswerOutcome.Rejected, code));
    }
}
