using System.Text.Json;
using Advisor.Embedded.ScriptedModels;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Resilience;
using Advisor.Tests.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels;

/// <summary>Every script against the gateway: the exact outcome, and how often was asked.</summary>
public sealed class ScriptedGatewayTests
{
    private static readonly (string, string?)[] s_small = [("LanguageModels:MaxAnswerBytes", "200000")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("invalid-json", ModelFailure.InvalidAnswer, 1)]
    [InlineData("refusal", ModelFailure.Refused, 1)]
    [InlineData("filtered", ModelFailure.ContentFiltered, 1)]
    [InlineData("cut-off", ModelFailure.CutOff, 1)]
    [InlineData("cut-connection", ModelFailure.CutOff, 3)]
    [InlineData("tool-calls", ModelFailure.ToolCall, 1)]
    [InlineData("endless", ModelFailure.TooLong, 1)]
    [InlineData("server-error", ModelFailure.Unavailable, 3)]
    public async Task Ask_AnswerThatIsNone_IsAFailureWithItsCode(string script, string code, int attempts)
    {
        await using var server = await ScriptedModel.StartAsync(script, cancellationToken: Cancel);
        var exchange = await GatewayRig.AskAsync(server, null, s_small);
        exchange.Failure!.Code.ShouldBe(code, exchange.Failure.Detail);
        (exchange.First, exchange.Samples[0].Attempts, server.Requests.Count).ShouldBe((null, attempts, attempts));
        exchange.Samples[0].Answer.ShouldBeNull();
    }

    /// <summary>Well-formed nonsense is an answer: what it claims is judged by whoever asked.</summary>
    [Theory]
    [InlineData("good")]
    [InlineData("literal-numbers")]
    [InlineData("spelled-digits")]
    [InlineData("unknown-facts")]
    [InlineData("wrong-units")]
    [InlineData("obeys")]
    [InlineData("two-faced")]
    public async Task Ask_AnswerInTheAskedForm_IsRecordedAsAnAnswer(string script)
    {
        await using var server = await ScriptedModel.StartAsync(script, cancellationToken: Cancel);
        var exchange = await GatewayRig.AskAsync(server);
        var answer = exchange.First.ShouldNotBeNull(exchange.Failure?.ToString());
        JsonDocument.Parse(answer.Answer!).RootElement.GetProperty("claims").GetArrayLength().ShouldBePositive();
        (answer.Model, answer.FinishReason, answer.Attempts, exchange.Failure).ShouldBe(($"scripted-{script}", "stop", 1, null));
        (answer.MeanLogProbability is < 0 and > -1, answer.InputTokens > 0, answer.OutputTokens > 0).ShouldBe((true, true, true));
    }

    [Fact]
    public async Task Ask_ServerWithinItsRetryAfter_IsAskedAgainThenAndNotBefore()
    {
        var clock = new ManualTimeProvider();
        await using var server = await ScriptedModel.StartAsync("rate-limited", new ScriptSettings { RetryAfter = "7" }, cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl, clock);
        var asking = rig.Gateway.AskAsync(GatewayRig.Call(), Cancel);

        // Two timers bound an attempt; one alone, and for longer than the moment of their ending, is the pause.
        var looks = 0;
        await UntilAsync(() => asking.IsCompleted || (looks = server.Requests.Count == 1 && clock.PendingTimers == 1 ? looks + 1 : 0) >= 20);
        clock.Advance(TimeSpan.FromMilliseconds(6_999));
        (server.Requests.Count, asking.IsCompleted).ShouldBe((1, false));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var recording = (await asking).First!;
        (recording.Attempts, recording.DurationMs, recording.Model).ShouldBe((2, 7_000L, "scripted-good"));
        var day = await rig.BudgetAsync("day.2026-01-05");
        (day.Settled.Tokens, day.Open.Count).ShouldBe((recording.InputTokens!.Value + recording.OutputTokens!.Value, 0));
    }

    [Theory]
    [InlineData("121")]
    [InlineData("Mon, 05 Jan 2026 10:00:00 GMT")]
    [InlineData("99999999999999999999")]
    public async Task Ask_RetryAfterBeyondTheCallsTime_FailsAtOnce(string retryAfter)
    {
        var clock = new ManualTimeProvider();
        await using var server = await ScriptedModel.StartAsync("rate-limited", new ScriptSettings { RetryAfter = retryAfter }, cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl, clock);
        var exchange = await rig.Gateway.AskAsync(GatewayRig.Call(), Cancel);
        (exchange.Failure!.Code, server.Requests.Count).ShouldBe((ModelFailure.RateLimited, 1));
        (await rig.BudgetAsync("run.run-1")).Settled.ShouldBe(ModelUse.None);
    }

