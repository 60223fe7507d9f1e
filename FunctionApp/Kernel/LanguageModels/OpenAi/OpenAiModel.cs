using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace Advisor.Kernel.LanguageModels.OpenAi;

/// <summary>Models behind OpenAI's wire format: OpenAI, Azure OpenAI by its v1 address, and whatever else speaks it.</summary>
/// <remarks>
/// Nothing is followed or repeated here: a redirect would carry document text to whom nobody named, and repeating is the gateway's business, which
/// pays. On the way to this machine no proxy is used. Of the client's own logging and tracing nothing is on: both could hold text.
/// </remarks>
internal sealed partial class OpenAiModel : ILanguageModel, IDisposable
{
    private const string AzureScope = "https://cognitiveservices.azure.com/.default";
    private const int MaxNameLength = 200;

    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly HttpClientPipelineTransport _transport;
    private readonly Func<string, ChatClient> _chat;
    private readonly OpenAIModelClient _models;
    private readonly ConcurrentDictionary<string, ChatClient> _clients = new(StringComparer.Ordinal);

    /// <summary>What a model's server once refused is not tried again before the host starts anew.</summary>
    private readonly ConcurrentDictionary<(string Model, string Parameter), bool> _unsupported = new();

    private readonly string _settings;
    private readonly string _address;
    private readonly bool _logProbabilities;

