using System.Text.Json;

namespace Advisor.Tests.Contract;

/// <summary>Holds an answer of the host against what the description says of its operation.</summary>
internal sealed class AnswerCheck(OpenApiFile file)
{
    /// <summary>Headers of every HTTP answer, which say nothing of the product.</summary>
    private static readonly string[] s_plain = ["Content-Type", "Content-Length", "Content-Encoding", "Date", "Transfer-Encoding", "Connection"];

    private readonly SchemaCheck _schemas = new(file);

    /// <summary>Headers that the description says once for all operations.</summary>
    private readonly Dictionary<string, JsonElement> _ofEveryAnswer = Headers(file, file.Root, "x-headers-of-every-answer");

    /// <summary>What is wrong with the answer; none when it is as described.</summary>
    public IReadOnlyList<string> Faults(DescribedOperation operation, Exchanged answer)
    {
        if (!file.Responses(operation).TryGetValue(answer.Status, out var described))
        {
            return [$"the status {answer.Status} is not described: {answer.Text}"];
        }

        return [.. FaultsOfHeaders(described, answer), .. FaultsOfBody(described, answer)];
    }

    private IEnumerable<string> FaultsOfHeaders(JsonElement described, Exchanged answer)
    {
        var known = new Dictionary<string, JsonElement>(_ofEveryAnswer, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, header) in Headers(file, described, "headers"))
        {
            known[name] = header;
        }

        foreach (var (name, header) in known)
        {
            if (answer.Headers.TryGetValue(name, out var text))
            {
                foreach (var fault in _schemas.Faults(header.GetProperty("schema"), Typed(header.GetProperty("schema"), text)))
                {
                    yield return $"header {name}: {fault}";
                }

                if (name == "Location" && file.FaultOfLink(text) is { } astray)
                {
                    yield return $"header {name}: {astray}";
                }
            }
            else if (header.TryGetProperty("required", out var required) && required.GetBoolean())
            {
                yield return $"the header {name} is missing";
            }
        }

        foreach (var name in answer.Headers.Keys.Where(name => !known.ContainsKey(name) && !s_plain.Contains(name, StringComparer.OrdinalIgnoreCase) && !IsOfCompression(name, answer)))
        {
            yield return $"the header {name} is not described";
        }
    }

    /// <summary>Any text answer may be compressed, and says that its form depends on what the client takes.</summary>
    private static bool IsOfCompression(string name, Exchanged answer) =>
        name.Equals("Vary", StringComparison.OrdinalIgnoreCase) && answer.Headers[name] == "Accept-Encoding";

    private static Dictionary<string, JsonElement> Headers(OpenApiFile file, JsonElement holder, string member) => holder.TryGetProperty(member, out var headers)
        ? headers.EnumerateObject().ToDictionary(header => header.Name, header => file.Resolve(header.Value), StringComparer.OrdinalIgnoreCase)
        : [];

    private IEnumerable<string> FaultsOfBody(JsonElement described, Exchanged answer)
    {
        if (!described.TryGetProperty("content", out var content))
        {
            return answer.Text.Length == 0 ? [] : ["a body is not described"];
        }

        if (answer.ContentType is null || !content.TryGetProperty(answer.ContentType, out var media))
        {
            return [$"the content type {answer.ContentType ?? "(none)"} is not described"];
        }

        if (media.TryGetProperty("x-event-schema", out var eventSchema))
        {
            return answer.Text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
                .SelectMany(line => _schemas.Faults(file.At(eventSchema.GetString()!), JsonElement.Parse(line["data: ".Length..])));
        }

        if (!answer.ContentType.EndsWith("json", StringComparison.Ordinal))
        {
            return answer.Text.Length == 0 ? ["the body is empty"] : [];
        }

        var body = JsonElement.Parse(answer.Text);
        return [.. _schemas.Faults(media.GetProperty("schema"), body), .. Hrefs(body).Select(file.FaultOfLink).OfType<string>(), .. FaultsOfProblem(described, answer, body)];
    }

    private static IEnumerable<string> FaultsOfProblem(JsonElement described, Exchanged answer, JsonElement body)
    {
        if (answer.ContentType != "application/problem+json")
        {
            yield break;
        }

        var slug = body.GetProperty("type").GetString()!.Split(':')[^1];
        if (!described.GetProperty("x-problems").EnumerateArray().Any(known => known.GetString() == slug))
        {
            yield return $"the problem '{slug}' is not described for the status {answer.Status}";
        }

        if (body.GetProperty("status").GetInt32() != answer.Status)
        {
            yield return $"the problem says status {body.GetProperty("status")}, the answer {answer.Status}";
        }
    }

    /// <summary>Every link of a body: what <c>href</c> and <c>next</c> hold, however deep.</summary>
    public static IEnumerable<string> Hrefs(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Object => body.EnumerateObject().SelectMany(member => member.Name is "href" or "next" && member.Value.ValueKind == JsonValueKind.String ? [member.Value.GetString()!] : Hrefs(member.Value)),
        JsonValueKind.Array => body.EnumerateArray().SelectMany(Hrefs),
        _ => [],
    };

    /// <summary>A header is text: a number where its schema asks for one.</summary>
    private static JsonElement Typed(JsonElement schema, string text) =>
        schema.GetProperty("type").GetString() is "integer" or "number" or "boolean" ? JsonElement.Parse(text) : JsonSerializer.SerializeToElement(text);
}
