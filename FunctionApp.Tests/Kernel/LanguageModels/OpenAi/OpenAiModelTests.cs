using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Advisor.Embedded.ScriptedModels;
using Advisor.Kernel.LanguageModels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels.OpenAi;

public sealed class OpenAiModelTests
{
    private const string Key = "sk-secret-0123456789abcdef";

    private static readonly (string, string?) s_key = ("OpenAI:ApiKey", Key);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_Request_CarriesWhatWasAskedAndNoTools()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        await GatewayRig.AskAsync(server, GatewayRig.Call() with { MaxOutputTokens = 321 }, s_key);
        var request = server.Requests.ShouldHaveSingleItem();
        var body = request.Body;
        request.Authorization.ShouldBe($"Bearer {Key}");
        (body.GetProperty("model").GetString(), body.GetProperty("seed").GetInt64(), body.GetProperty("temperature").GetDouble(), body.GetProperty("logprobs").GetBoolean()).ShouldBe(("asked", 0L, 0d, true));
        body.GetProperty("max_completion_tokens").GetInt32().ShouldBe(321);
        var format = body.GetProperty("response_format").GetProperty("json_schema");
        (format.GetProperty("name").GetString(), format.GetProperty("strict").GetBoolean()).ShouldBe(("claims_v1", false));
        (body.TryGetProperty("tools", out _), body.TryGetProperty("stream", out _), body.TryGetProperty("user", out _)).ShouldBe((false, false, false));
        (request.System, request.User).ShouldBe((GatewayRig.Call().Prompt.System, GatewayRig.Call().Prompt.User));
    }

    [Fact]
    public async Task Complete_ProbabilitiesSwitchedOff_AreNotAskedFor()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        var exchange = await GatewayRig.AskAsync(server, null, ("LanguageModels:LogProbabilities", "false"));
        (server.Requests[0].LogProbabilities, exchange.First!.MeanLogProbability).ShouldBe((false, null));
    }

    /// <summary>What a server refuses by name it is asked without, at once and from then on; that is no repetition.</summary>
    [Fact]
    public async Task Complete_ParametersThatTheServerRefuses_AreLeftOutFromThenOn()
    {
        var good = ModelScripts.Find("good", new ScriptSettings());
        await using var server = await ScriptedModel.StartAsync(
            request => request.LogProbabilities ? Completion.Error(400, "unsupported_parameter", "Not supported.", "logprobs")
                : request.Member("temperature") is not null ? Completion.Error(400, "unsupported_value", "'temperature' does not support 0 with this model.")
                : good(request), cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl);
        var first = (await rig.Gateway.AskAsync(GatewayRig.Call("a"), Cancel)).First!;
        (first.Attempts, first.MeanLogProbability, server.Requests.Count).ShouldBe((1, null, 3));
        first.Unsupported.ShouldBe(["logprobs", "temperature"]);
        await rig.Gateway.AskAsync(GatewayRig.Call("b"), Cancel);
        server.Requests.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(401, "invalid_api_key", ModelFailure.Unavailable, "The server refuses the credentials: 401 (invalid_api_key). Check OpenAI:ApiKey.")]
    [InlineData(403, "forbidden", ModelFailure.Unavailable, "The server refuses the credentials: 403 (forbidden). Check OpenAI:ApiKey.")]
    [InlineData(404, "model_not_found", ModelFailure.Unavailable, "The server does not know the address or the model: 404 (model_not_found). Check OpenAI:BaseUrl and OpenAI:Model.")]
    [InlineData(307, "moved", ModelFailure.Unavailable, "The server sends callers elsewhere, where nothing is sent: 307 (moved). Check OpenAI:BaseUrl.")]
    [InlineData(400, "content_filter", ModelFailure.ContentFiltered, "The server's content filter stopped the prompt: 400 (content_filter).")]
    [InlineData(400, "context_length_exceeded", ModelFailure.PromptTooLong, "The prompt is longer than the model takes: 400 (context_length_exceeded). Lower LanguageModels:MaxPromptTokens.")]
    [InlineData(400, Key, ModelFailure.Unavailable, "The server refuses the request: 400. Check that the model takes a JSON schema as response_format.")]
    [InlineData(429, "insufficient_quota", ModelFailure.RateLimited, "The account's quota at the server is used up: 429 (insufficient_quota).")]
    public async Task Complete_ServerThatRefuses_SaysWhichSettingToCheckAndIsNotAskedAgain(int status, string error, string code, string detail)
    {
        await using var elsewhere = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        await using var server = await ScriptedModel.StartAsync(request => Completion.Error(status, error, $"Incorrect key {request.Authorization}") with
        {
            Headers = new Dictionary<string, string> { ["Location"] = $"{elsewhere.BaseUrl}/chat/completions" },
        }, cancellationToken: Cancel);
        var exchange = await GatewayRig.AskAsync(server, null, s_key);
        exchange.Failure.ShouldBe(new ModelFailure(code, detail));
        (server.Requests.Count, elsewhere.Requests.Count).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(400)]
    [InlineData(500)]
    public async Task Complete_ServerThatRepeatsTheKey_LeavesItInNoLogAndNoRecording(int status)
    {
        await using var server = await ScriptedModel.StartAsync(request => Completion.Error(status, "invalid_api_key", $"Incorrect API key: {request.Authorization}"), cancellationToken: Cancel);
        await using var rig = new GatewayRig(server.BaseUrl, settings: s_key);
        var exchange = await rig.Gateway.AskAsync(GatewayRig.Call(notes: "the quarter's own words"), Cancel);
        server.Requests[0].Authorization.ShouldContain(Key);
        JsonSerializer.Serialize(exchange).ShouldNotContain(Key);
        rig.Logs.All.ShouldNotBeEmpty();
        rig.Logs.All.ShouldAllBe(line => !line.Contains(Key) && !line.Contains("the quarter's own words"));
    }

    [Theory]
    [InlineData("{\"choices\": 7}")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":0,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"{}\"},\"finish_reason\":\"because\"}]}")]
    public async Task Complete_AnswerInAnotherFormat_IsInvalid(string body)
    {
        await using var server = await ScriptedModel.StartAsync(_ => new ScriptedAnswer(body), cancellationToken: Cancel);
        (await GatewayRig.AskAsync(server)).Failure!.Code.ShouldBe(ModelFailure.InvalidAnswer);
    }

    [Fact]
    public async Task Complete_NobodyListens_IsUnavailableAndPaidNothing()
    {
        await using var rig = new GatewayRig(new Uri("http://127.0.0.1:9/v1"));
        var exchange = await rig.Gateway.AskAsync(GatewayRig.Call(), Cancel);
        exchange.Failure.ShouldBe(new ModelFailure(ModelFailure.Unavailable, "The server is not reached. Check OpenAI:BaseUrl and that it runs."));
        (await rig.BudgetAsync("run.run-1")).Settled.ShouldBe(ModelUse.None);
    }

    [Fact]
    public async Task Complete_CertificateThatNobodyTrusts_IsUnavailableAtOnce()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var server = builder.Build();
        await server.StartAsync(Cancel);
        await using var rig = new GatewayRig(new Uri($"{server.Urls.First()}/v1"));
        var exchange = await rig.Gateway.AskAsync(GatewayRig.Call(), Cancel);
        exchange.Failure.ShouldBe(new ModelFailure(ModelFailure.Unavailable, "The server's certificate is not trusted, or not for its name. Check OpenAI:BaseUrl and the machine's certificates."));
        exchange.Samples[0].Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Azure_WithoutAKey_IsAskedWithTheHostsIdentity()
    {
        await using var rig = new GatewayRig(null, settings: [("AzureOpenAI:Endpoint", "https://name.openai.azure.com"), ("AzureOpenAI:Deployment", "analyst")]);
        (rig.Gateway.DefaultModel, rig.Services.GetRequiredService<ILanguageModel>().Provider).ShouldBe(("analyst", "azure.ai.openai"));
    }
}