    public OpenAiModel(IOptions<OpenAiOptions> openAi, IOptions<AzureOpenAiOptions> azure, IOptions<LanguageModelOptions> limits, TokenCredential identity, TimeProvider time)
    {
        _time = time;
        _logProbabilities = limits.Value.LogProbabilities;
        var endpoint = azure.Value.Endpoint is { } resource ? new Uri($"{resource.TrimEnd('/')}/openai/v1/") : new Uri($"{openAi.Value.BaseUrl!.TrimEnd('/')}/");
        (_settings, _address) = azure.Value.Endpoint is null ? ("OpenAI", "BaseUrl") : ("AzureOpenAI", "Endpoint");
        DefaultModel = azure.Value.Endpoint is null ? openAi.Value.Model : azure.Value.Deployment;
        Provider = azure.Value.Endpoint is null ? "openai" : "azure.ai.openai";
#pragma warning disable CA2000 // The client disposes what it is given.
        _http = new HttpClient(new BoundedAnswers(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = !endpoint.IsLoopback,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            },
            limits.Value.MaxAnswerBytes))
        {
            // The attempt's own time ends a request.
            Timeout = Timeout.InfiniteTimeSpan,
        };
#pragma warning restore CA2000
        _transport = new HttpClientPipelineTransport(_http);
        var options = new OpenAIClientOptions
        {
            Endpoint = endpoint,
            Transport = _transport,
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            EnableDistributedTracing = false,
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
        };
        var key = azure.Value.Endpoint is null ? openAi.Value.ApiKey ?? "none" : azure.Value.ApiKey;
        if (key is not null)
        {
            var credential = new ApiKeyCredential(key);
            (_chat, _models) = (model => new ChatClient(model, credential, options), new OpenAIModelClient(credential, options));
        }
        else
        {
#pragma warning disable OPENAI001 // The only way in for tokens; tried by a test, so that a change of the package shows.
            var policy = new BearerTokenPolicy(new HostIdentityToken(identity), AzureScope);
            (_chat, _models) = (model => new ChatClient(model, policy, options), new OpenAIModelClient(policy, options));
#pragma warning restore OPENAI001
        }
    }

    public string DefaultModel { get; }

    public string Provider { get; }

    public async Task<ModelAnswer> CompleteAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        var client = _clients.GetOrAdd(request.Model, _chat);
        ChatMessage[] messages = [new SystemChatMessage(request.System), new UserChatMessage(request.User)];
        var refused = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            try
            {
                var completion = (await client.CompleteChatAsync(messages, Options(request), cancellationToken)).Value;
                return Judged(completion, Answer(completion, request.Model));
            }
            catch (Exception fault) when (fault is not OperationCanceledException and not ModelException and not OutOfMemoryException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (ServerFaults.RefusedParameter(fault) is not { } parameter || !refused.Add(parameter))
                {
                    throw ServerFaults.Of(fault, _settings, _address, _time.GetUtcNow());
                }

                _unsupported[(request.Model, parameter)] = true;
            }
        }
    }

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _models.GetModelsAsync(new RequestOptions { CancellationToken = cancellationToken });
        }
        catch (Exception fault) when (fault is not OperationCanceledException and not OutOfMemoryException)
        {
            throw ServerFaults.Of(fault, _settings, _address, _time.GetUtcNow());
        }
    }

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
    }

    private ChatCompletionOptions Options(ModelRequest request)
    {
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = request.MaxOutputTokens,
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(request.SchemaName, BinaryData.FromString(request.Schema), jsonSchemaIsStrict: AnswerSchema.IsStrict(request.Schema)),
        };
        if (Takes("temperature"))
        {
            options.Temperature = (float)request.Temperature;
        }

        if (Takes("seed"))
        {
#pragma warning disable OPENAI001 // Servers that know no seeds leave it aside, or refuse it and are asked without.
            options.Seed = request.Seed;
#pragma warning restore OPENAI001
        }

        if (_logProbabilities && Takes("logprobs"))
        {
            options.IncludeLogProbabilities = true;
        }

        return options;

        bool Takes(string parameter) => !_unsupported.ContainsKey((request.Model, parameter));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:/@+-]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModelName();

    private ModelAnswer Answer(ChatCompletion completion, string asked)
    {
        var text = string.Concat(completion.Content.Where(part => part.Kind == ChatMessageContentPartKind.Text).Select(part => part.Text));
        // What is no name of a model is shown to nobody: the answer names it, and whoever serves it can write what they like there.
        var model = completion.Model is { Length: <= MaxNameLength } named && ModelName().IsMatch(named) ? named : asked;
        return new ModelAnswer(
            text.Length == 0 ? completion.Refusal ?? "" : text,
            model,
            completion.FinishReason switch
            {
                ChatFinishReason.Stop => "stop",
                ChatFinishReason.Length => "length",
                ChatFinishReason.ContentFilter => "content_filter",
                _ => "tool_calls",
            },
            completion.Usage is { InputTokenCount: >= 0 and var input } ? input : null,
            completion.Usage is { OutputTokenCount: >= 0 and var output } ? output : null,
            MeanLogProbability(completion.ContentTokenLogProbabilities))
        {
            Unsupported = [.. ServerFaults.OptionalParameters.Where(parameter => _unsupported.ContainsKey((asked, parameter)))],
        };
    }

    private static ModelAnswer Judged(ChatCompletion completion, ModelAnswer answer)
    {
#pragma warning disable CS0618 // Old servers still answer with the older form of a tool call.
        var called = completion.ToolCalls.Count > 0 || completion.FunctionCall is not null || answer.FinishReason == "tool_calls";
#pragma warning restore CS0618
        ModelFailure? failure = called ? new(ModelFailure.ToolCall, "The model called a tool, and it is offered none.")
            : !string.IsNullOrEmpty(completion.Refusal) ? new(ModelFailure.Refused, "The model declined.")
            : answer.FinishReason == "content_filter" ? new(ModelFailure.ContentFiltered, "The server's content filter stopped the answer.")
            : answer.FinishReason == "length" ? new(ModelFailure.CutOff, "The answer reached the limit of its tokens.")
            : null;
        return failure is null ? answer : throw new ModelException(failure, answer);
    }

    /// <summary>Null where a server sends none, or such as cannot be: above 0, or no number.</summary>
    private static decimal? MeanLogProbability(IReadOnlyList<ChatTokenLogProbabilityDetails>? tokens)
    {
        if (tokens is null or { Count: 0 } || tokens.Any(token => !(token.LogProbability <= 0) || token.LogProbability < -10_000))
        {
            return null;
        }

        return Math.Round((decimal)tokens.Average(token => (double)token.LogProbability), 6);
    }

    /// <summary>Says whose fault it is when the identity gives no token.</summary>
    private sealed class HostIdentityToken(TokenCredential inner) : AuthenticationTokenProvider
    {
        public override GetTokenOptions? CreateTokenOptions(IReadOnlyDictionary<string, object> properties) => inner.CreateTokenOptions(properties);

        public override AuthenticationToken GetToken(GetTokenOptions options, CancellationToken cancellationToken) => inner.GetToken(options, cancellationToken);

        public override async ValueTask<AuthenticationToken> GetTokenAsync(GetTokenOptions options, CancellationToken cancellationToken)
        {
            try
            {
                return await inner.GetTokenAsync(options, cancellationToken);
            }
            catch (AuthenticationFailedException fault)
            {
                throw new CredentialFaultException(fault);
            }
        }
    }
}
