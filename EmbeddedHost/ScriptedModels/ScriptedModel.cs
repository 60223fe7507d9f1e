using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Advisor.Embedded.ScriptedModels;

/// <summary>A server that speaks OpenAI's wire format and answers by a script: no model, for tests, demonstrations and attacks.</summary>
/// <remarks>It listens on this machine alone. Every answer names its model <c>scripted-...</c>, so that none passes for a real one. The same requests get the same answers.</remarks>
internal sealed class ScriptedModel : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<ScriptedRequest> _requests = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _count;

    private ScriptedModel(WebApplication application) => _application = application;

    /// <summary>What <c>OpenAI:BaseUrl</c> has to be.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>The completions that were asked for, in their order.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => [.. _requests];

    /// <summary>Starts a server of one of <see cref="ModelScripts.Names"/>.</summary>
    /// <param name="port">0 for a free one.</param>
    /// <exception cref="ArgumentException">There is no such script.</exception>
    public static Task<ScriptedModel> StartAsync(string script, ScriptSettings? settings = null, int port = 0, CancellationToken cancellationToken = default) =>
        StartAsync(ModelScripts.Find(script, settings ?? new ScriptSettings()), port, cancellationToken);

    /// <summary>Starts a server that answers as <paramref name="script"/> says.</summary>
    public static async Task<ScriptedModel> StartAsync(Func<ScriptedRequest, ScriptedAnswer> script, int port = 0, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var server = new ScriptedModel(builder.Build());
        server._application.MapPost("/v1/chat/completions", context => server.CompleteAsync(context, script));
        server._application.MapGet("/v1/models", context => server.ModelsAsync(context, script));
        await server._application.StartAsync(cancellationToken);
        var address = server._application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        server.BaseUrl = new Uri($"http://127.0.0.1:{new Uri(address).Port.ToString(CultureInfo.InvariantCulture)}/v1");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task CompleteAsync(HttpContext context, Func<ScriptedRequest, ScriptedAnswer> script)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var request = new ScriptedRequest(body.RootElement.Clone(), Interlocked.Increment(ref _count) - 1, context.Request.Headers.Authorization.ToString());
        _requests.Enqueue(request);
        await WriteAsync(context, script(request));
    }

    private async Task ModelsAsync(HttpContext context, Func<ScriptedRequest, ScriptedAnswer> script)
    {
        // What refuses every caller refuses this one too; only what a completion says is left out.
        var answer = script(new ScriptedRequest(default, _count, context.Request.Headers.Authorization.ToString()));
        await WriteAsync(context, answer.Status is 200 or 400 or 429 ? new ScriptedAnswer(
            """{"object":"list","data":[{"id":"scripted","object":"model","created":0,"owned_by":"advisor"}]}""") : answer);
    }

    private async Task WriteAsync(HttpContext context, ScriptedAnswer answer)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            await Task.Delay(answer.Delay, ended.Token);
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = "application/json";
            foreach (var (name, value) in answer.Headers)
            {
                context.Response.Headers[name] = value;
            }

            var bytes = Encoding.UTF8.GetBytes(answer.Body);
            switch (answer.Ending)
            {
                case AnswerEnding.CutOff:
                    context.Response.ContentLength = bytes.Length;
                    await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), ended.Token);
                    await context.Response.Body.FlushAsync(ended.Token);
                    context.Abort();
                    break;
                case AnswerEnding.Never:
                    while (true)
                    {
                        await context.Response.Body.WriteAsync(bytes, ended.Token);
                    }

                default:
                    await context.Response.Body.WriteAsync(bytes, ended.Token);
                    break;
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }
}

/// <summary>A request for a completion as it came.</summary>
/// <param name="Body">The JSON; undefined where only the list of models is asked for.</param>
/// <param name="Number">From 0, in the order of arrival.</param>
/// <param name="Authorization">The header; empty without.</param>
internal sealed record ScriptedRequest(JsonElement Body, int Number, string Authorization)
{
    public string System => Message("system");

    public string User => Message("user");

    /// <summary>The schema that the answer has to follow; null where none is asked for.</summary>
    public JsonElement? Schema => Member("response_format") is { } format && format.TryGetProperty("json_schema", out var named) && named.TryGetProperty("schema", out var schema) ? schema : null;

    public bool LogProbabilities => Member("logprobs") is { ValueKind: JsonValueKind.True };

    /// <summary>The number of the sample, where the request has a seed; else that of the request.</summary>
    public long Sample => Member("seed") is { ValueKind: JsonValueKind.Number } seed ? seed.GetInt64() : Number;

    public JsonElement? Member(string name) => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var member) ? member : null;

    private string Message(string role) => Member("messages") is not { ValueKind: JsonValueKind.Array } messages ? "" : string.Join('\n', messages.EnumerateArray()
        .Where(message => message.GetProperty("role").GetString() == role)
        .Select(message => message.GetProperty("content"))
        .Select(content => content.ValueKind == JsonValueKind.String ? content.GetString() : string.Concat(content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : ""))));
}

internal enum AnswerEnding
{
    Whole,

    /// <summary>Half of it, and then the connection is gone.</summary>
    CutOff,

    /// <summary>The body over and over, until the reader goes.</summary>
    Never,
}

/// <summary>What the server sends.</summary>
internal sealed record ScriptedAnswer(string Body)
{
    public int Status { get; init; } = 200;

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public TimeSpan Delay { get; init; }

    public AnswerEnding Ending { get; init; }
}
