using System.Text;
using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>Reads the <c>Idempotency-Key</c> header.</summary>
/// <remarks>
/// The draft makes it a structured-field string, in quotes; many clients send it bare. Both are read, and the same characters are the same key:
/// 1 to 255 visible ASCII characters, without quotes, commas and semicolons where it is bare.
/// </remarks>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    /// <returns>The key, or null where there is none, or the problem with it.</returns>
    public static (string? Key, Problem? Problem) Read(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Header, out var fields))
        {
            return (null, null);
        }

        if (fields.Count != 1)
        {
            return (null, Invalid("Send one Idempotency-Key field, not several."));
        }

        var text = (fields[0] ?? "").Trim(' ', '\t');
        var key = text.StartsWith('"') ? Unquoted(text) : text.AsSpan().ContainsAny("\",;\\") ? null : text;
        return key is { Length: >= 1 and <= MaxLength } && key.All(c => c is > ' ' and < '\x7F')
            ? (key, null)
            : (null, Invalid($"An Idempotency-Key is one string of 1 to {MaxLength} visible ASCII characters, such as a UUID, in quotes or bare."));
    }

    /// <summary>The refusal of a request that has none where one is required.</summary>
    public static Problem Missing { get; } = Invalid("This request needs an Idempotency-Key: a string that you make up for this one operation, such as a UUID, and send again with every retry of it.");

    /// <summary>The value of a structured-field string (RFC 9651, 3.3.3); null where the text is not one, or goes on after it.</summary>
    private static string? Unquoted(string text)
    {
        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                return i == text.Length - 1 ? value.ToString() : null;
            }

            if (text[i] == '\\' && (++i == text.Length || text[i] is not ('"' or '\\')))
            {
                return null;
            }

            value.Append(text[i]);
        }

        return null;
    }

    private static Problem Invalid(string message) => Problem.Invalid(Header, message);
}
