using System.Buffers.Text;

namespace Advisor.Documents.Intake;

/// <summary>The few values of PDF dictionaries that the encryption check needs, found by name in the bytes.</summary>
internal static class PdfDictionary
{
    /// <summary>An indirect reference, "12 0 R", at the start.</summary>
    public static (int Number, int Generation)? Reference(ReadOnlySpan<byte> text)
    {
        text = Skip(text);
        if (!Utf8Parser.TryParse(text, out int number, out var used))
        {
            return null;
        }

        text = Skip(text[used..]);
        if (!Utf8Parser.TryParse(text, out int generation, out used))
        {
            return null;
        }

        text = Skip(text[used..]);
        return number > 0 && generation >= 0 && text.StartsWith("R"u8) ? (number, generation) : null;
    }

    public static int? Integer(ReadOnlySpan<byte> dictionary, ReadOnlySpan<byte> name)
    {
        var value = Skip(After(dictionary, name));
        if (!Utf8Parser.TryParse(value, out long number, out _))
        {
            return null;
        }

        // Some writers print the permission bits as an unsigned number.
        return unchecked((int)number);
    }

    /// <summary>The bytes of a literal or hexadecimal string.</summary>
    public static byte[]? Text(ReadOnlySpan<byte> dictionary, ReadOnlySpan<byte> name) => String(Skip(After(dictionary, name)));

    /// <summary>The first part of the file's identifier; the last one written counts.</summary>
    public static byte[]? FirstId(ReadOnlySpan<byte> content)
    {
        for (var at = content.LastIndexOf("/ID"u8); at >= 0; at = content[..at].LastIndexOf("/ID"u8))
        {
            var value = Skip(content[(at + 3)..]);
            if (value.StartsWith("["u8) && String(Skip(value[1..])) is { } id)
            {
                return id;
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> dictionary, ReadOnlySpan<byte> name)
    {
        for (var from = 0; ;)
        {
            var at = dictionary[from..].IndexOf(name);
            if (at < 0)
            {
                return [];
            }

            var rest = dictionary[(from + at + name.Length)..];
            if (rest.IsEmpty || !(char.IsAsciiLetterOrDigit((char)rest[0]) || rest[0] == '_'))
            {
                return rest;
            }

            from += at + name.Length;
        }
    }

    private static byte[]? String(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("<"u8) && text.IndexOf((byte)'>') is var close and > 0)
        {
            return Hexadecimal(text[1..close]);
        }

        return text.StartsWith("("u8) ? Literal(text[1..]) : null;
    }

    private static byte[]? Hexadecimal(ReadOnlySpan<byte> digits)
    {
        var bytes = new List<byte>(digits.Length / 2);
        var high = -1;
        foreach (var digit in digits)
        {
            if (digit is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                continue;
            }

            if (!char.IsAsciiHexDigit((char)digit))
            {
                return null;
            }

            var value = digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
            if (high < 0)
            {
                high = value;
            }
            else
            {
                bytes.Add((byte)((high << 4) | value));
                high = -1;
            }
        }

        if (high >= 0)
        {
            bytes.Add((byte)(high << 4));
        }

        return [.. bytes];
    }

    private static byte[]? Literal(ReadOnlySpan<byte> text)
    {
        var bytes = new List<byte>(64);
        var depth = 1;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'(':
                    depth++;
                    break;
                case (byte)')' when --depth == 0:
                    return [.. bytes];
                case (byte)'\\' when i + 1 < text.Length:
                    i += Escape(text[(i + 1)..], bytes);
                    continue;
                default:
                    break;
            }

            bytes.Add(text[i]);
        }

        return null;
    }

    private static int Escape(ReadOnlySpan<byte> text, List<byte> bytes)
    {
        if (text[0] is >= (byte)'0' and <= (byte)'7')
        {
            var (value, used) = (0, 0);
            while (used < 3 && used < text.Length && text[used] is >= (byte)'0' and <= (byte)'7')
            {
                value = (value * 8) + (text[used++] - '0');
            }

            bytes.Add((byte)value);
            return used;
        }

        switch (text[0])
        {
            case (byte)'\r':
                return text.Length > 1 && text[1] == (byte)'\n' ? 2 : 1;
            case (byte)'\n':
                return 1;
            default:
                bytes.Add(text[0] switch { (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, (byte)'b' => 8, (byte)'f' => 12, var other => other });
                return 1;
        }
    }

    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n\0\f"u8);
}
