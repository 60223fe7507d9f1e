using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Kernel.Http;
using Microsoft.DurableTask;

namespace Advisor.Embedded.Durable;

/// <summary>The history of one execution with what its code could see beside it: the file that <c>advisor history</c> writes and <c>advisor replay</c> reads.</summary>
/// <param name="Parent">The calling orchestration; null when a client started it.</param>
/// <param name="Events">From the beginning; it need not have ended.</param>
public sealed record RecordedHistory(string InstanceId, IReadOnlyList<HistoryEvent> Events, RecordedParent? Parent = null)
{
    private static readonly JsonSerializerOptions s_line = AdvisorJson.Options;

    /// <summary>The line that began it.</summary>
    public HistoryEvent Start { get; } = Events.FirstOrDefault(line => line is { Kind: EventKind.Started, Name: not null })
        ?? throw new ArgumentException("The history has no 'started' event that names its orchestrator.", nameof(Events));

    public string Orchestrator => Start.Name!;

    /// <summary>Empty when it was begun under none.</summary>
    public string Version => Start.Target ?? string.Empty;

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="FormatException">It is not such a file; the message says what is wrong with it.</exception>
    public static RecordedHistory Parse(string json)
    {
        JsonObject file;
        try
        {
            file = JsonNode.Parse(json) as JsonObject ?? throw new FormatException("It is not a JSON object with an 'instance' and a 'history'.");
        }
        catch (JsonException invalid)
        {
            throw new FormatException($"It is not JSON: {invalid.Message}", invalid);
        }

        if (file["instance"] is not JsonValue instance || !instance.TryGetValue<string>(out var id) || file["history"] is not JsonArray lines)
        {
            throw new FormatException("It is not a JSON object with an 'instance' and a 'history'.");
        }

        try
        {
            List<HistoryEvent> events = [.. lines.Select(ReadLine)];
            return events.Any(line => line is { Kind: EventKind.Started, Name: not null })
                ? new RecordedHistory(id, events, file["parent"].Deserialize<RecordedParent>(s_line))
                : throw new FormatException("The history has no 'started' event that names its orchestrator.");
        }
        catch (Exception invalid) when (invalid is JsonException or InvalidOperationException)
        {
            throw new FormatException(invalid.Message, invalid);
        }
    }

    /// <summary>The file's text: a head for people, then an event on each line, its data as the JSON that it is.</summary>
    public string ToJson()
    {
        var text = new StringBuilder("{\n");
        text.Append("  \"orchestrator\": ").Append(Line(Orchestrator)).Append(",\n");
        text.Append("  \"version\": ").Append(Line(Version)).Append(",\n");
        text.Append("  \"instance\": ").Append(Line(InstanceId)).Append(",\n");
        if (Parent is not null)
        {
            text.Append("  \"parent\": ").Append(Line(Parent)).Append(",\n");
        }

        text.Append("  \"history\": [\n");
        text.AppendJoin(",\n", Events.Select(line => "    " + WriteLine(line).ToJsonString(s_line)));
        return text.Append("\n  ]\n}\n").ToString();
    }

    private static string Line<T>(T value) => JsonSerializer.Serialize(value, s_line);

    private static JsonObject WriteLine(HistoryEvent happened)
    {
        var line = JsonSerializer.SerializeToNode(happened with { Data = null }, s_line)!.AsObject();
        if (happened.TaskId < 0)
        {
            line.Remove("task_id");
        }

        if (happened.Data is not null)
        {
            line["data"] = JsonNode.Parse(happened.Data);
        }

        return line;
    }

    private static HistoryEvent ReadLine(JsonNode? node, int number)
    {
        var line = node as JsonObject ?? throw new FormatException($"Event {number} is not an object.");
        var hasData = line.TryGetPropertyValue("data", out var data);
        line.Remove("data");
        line.TryAdd("task_id", -1);
        var happened = line.Deserialize<HistoryEvent>(s_line)! with { Data = hasData ? data?.ToJsonString(s_line) ?? "null" : null };
        if (!EventKind.All.Contains(happened.Kind))
        {
            throw new FormatException($"Event {number} is of the unknown kind '{happened.Kind}'.");
        }

        return happened is { Kind: EventKind.Step, At: null }
            ? throw new FormatException($"Event {number} is a step without its time ('at').")
            : happened;
    }
}

/// <summary>The orchestration that called another.</summary>
public sealed record RecordedParent(string InstanceId, string Name)
{
    internal ParentOrchestrationInstance ToContract() => new(new TaskName(Name), InstanceId);
}
