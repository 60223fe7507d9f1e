using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Advisor.Tests.Contract;

/// <summary>Holds JSON values against the schemas of an OpenAPI 3.0 description.</summary>
/// <remarks>A keyword or format that it does not know is an error of the schema, so that nothing is left unchecked in silence.</remarks>
internal sealed class SchemaCheck(OpenApiFile file)
{
    private static readonly string[] s_annotations =
        ["title", "description", "example", "default", "deprecated", "readOnly", "writeOnly", "externalDocs"];

    /// <summary>What is wrong with the value, each with its place; none when it fits.</summary>
    /// <exception cref="NotSupportedException">The schema uses what is not checked here.</exception>
    public IReadOnlyList<string> Faults(JsonElement schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(schema, value, "$", faults);
        return faults;
    }

    /// <summary>Keywords of a schema, and of all within it, that <see cref="Faults"/> does not know.</summary>
    public static IEnumerable<string> UnknownKeywords(JsonElement schema) => schema.EnumerateObject().SelectMany(keyword => keyword.Name switch
    {
        "properties" => keyword.Value.EnumerateObject().SelectMany(property => UnknownKeywords(property.Value)),
        "oneOf" or "anyOf" or "allOf" => keyword.Value.EnumerateArray().SelectMany(UnknownKeywords),
        "items" or "additionalProperties" when keyword.Value.ValueKind == JsonValueKind.Object => UnknownKeywords(keyword.Value),
        "$ref" => [],
        var name => IsKnown(name) ? [] : new[] { name },
    });

