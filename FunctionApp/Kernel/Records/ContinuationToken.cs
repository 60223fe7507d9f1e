using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Records;

/// <summary>Where a page ended, as opaque text: base64url of JSON with the last row's order value and id, and the query it belongs to.</summary>
/// <remarks>The position is not secret and grants nothing: whoever alters it only moves within the same tenant's own query.</remarks>
public static class ContinuationToken
{
    /// <param name="order">null, string, long, double, or what is written as one of them.</param>
    public static string Write(string fingerprint, object? order, string id) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new Content(fingerprint, order is null ? null : JsonSerializer.SerializeToElement(order), id), AdvisorJson.Options));

    /// <exception cref="InvalidContinuationException">The text is not a token, or is one of another query.</exception>
    public static Position Read(string text, string fingerprint)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(Base64Url.DecodeFromChars(text), AdvisorJson.Options);
            if (content is { Id: not null } && content.Query == fingerprint)
            {
                return new Position(Value(content.Order), content.Id);
            }
        }
        catch (Exception fault) when (fault is FormatException or JsonException)
        {
            // Answered below, like a token of another query.
        }

        throw new InvalidContinuationException();
    }

    /// <summary>Equal for the pages of one query (whatever their size), different for any other container, tenant, filter or order.</summary>
    public static string Fingerprint(string container, TenantId tenant, RecordQuery query)
    {
        var shape = JsonSerializer.SerializeToUtf8Bytes(
            new object?[]
            {
                container, tenant.Value, query.OrderBy, query.Descending,
                query.Filters.Select(filter => new[] { filter.Property, filter.Operator, filter.Value }).ToArray(),
            },
            AdvisorJson.Options);
        return Base64Url.EncodeToString(SHA256.HashData(shape).AsSpan(0, 12));
    }

    private static object? Value(JsonElement? order) => order switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt64(out var whole) ? (object)whole : number.GetDouble(),
        _ => throw new InvalidContinuationException(),
    };

    /// <param name="Order">null, string, long or double, as the store gave it.</param>
    public sealed record Position(object? Order, string Id);

    private sealed record Content(string Query, JsonElement? Order, string Id);
}
