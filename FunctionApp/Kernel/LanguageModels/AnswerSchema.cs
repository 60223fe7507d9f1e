using System.Text.Json;

namespace Advisor.Kernel.LanguageModels;

/// <summary>The JSON schema of an answer, as far as the gateway itself looks at it.</summary>
/// <remarks>
/// An answer is one JSON object with the members that the schema requires at its top, each of its type, and no others where the schema allows none.
/// What lies deeper is judged by whoever asked, item by item, so that one bad item does not spoil the others.
/// </remarks>
internal static class AnswerSchema
{
    /// <summary>Deeper than any schema of ours; deeper answers are no answers.</summary>
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Keywords that servers with strict schemas take.</summary>
    private static readonly HashSet<string> s_strictKeywords =
        ["$schema", "$defs", "$ref", "type", "required", "additionalProperties", "properties", "items", "enum", "const", "anyOf", "description", "title",
            "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems"];

    /// <summary>What is wrong with a schema, each as the end of a sentence that begins with its name.</summary>
    public static IEnumerable<string> Faults(string schema)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(schema, s_strict);
        }
        catch (JsonException)
        {
            return ["is not JSON."];
        }

        using (document)
        {
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && TypeOf(root) == "object" && root.TryGetProperty("properties", out var properties)
                && properties.ValueKind == JsonValueKind.Object
                ? []
                : ["must be the schema of an object with 'properties'."];
        }
    }

    /// <summary>Why the text is no answer; null where it is one.</summary>
    public static string? FaultOf(string text, string schema)
    {
        using var asked = JsonDocument.Parse(schema);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, s_strict);
        }
        catch (JsonException fault)
        {
            return fault.LineNumber is { } line ? $"it is not JSON, line {line + 1}" : "it is not JSON";
        }

        using (document)
        {
            var answer = document.RootElement;
            if (answer.ValueKind != JsonValueKind.Object)
            {
                return "it is not a JSON object";
            }

            var properties = asked.RootElement.GetProperty("properties");
            if (asked.RootElement.TryGetProperty("required", out var required)
                && required.EnumerateArray().Any(name => !answer.TryGetProperty(name.GetString()!, out _)))
            {
                return "a member that the schema requires is missing";
            }

            var closed = asked.RootElement.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.False;
            foreach (var member in answer.EnumerateObject())
            {
                if (properties.TryGetProperty(member.Name, out var property) ? !Fits(member.Value, property) : closed)
                {
                    return "it has a member that the schema does not allow";
                }
            }

            return null;
        }
    }

    /// <summary>Whether a server may be asked to hold to the schema strictly: every object closed, every member required, no keyword that servers refuse.</summary>
    public static bool IsStrict(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return IsStrict(document.RootElement);
    }

    private static bool IsStrict(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || schema.EnumerateObject().Any(keyword => !s_strictKeywords.Contains(keyword.Name)))
        {
            return false;
        }

        if (TypeOf(schema) == "object" || schema.TryGetProperty("properties", out _))
        {
            if (!schema.TryGetProperty("properties", out var properties) || !schema.TryGetProperty("required", out var required)
                || !schema.TryGetProperty("additionalProperties", out var additional) || additional.ValueKind != JsonValueKind.False
                || !properties.EnumerateObject().Select(property => property.Name).ToHashSet().SetEquals(required.EnumerateArray().Select(name => name.GetString()!))
                || !properties.EnumerateObject().All(property => IsStrict(property.Value)))
            {
                return false;
            }
        }

        return (!schema.TryGetProperty("items", out var items) || IsStrict(items))
            && (!schema.TryGetProperty("anyOf", out var choices) || choices.EnumerateArray().All(IsStrict))
            && (!schema.TryGetProperty("$defs", out var definitions) || definitions.EnumerateObject().All(definition => IsStrict(definition.Value)));
    }

    private static bool Fits(JsonElement value, JsonElement schema) => !schema.TryGetProperty("type", out var type) || (type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(one => IsOf(value, one.GetString()))
        : IsOf(value, type.GetString()));

    private static bool IsOf(JsonElement value, string? type) => value.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && value.TryGetDecimal(out var number) && decimal.IsInteger(number)),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "null",
    };

    private static string? TypeOf(JsonElement schema) => schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
