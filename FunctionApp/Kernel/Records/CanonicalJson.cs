using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Advisor.Kernel.Records;

/// <summary>One byte sequence for each JSON value, whoever wrote it and wherever it was stored.</summary>
/// <remarks>
/// Members sorted by ordinal name, members that are null left out, no blanks, strings with the fewest escapes, and numbers as
/// significant digits and a power of ten without loss: 1, 1.0, 1.00 and 10e-1 are all <c>1</c>, 1200 is <c>12e2</c>, -0 is <c>0</c>.
/// So neither a store that reorders members nor one that drops trailing zeros breaks a hash. A store that keeps numbers
/// as binary floating point would change those of more than 15 digits; such a change is seen, as it should be.
/// </remarks>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The canonical bytes, UTF-8.</summary>
    public static byte[] Write(JsonElement element)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WriterOptions))
        {
            Write(writer, element);
        }

        return stream.ToArray();
    }

    /// <summary>SHA-256 of the canonical bytes, 64 lower-case hexadecimal digits.</summary>
    public static string Hash(JsonElement element) => Convert.ToHexStringLower(SHA256.HashData(Write(element)));

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(element.GetRawText()), skipInputValidation: true);
                break;
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>The number's significant digits as an integer, and the power of ten that they are multiplied with where it is not 0.</summary>
    internal static string Number(string printed)
    {
        var e = printed.AsSpan().IndexOfAny('e', 'E');
        var mantissa = e < 0 ? printed : printed[..e];
        if (e >= 0 && !int.TryParse(printed.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            // Such an exponent is in no number of ours; as it stands it is as good a name as any.
            return printed;
        }

        long exponent = e < 0 ? 0 : int.Parse(printed.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var negative = mantissa[0] == '-';
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0');
        var significant = digits.TrimEnd('0');
        if (significant.Length == 0)
        {
            return "0";
        }

        exponent += digits.Length - significant.Length;
        var text = new StringBuilder();
        text.Append(negative ? "-" : "").Append(significant);
        return exponent == 0 ? text.ToString() : text.Append('e').Append(exponent.ToString(CultureInfo.InvariantCulture)).ToString();
    }
}
