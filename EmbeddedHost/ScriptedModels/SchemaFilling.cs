using System.Text.Json;
using System.Text.Json.Nodes;

namespace Advisor.Embedded.ScriptedModels;

/// <summary>The least JSON that follows a schema, with the values that a script has for some members.</summary>
internal static class SchemaFilling
{
    /// <param name="known">A member's value by its name and the values its schema allows; null where the script has none. Asked only for required members and such as it may know.</param>
    public static JsonNode? Fill(JsonElement schema, Func<string, IReadOnlyList<string>, JsonNode?> known) => Type(schema) switch
    {
        "object" => Object(schema, known),
        "array" => new JsonArray(),
        "string" => Allowed(schema) is [var first, ..] ? first : "",
        "integer" or "number" => 0,
        "boolean" => false,
        _ => null,
    };

    /// <summary>The strings that a schema's <c>enum</c> names.</summary>
    public static IReadOnlyList<string> Allowed(JsonElement schema) => schema.TryGetProperty("enum", out var values)
        ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
        : [];

    private static JsonObject Object(JsonElement schema, Func<string, IReadOnlyList<string>, JsonNode?> known)
    {
        var filled = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties))
        {
            var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToList() : [];
            foreach (var property in properties.EnumerateObject())
            {
                if (known(property.Name, Allowed(property.Value)) is { } value)
                {
                    filled[property.Name] = value;
                }
                else if (required.Contains(property.Name))
                {
                    filled[property.Name] = Fill(property.Value, known);
                }
            }
        }

        return filled;
    }

    /// <summary>The type, "null" where that is among several.</summary>
    private static string? Type(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || schema.TryGetProperty("anyOf", out var choices) && choices.EnumerateArray().Any(choice => Type(choice) == "null"))
        {
            return "null";
        }

        return !schema.TryGetProperty("type", out var type) ? (schema.TryGetProperty("properties", out _) ? "object" : null)
            : type.ValueKind == JsonValueKind.Array ? (type.EnumerateArray().Any(one => one.GetString() == "null") ? "null" : type[0].GetString())
            : type.GetString();
    }
}
