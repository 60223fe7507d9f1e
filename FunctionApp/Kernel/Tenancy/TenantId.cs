using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Advisor.Kernel.Tenancy;

/// <summary>A tenant: the boundary that no record, message or answer crosses. It comes from the caller's identity, never from a body.</summary>
/// <remarks>1 to 64 characters of a-z, 0-9 and '-', beginning with a letter or digit. Written as a plain string in JSON.</remarks>
[JsonConverter(typeof(TenantIdJsonConverter))]
public readonly record struct TenantId
{
    private readonly string? _value;

    /// <exception cref="ArgumentException">The text is not a tenant id.</exception>
    public TenantId(string value) => _value = IsValid(value)
        ? value
        : throw new ArgumentException($"'{value}' is not a tenant id: use 1 to 64 of a-z, 0-9 and '-', beginning with a letter or digit.", nameof(value));

    /// <summary>The id's text.</summary>
    /// <exception cref="InvalidOperationException">The id was never given a value.</exception>
    public string Value => _value ?? throw new InvalidOperationException("A tenant id without a value was used.");

    public override string ToString() => Value;

    /// <summary>The tenant id that the text is; null and false when it is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TenantId? tenant)
    {
        tenant = IsValid(text) ? new TenantId(text) : null;
        return tenant is not null;
    }

    private static bool IsValid([NotNullWhen(true)] string? value) =>
        value is { Length: >= 1 and <= 64 }
        && char.IsAsciiLetterOrDigit(value[0])
        && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

internal sealed class TenantIdJsonConverter : JsonConverter<TenantId>
{
    public override TenantId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A tenant id is a string."));

    public override void Write(Utf8JsonWriter writer, TenantId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
