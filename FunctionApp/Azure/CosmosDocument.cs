using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Azure;

/// <summary>A record as a document of Cosmos DB: its own members at the top, with <c>id</c>, <c>record_id</c>, <c>tenant</c> and where it applies <c>ttl</c> beside them.</summary>
/// <remarks>
/// Cosmos DB keeps numbers as binary floating point, and <c>id</c> takes no slash. A record that would not come back as it was (a number of more
/// digits, a member of its own under one of these names with another value or with none) carries its JSON once more as text, <c>exact_record</c>, which is then what is read.
/// Filters and order work on the members in either case.
/// </remarks>
internal static class CosmosDocument
{
    public const string Key = "record_id";

    public const string PartitionKeyPath = "/tenant";

    private const string Exact = "exact_record";

    /// <summary>Bytes of an id that the service takes.</summary>
    private const int MaxIdBytes = 1023;

    /// <summary>Digits that survive the way into binary floating point and back, whatever the number.</summary>
    private const int SafeDigits = 15;

    /// <exception cref="ArgumentException">The id is empty or too long, or the value is no JSON object.</exception>
    public static byte[] Write<T>(TenantId tenant, string id, T value, int? timeToLive)
        where T : class
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, AdvisorJson.Options);
        using var record = JsonDocument.Parse(json);
        if (record.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException($"A record is a JSON object; {typeof(T).Name} is written as {record.RootElement.ValueKind}.", nameof(value));
        }

        var buffer = new ArrayBufferWriter<byte>(json.Length + 256);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = AdvisorJson.Options.Encoder });
        var exact = HasInexactNumber(json) || WouldReadMore<T>(record.RootElement);
        var documentId = IdOf(id);
        writer.WriteStartObject();
        writer.WriteString("id", documentId);
        writer.WriteString(Key, id);
        writer.WriteString("tenant", tenant.Value);
        if (timeToLive is { } seconds)
        {
            writer.WriteNumber("ttl", seconds);
        }

        foreach (var member in record.RootElement.EnumerateObject())
        {
            if (!IsReserved(member.Name))
            {
                member.WriteTo(writer);
            }
            else if (!IsSame(member, documentId, tenant))
            {
                exact = true;
            }
        }

        if (exact)
        {
            writer.WriteString(Exact, json);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static Stored<T> Read<T>(JsonElement document)
        where T : class
    {
        var value = document.TryGetProperty(Exact, out var exact)
            ? JsonSerializer.Deserialize<T>(exact.GetString()!, AdvisorJson.Options)
            : document.Deserialize<T>(AdvisorJson.Options);
        return new Stored<T>(document.GetProperty(Key).GetString()!, value!, ETag(document.GetProperty("_etag").GetString()!));
    }

    /// <summary>The value that a document is ordered by: null where there is none, a string, a long or a double.</summary>
    /// <exception cref="InvalidOperationException">It is something that records cannot be ordered by.</exception>
    public static object? OrderValue(JsonElement document, string property)
    {
        var value = document;
        foreach (var name in property.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                return null;
            }
        }

        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
            _ => throw new InvalidOperationException($"Records cannot be ordered by '{property}': it holds {value.ValueKind}."),
        };
    }

    /// <summary>The id as the service takes it: what is not plain in it becomes <c>~</c> and two hexadecimal digits for each byte.</summary>
    /// <exception cref="ArgumentException">The id is empty, or too long.</exception>
    public static string IdOf(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var escaped = id.All(IsPlain) ? id : Escape(id);
        return escaped.Length <= MaxIdBytes
            ? escaped
            : throw new ArgumentException($"The record id that begins with '{id[..32]}' is longer than the {MaxIdBytes} bytes that Cosmos DB takes.", nameof(id));
    }

    /// <summary>The opaque text of an entity tag, which the service writes in quotes.</summary>
    public static string ETag(string quoted) => quoted.Trim('"');

    private static string Escape(string id)
    {
        var text = new StringBuilder();
        foreach (var part in Encoding.UTF8.GetBytes(id))
        {
            _ = IsPlain((char)part) ? text.Append((char)part) : text.Append(CultureInfo.InvariantCulture, $"~{part:X2}");
        }

        return text.ToString();
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or ':' or '@' or '|' or '=';

    private static bool IsReserved(string name) => name is "id" or Key or "tenant" or "ttl" or Exact or "_rid" or "_self" or "_etag" or "_ts" or "_attachments";

    private static bool IsSame(JsonProperty member, string documentId, TenantId tenant) =>
        member.Value.ValueKind == JsonValueKind.String
        && ((member.Name == "id" && member.Value.ValueEquals(documentId)) || (member.Name == "tenant" && member.Value.ValueEquals(tenant.Value)));

    /// <summary>Whether reading the type from a document would take a member for its own that only the document has.</summary>
    private static bool WouldReadMore<T>(JsonElement record)
        where T : class
    {
        var type = AdvisorJson.Options.GetTypeInfo(typeof(T));
        return type.Kind != JsonTypeInfoKind.Object
            || type.Properties.Any(property => property.IsExtensionData || (IsReserved(property.Name) && !record.TryGetProperty(property.Name, out _)));
    }

    private static bool HasInexactNumber(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.Length > SafeDigits && !IsExact(Encoding.UTF8.GetString(reader.ValueSpan)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsExact(string printed) =>
        CanonicalJson.Number(printed) == CanonicalJson.Number(double.Parse(printed, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture));
}
