using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Advisor.Embedded.ScriptedModels;
using Advisor.Kernel.Http;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Kernel.Records;
using Advisor.Tests.Kernel.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels;

public sealed class ModelRecordingTests
{
    private static readonly (string, string?)[] s_priced =
        [("LanguageModels:Prices:0:Model", "asked"), ("LanguageModels:Prices:0:Input", "2.5"), ("LanguageModels:Prices:0:Output", "10")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ask_Answer_IsRecordedWithAllThatReplayNeeds()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl, settings: s_priced);
        var call = GatewayRig.Call(notes: "Write to jane@acme.example.");
        var first = (await rig.Gateway.AskAsync(call, Cancel)).First!;
        var stored = (await rig.Store.FindAsync(ModelRecording.Container, GatewayRig.Tenant, "call-1.0", Cancel))!.Value;
        Json(stored).ShouldBe(Json(first));
        (stored.CallId, stored.RunId, stored.DocumentId, stored.ModelAsked, stored.Prompt.Name, stored.Prompt.Version).ShouldBe(("call-1", "run-1", "doc-1", "asked", "probe", "1.2.0"));
        (stored.System, stored.User, stored.PromptHash).ShouldBe((call.Prompt.System, call.Prompt.User, call.Prompt.Hash));
        stored.Redactions.ShouldBe(new Dictionary<string, int> { ["notes.email"] = 1 });
        stored.OutputHash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stored.Answer!))));
        stored.CostUsd.ShouldBe(((2.5m * stored.InputTokens) + (10m * stored.OutputTokens)) / 1_000_000m);
        stored.User.ShouldNotContain("jane@");
    }

    [Theory]
    [InlineData("good", 1)]
    [InlineData("tool-calls", 1)]
    [InlineData("server-error", 3)]
    public async Task Ask_TheSameAgain_GivesTheRecordingAndAsksNobody(string script, int requests)
    {
        await using var server = await ScriptedModel.StartAsync(script, cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl);
        var first = await rig.Gateway.AskAsync(GatewayRig.Call(), Cancel);
        var again = await rig.Gateway.AskAsync(GatewayRig.Call(), Cancel);
        var recorded = await rig.Gateway.RecordedAsync(GatewayRig.Tenant, "call-1", Cancel);
        (again.Failure, recorded!.Failure, server.Requests.Count).ShouldBe((first.Failure, first.Failure, requests));
        Json(again.Samples).ShouldBe(Json(first.Samples));
        Json(recorded.Samples).ShouldBe(Json(first.Samples));
    }

    [Fact]
    public async Task Ask_TheSameOfAnotherTenant_IsAskedAnew()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl);
        await rig.Gateway.AskAsync(GatewayRig.Call(), Cancel);
        (await rig.Gateway.RecordedAsync(new TenantId("contoso"), "call-1", Cancel)).ShouldBeNull();
        await rig.Gateway.AskAsync(GatewayRig.Call() with { Tenant = new TenantId("contoso") }, Cancel);
        server.Requests.Count.ShouldBe(2);
    }

    /// <summary>Two workers ask the same at once: both may pay, one is recorded, and both go on with that.</summary>
    [Fact]
    public async Task Ask_TheSameTwiceAtOnce_RecordsOneAndBothSeeIt()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl);
        using var counted = new CountedTokens(rig.Services.GetRequiredService<AdvisorMetrics>().Meter);
        var both = await Task.WhenAll(rig.Gateway.AskAsync(GatewayRig.Call(), Cancel), rig.Gateway.AskAsync(GatewayRig.Call(), Cancel));
        Json(both[0].Samples).ShouldBe(Json(both[1].Samples));
        var day = (await rig.Store.AllAsync(ModelRecording.Container, GatewayRig.Tenant, [], Cancel)).ShouldHaveSingleItem().Value;
        counted.Sum.ShouldBe(day.InputTokens!.Value + day.OutputTokens!.Value);
    }

    /// <summary>The host dies after the answer and before its recording is written: asked and paid again and recorded once, and the budget has both, the lost one at its worst.</summary>
    [Fact]
    public async Task Ask_AfterACrashBeforeTheRecording_AsksAgainAndRecordsOnce()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        var left = 1;
        await using var rig = new GatewayRig(server.BaseUrl, wrap: store => new AroundRecords(
            store, call => call == "create model-calls" && Interlocked.Decrement(ref left) == 0 ? throw new OperationCanceledException("The host died.") : Task.CompletedTask, _ => Task.CompletedTask));
        using var counted = new CountedTokens(rig.Services.GetRequiredService<AdvisorMetrics>().Meter);
        await Should.ThrowAsync<OperationCanceledException>(() => rig.Gateway.AskAsync(GatewayRig.Call(), Cancel));
        var lost = (await rig.BudgetAsync("run.run-1")).Open.ShouldHaveSingleItem();
        var first = (await rig.Gateway.AskAsync(GatewayRig.Call(), Cancel)).First!;
        server.Requests.Count.ShouldBe(2);
        (await rig.Store.AllAsync(ModelRecording.Container, GatewayRig.Tenant, [], Cancel)).Count.ShouldBe(1);
        counted.Sum.ShouldBe(first.InputTokens!.Value + first.OutputTokens!.Value);
        (await rig.BudgetAsync("run.run-1")).ShouldSatisfyAllConditions(
            run => run.Open.ShouldHaveSingleItem().ShouldBe(lost), run => run.Settled.Tokens.ShouldBe(counted.Sum), run => run.Counted.Tokens.ShouldBe(counted.Sum + lost.Value.Tokens));
    }

    [Fact]
    public async Task Ask_Span_HasTheCallsFiguresAndNoText()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl);
        using var parent = new Activity("test").Start();
        using var spans = new CollectedSpans(parent.TraceId);
        var first = (await rig.Gateway.AskAsync(GatewayRig.Call(notes: "the quarter's own words"), Cancel)).First!;
        var span = spans.Ended.Single(span => span.OperationName == "chat asked");
        var tags = span.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value);
        (tags["gen_ai.operation.name"], tags["gen_ai.provider.name"], tags["gen_ai.request.model"], tags["gen_ai.response.model"]).ShouldBe(("chat", "openai", "asked", "scripted-good"));
        (tags["gen_ai.usage.input_tokens"], tags["gen_ai.usage.output_tokens"]).ShouldBe((first.InputTokens, first.OutputTokens));
        spans.Ended.SelectMany(one => one.TagObjects).ShouldAllBe(tag => !$"{tag.Value}".Contains("own words") && !$"{tag.Value}".Contains("120000000"));
    }

    private static string Json(object value) => JsonSerializer.Serialize(value, AdvisorJson.Options);

    /// <summary>What the meter counted as tokens.</summary>
    private sealed class CountedTokens : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _sum;

        public CountedTokens(Meter meter)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == meter && instrument.Name == "tokens")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _sum, value));
            _listener.Start();
        }

        public long Sum => Volatile.Read(ref _sum);

        public void Dispose() => _listener.Dispose();
    }
}