    private void Check(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            // OpenAPI 3.0 ignores what stands beside a reference: whoever wrote it there believes that it counts.
            if (schema.EnumerateObject().Count() > 1)
            {
                throw new NotSupportedException($"{at}: members beside the $ref {reference} have no effect.");
            }

            Check(file.At(reference.GetString()!), value, at, faults);
            return;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            if (schema.TryGetProperty("type", out _) && !(schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean()))
            {
                faults.Add($"{at} is null");
            }

            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            if (!IsKnown(keyword.Name))
            {
                throw new NotSupportedException($"{at}: the schema keyword '{keyword.Name}' is not checked.");
            }

            CheckAny(keyword, value, at, faults);
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    CheckObject(keyword, schema, value, at, faults);
                    break;
                case JsonValueKind.Array:
                    CheckArray(keyword, value, at, faults);
                    break;
                case JsonValueKind.String:
                    CheckText(keyword, value.GetString()!, at, faults);
                    break;
                case JsonValueKind.Number:
                    CheckNumber(keyword, schema, value.GetDecimal(), at, faults);
                    break;
            }
        }
    }

    private static bool IsKnown(string keyword) => s_annotations.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal) || keyword
        is "type" or "nullable" or "enum" or "oneOf" or "anyOf" or "allOf"
        or "required" or "properties" or "additionalProperties" or "items" or "minItems" or "maxItems" or "uniqueItems"
        or "minLength" or "maxLength" or "pattern" or "format" or "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum";

    private void CheckAny(JsonProperty keyword, JsonElement value, string at, List<string> faults)
    {
        switch (keyword.Name)
        {
            case "type" when !IsOf(keyword.Value.GetString()!, value):
                faults.Add($"{at} is {value.GetRawText()}, not of type {keyword.Value}");
                break;
            case "enum" when !keyword.Value.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)):
                faults.Add($"{at} is {value.GetRawText()}, not one of {keyword.Value}");
                break;
            case "oneOf" when Fitting(keyword.Value, value) is var fitting and not 1:
                faults.Add($"{at} fits {fitting} of the alternatives, not one");
                break;
            case "anyOf" when Fitting(keyword.Value, value) == 0:
                faults.Add($"{at} fits none of the alternatives");
                break;
            case "allOf":
                foreach (var part in keyword.Value.EnumerateArray())
                {
                    Check(part, value, at, faults);
                }

                break;
        }
    }

    private int Fitting(JsonElement schemas, JsonElement value) => schemas.EnumerateArray().Count(schema => Faults(schema, value).Count == 0);

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && decimal.IsInteger(value.GetDecimal()),
        _ => throw new NotSupportedException($"There is no type '{type}'."),
    };

    private void CheckObject(JsonProperty keyword, JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        switch (keyword.Name)
        {
            case "required":
                faults.AddRange(keyword.Value.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{at} has no '{name}'"));
                break;
            case "properties":
                foreach (var property in keyword.Value.EnumerateObject())
                {
                    if (value.TryGetProperty(property.Name, out var member))
                    {
                        Check(property.Value, member, $"{at}.{property.Name}", faults);
                    }
                }

                break;
            case "additionalProperties" when keyword.Value.ValueKind != JsonValueKind.True:
                foreach (var member in value.EnumerateObject().Where(member => !(schema.TryGetProperty("properties", out var known) && known.TryGetProperty(member.Name, out _))))
                {
                    if (keyword.Value.ValueKind == JsonValueKind.False)
                    {
                        faults.Add($"{at} has '{member.Name}', which is not described");
                    }
                    else
                    {
                        Check(keyword.Value, member.Value, $"{at}.{member.Name}", faults);
                    }
                }

                break;
        }
    }

    private void CheckArray(JsonProperty keyword, JsonElement value, string at, List<string> faults)
    {
        var count = value.GetArrayLength();
        switch (keyword.Name)
        {
            case "items":
                for (var i = 0; i < count; i++)
                {
                    Check(keyword.Value, value[i], $"{at}[{i}]", faults);
                }

                break;
            case "minItems" when count < keyword.Value.GetInt32():
            case "maxItems" when count > keyword.Value.GetInt32():
                faults.Add($"{at} has {count} items, against {keyword.Name} {keyword.Value}");
                break;
            case "uniqueItems" when keyword.Value.GetBoolean() && value.EnumerateArray().Distinct(EqualityComparer<JsonElement>.Create(JsonElement.DeepEquals, _ => 0)).Count() < count:
                faults.Add($"{at} has an item twice");
                break;
        }
    }

    private static void CheckText(JsonProperty keyword, string text, string at, List<string> faults)
    {
        var isWrong = keyword.Name switch
        {
            "minLength" => text.Length < keyword.Value.GetInt32(),
            "maxLength" => text.Length > keyword.Value.GetInt32(),
            "pattern" => !Regex.IsMatch(text, keyword.Value.GetString()!, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)),
            "format" => !HasFormat(keyword.Value.GetString()!, text),
            _ => false,
        };
        if (isWrong)
        {
            faults.Add($"{at} is '{text}', against {keyword.Name} {keyword.Value}");
        }
    }

    private static bool HasFormat(string format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) && text[^1] is 'Z' or '0',
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uuid" => Guid.TryParseExact(text, "D", out _) && text.All(c => !char.IsAsciiLetterUpper(c)),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "uri-reference" => Uri.IsWellFormedUriString(text, UriKind.RelativeOrAbsolute),
        "email" => text.IndexOf('@', StringComparison.Ordinal) is > 0 and var sign && sign < text.Length - 1,
        "binary" => true,
        _ => throw new NotSupportedException($"The format '{format}' is not checked."),
    };

    private static void CheckNumber(JsonProperty keyword, JsonElement schema, decimal number, string at, List<string> faults)
    {
        bool Exclusive(string name) => schema.TryGetProperty(name, out var exclusive) && exclusive.GetBoolean();
        var isWrong = keyword.Name switch
        {
            "minimum" => number < keyword.Value.GetDecimal() || (number == keyword.Value.GetDecimal() && Exclusive("exclusiveMinimum")),
            "maximum" => number > keyword.Value.GetDecimal() || (number == keyword.Value.GetDecimal() && Exclusive("exclusiveMaximum")),
            "format" => keyword.Value.GetString() switch
            {
                "int32" => number is < int.MinValue or > int.MaxValue,
                "int64" => number is < long.MinValue or > long.MaxValue,
                var format => throw new NotSupportedException($"The format '{format}' of numbers is not checked."),
            },
            _ => false,
        };
        if (isWrong)
        {
            faults.Add($"{at} is {number.ToString(CultureInfo.InvariantCulture)}, against {keyword.Name} {keyword.Value}");
        }
    }
}