    /// <summary>No attempt is longer than an attempt may be, and all together no longer than the call; what was asked and not heard is paid in full.</summary>
    [Fact]
    public async Task Ask_SlowServer_TimesOutWithinTheCallsTime()
    {
        var clock = new ManualTimeProvider();
        await using var server = await ScriptedModel.StartAsync("slow", cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl, clock, settings: [("Resilience:LanguageModel:AttemptTimeout", "00:00:40"), ("LanguageModels:MaxCallTime", "00:01:00")]);
        var asking = rig.Gateway.AskAsync(GatewayRig.Call(), Cancel);
        await UntilAsync(() => server.Requests.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(40));
        await UntilAsync(() => server.Requests.Count == 2);
        clock.Advance(TimeSpan.FromSeconds(20));
        var exchange = await asking;
        (exchange.Failure!.Code, exchange.Samples[0].Attempts, exchange.Samples[0].DurationMs).ShouldBe((ModelFailure.TimedOut, 2, 60_000L));
        var run = await rig.BudgetAsync("run.run-1");
        var prompt = GatewayRig.Call().Prompt;
        (run.Settled.Tokens, run.Open.Count).ShouldBe((2 * (TokenEstimate.Of(prompt.System, prompt.User, prompt.Schema) + 4_096), 0));
    }

    [Fact]
    public async Task Ask_OpenCircuit_IsUnavailableAtOnceAlsoInTheBackground()
    {
        await using var server = await ScriptedModel.StartAsync("server-error", cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl);
        await rig.Gateway.AskAsync(GatewayRig.Call("a"), Cancel);
        await rig.Gateway.AskAsync(GatewayRig.Call("b"), Cancel);
        rig.Services.GetRequiredService<Dependencies>()[Dependencies.LanguageModel].Circuit.ShouldBe(CircuitStatus.Open);
        var asked = server.Requests.Count;
        var exchange = await Task.Run(() =>
        {
            BackgroundWork.Begin();
            return rig.Gateway.AskAsync(GatewayRig.Call("c"), Cancel);
        });
        (exchange.Failure!.Code, exchange.Samples[0].Attempts, server.Requests.Count).ShouldBe((ModelFailure.Unavailable, 0, asked));
        exchange.Failure.Detail.ShouldStartWith("The circuit of the language model is open");
    }

    [Fact]
    public async Task Ask_SeveralSamples_AreEachAskedWithASeedOfTheirOwn()
    {
        await using var server = await ScriptedModel.StartAsync("two-faced", cancellationToken: Cancel);
        var exchange = await GatewayRig.AskAsync(server, GatewayRig.Call() with { Samples = 3 });
        exchange.Answered.Select(sample => (sample.Sample, sample.Seed, sample.Temperature)).ShouldBe([(0, 0L, 0.7m), (1, 1L, 0.7m), (2, 2L, 0.7m)]);
        (exchange.Answered[0].Answer == exchange.Answered[2].Answer, exchange.Answered[0].Answer == exchange.Answered[1].Answer).ShouldBe((true, false));
    }

    [Fact]
    public async Task Ask_WithoutAServer_SaysSoAndRecordsNothing()
    {
        await using var rig = new GatewayRig(null);
        var exchange = await rig.Gateway.AskAsync(GatewayRig.Call(), Cancel);
        (exchange.Failure!.Code, exchange.Samples.Count, rig.Gateway.IsConfigured, rig.Gateway.DefaultModel).ShouldBe((ModelFailure.NoModel, 0, false, null));
        (await rig.Gateway.RecordedAsync(GatewayRig.Tenant, "call-1", Cancel)).ShouldBeNull();
    }

    /// <summary>What a record could not hold is no answer; so much of it as is kept shows what came.</summary>
    [Theory]
    [InlineData(ModelAttempts.MaxAnswer, null)]
    [InlineData(ModelAttempts.MaxAnswer + 1, ModelFailure.TooLong)]
    public async Task Ask_AnswerLongerThanARecordHolds_IsTooLong(int length, string? code)
    {
        await using var server = await ScriptedModel.StartAsync(request => Completion.Of(request, "canned", """{"claims": []}""".PadRight(length)), cancellationToken: Cancel);
        var exchange = await GatewayRig.AskAsync(server);
        exchange.Failure?.Code.ShouldBe(code);
        (exchange.Samples[0].Attempts, exchange.Samples[0].Rejected?.Length).ShouldBe((1, code is null ? null : 100_000));
    }

    [Fact]
    public async Task Ask_PromptBeyondItsLimit_IsNotSent()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        var exchange = await GatewayRig.AskAsync(server, GatewayRig.Call(notes: new string('x', 2_000)), ("LanguageModels:MaxPromptTokens", "2000"));
        (exchange.Failure!.Code, server.Requests.Count, exchange.Samples[0].Attempts).ShouldBe((ModelFailure.PromptTooLong, 0, 0));
    }

    [Fact]
    public async Task Ask_ModelThatIsNotAllowed_IsAMistakeOfTheCaller()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        await Should.ThrowAsync<ArgumentException>(() => GatewayRig.AskAsync(server, GatewayRig.Call() with { Model = "dear" }));
        (await GatewayRig.AskAsync(server, GatewayRig.Call() with { Model = "dear" }, ("LanguageModels:AllowedModels:0", "dear"))).First!.ModelAsked.ShouldBe("dear");
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(2, Cancel);
        }
    }
}
