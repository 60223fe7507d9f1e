using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Advisor.Kernel.Screening;

/// <summary>Text inside a text, in an encoding that a language model reads as easily: base64, hexadecimal, HTML entities, percent signs, escapes, letters moved by thirteen, letters backwards.</summary>
internal static class EncodedText
{
    private const int ShortestBase64 = 20;
    private const int ShortestHexadecimal = 24;

    /// <summary>Letters and spaces that decoded bytes must be made of to be taken for text.</summary>
    private const double ReadableShare = 0.9;

    /// <summary>Letters of a line around an escape that are read with it.</summary>
    private const int Surroundings = 1_000;

    /// <param name="Start">Of the encoded text.</param>
    /// <param name="Length">Of the encoded text.</param>
    public readonly record struct Payload(int Start, int Length, string Decoded);

    public static IEnumerable<Payload> In(string text)
    {
        foreach (var (start, length) in Runs(text, static letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '/' or '-' or '_', ShortestBase64))
        {
            if (FromBase64(text.AsSpan(start, length)) is { } decoded)
            {
                yield return new Payload(start, length, decoded);
            }
        }

        foreach (var (start, length) in Runs(text, static letter => char.IsAsciiHexDigit(letter) || letter is ' ' or ':' or '\\' or 'x', ShortestHexadecimal))
        {
            if (FromHexadecimal(text.AsSpan(start, length)) is { } decoded)
            {
                yield return new Payload(start, length, decoded);
            }
        }

        foreach (var payload in Lines(text, from => IndexFrom(text, from, static rest => rest.IndexOfAny(s_escapes)), Unescape)
            .Concat(Lines(text, from => IndexFrom(text, from, static rest => rest.IndexOfAny(s_moved)), Moved))
            .Concat(Lines(text, from => IndexFrom(text, from, static rest => rest.IndexOfAny(s_backwards)), Backwards)))
        {
            yield return payload;
        }
    }

    private static readonly SearchValues<char> s_escapes = SearchValues.Create('&', '%', '\\');

    // Words that an order to a reader rarely goes without, as the two ciphers write them.
    private static readonly string[] s_telling = ["ignore", "disregard", "instruction", "prompt", "system", "previous", "override", "approve", "password"];
    private static readonly SearchValues<string> s_moved = SearchValues.Create([.. s_telling.Select(Moved)], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> s_backwards = SearchValues.Create([.. s_telling.Select(Backwards)], StringComparison.OrdinalIgnoreCase);

    private static int IndexFrom(string text, int from, Func<ReadOnlySpan<char>, int> find) => find(text.AsSpan(from)) is >= 0 and var at ? from + at : -1;

    /// <summary>The lines, or what surrounds the place in long ones, that hold a sign of an encoding.</summary>
    private static IEnumerable<Payload> Lines(string text, Func<int, int> next, Func<string, string> decode)
    {
        for (var at = next(0); at >= 0;)
        {
            var end = Math.Min(text.Length, at + Surroundings);
            var line = text.IndexOf('\n', at, end - at);
            end = line < 0 ? end : line;
            var start = Math.Max(at - Surroundings, text.LastIndexOf('\n', at, Math.Min(at + 1, Surroundings)) + 1);
            var encoded = text[start..end];
            var plain = decode(encoded);
            if (!string.Equals(plain, encoded, StringComparison.Ordinal))
            {
                yield return new Payload(start, end - start, plain);
            }

            at = end < text.Length ? next(end) : -1;
        }
    }

    private static string Moved(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = from[i] switch
            {
                >= 'a' and <= 'z' => (char)('a' + ((from[i] - 'a' + 13) % 26)),
                >= 'A' and <= 'Z' => (char)('A' + ((from[i] - 'A' + 13) % 26)),
                var other => other,
            };
        }
    });

    private static string Backwards(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        from.CopyTo(span);
        span.Reverse();
    });

    private static IEnumerable<(int Start, int Length)> Runs(string text, Func<char, bool> belongs, int shortest)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            while (i < text.Length && belongs(text[i]))
            {
                i++;
            }

            if (i - start >= shortest)
            {
                yield return (start, i - start);
            }
        }
    }

    private static string? FromBase64(ReadOnlySpan<char> text)
    {
        var plain = text.ToString().Replace('-', '+').Replace('_', '/');
        plain = plain[..(plain.Length - (plain.Length % 4 == 1 ? 1 : 0))];
        var bytes = new byte[plain.Length];
        return Convert.TryFromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='), bytes, out var length) ? Readable(bytes.AsSpan(0, length)) : null;
    }

    private static string? FromHexadecimal(ReadOnlySpan<char> text)
    {
        var digits = string.Concat(text.ToString().Split([' ', ':', '\\', 'x'], StringSplitOptions.RemoveEmptyEntries));
        return digits.Length >= ShortestHexadecimal ? Readable(Convert.FromHexString(digits.AsSpan(0, digits.Length / 2 * 2))) : null;
    }

    private static string? Readable(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.Count(letter => char.IsLetter(letter) || letter is ' ' or '.' or ',' or '\n') >= text.Length * ReadableShare ? text : null;
    }

    private static string Unescape(string text)
    {
        var plain = WebUtility.UrlDecode(WebUtility.HtmlDecode(text).Replace("+", "%2B", StringComparison.Ordinal));
        if (!plain.Contains('\\'))
        {
            return plain;
        }

        var letters = new StringBuilder(plain.Length);
        for (var i = 0; i < plain.Length; i++)
        {
            if (plain[i] == '\\' && i + 5 < plain.Length && plain[i + 1] == 'u' && ushort.TryParse(plain.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                letters.Append((char)code);
                i += 5;
            }
            else
            {
                letters.Append(plain[i]);
            }
        }

        return letters.ToString();
    }
}
