using System.Text.Json.Nodes;

namespace Advisor.Embedded.ScriptedModels;

/// <summary>Completions and errors as OpenAI's service writes them.</summary>
internal static class Completion
{
    /// <summary>Characters that count as a token: about what English prose has.</summary>
    private const int TokenLength = 4;

    /// <summary>A completion.</summary>
    /// <param name="script">Names the model: <c>scripted-{script}</c>.</param>
    /// <param name="content">Null with a refusal or with tool calls.</param>
    public static ScriptedAnswer Of(ScriptedRequest request, string script, string? content, string finish = "stop", string? refusal = null, JsonArray? toolCalls = null)
    {
        var tokens = Tokens(content ?? refusal ?? toolCalls?.ToJsonString() ?? "").ToList();
        var prompt = (request.System.Length + request.User.Length + TokenLength - 1) / TokenLength;
        var message = new JsonObject { ["role"] = "assistant", ["content"] = content, ["refusal"] = refusal };
        if (toolCalls is not null)
        {
            message["tool_calls"] = toolCalls;
        }

        return new ScriptedAnswer(new JsonObject
        {
            ["id"] = FormattableString.Invariant($"chatcmpl-scripted-{request.Number}"),
            ["object"] = "chat.completion",
            ["created"] = 0,
            ["model"] = $"scripted-{script}",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = message,
                ["logprobs"] = request.LogProbabilities && content is not null ? LogProbabilities(tokens) : null,
                ["finish_reason"] = finish,
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = tokens.Count, ["total_tokens"] = prompt + tokens.Count },
            ["system_fingerprint"] = "fp_scripted",
        }.ToJsonString());
    }

    /// <summary>An error with its status.</summary>
    public static ScriptedAnswer Error(int status, string code, string message, string? parameter = null) => new(new JsonObject
    {
        ["error"] = new JsonObject { ["message"] = message, ["type"] = status == 429 ? "requests" : status >= 500 ? "server_error" : "invalid_request_error", ["param"] = parameter, ["code"] = code },
    }.ToJsonString())
    {
        Status = status,
    };

    /// <summary>A call of a function with arguments.</summary>
    public static JsonArray ToolCall(string function, JsonObject arguments) => new(new JsonObject
    {
        ["id"] = "call_scripted",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = function, ["arguments"] = arguments.ToJsonString() },
    });

    private static IEnumerable<string> Tokens(string text) => text.Chunk(TokenLength).Select(piece => new string(piece));

    /// <summary>Surer of tokens of letters than of others; the same for the same text.</summary>
    private static JsonObject LogProbabilities(IEnumerable<string> tokens) => new()
    {
        ["content"] = new JsonArray([.. tokens.Select(token => (JsonNode)new JsonObject
        {
            ["token"] = token,
            ["logprob"] = token.All(char.IsAsciiLetter) ? -0.05 : -0.1,
            ["bytes"] = null,
            ["top_logprobs"] = new JsonArray(),
        })]),
        ["refusal"] = null,
    };
}
