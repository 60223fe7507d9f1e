using System.Text;
using System.Text.Unicode;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>The encoding that bytes of text are in, by byte order mark, then by validity, then windows-1252.</summary>
/// <param name="Encoding">Never throws while decoding.</param>
/// <param name="Preamble">Bytes of the byte order mark, to be skipped.</param>
/// <param name="IsText">False when the bytes cannot be text in any encoding tried: then they hold control characters.</param>
internal sealed record TextEncoding(Encoding Encoding, int Preamble, bool IsText)
{
    private const int SampleLength = 64 * 1024;

    // The pages of Windows are not in the framework's default provider.
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static TextEncoding Detect(ReadOnlySpan<byte> content)
    {
        var found = ByMark(content) ?? ByZeros(content)
            ?? (Utf8.IsValid(content) ? new(new UTF8Encoding(false), 0, true) : new(Windows1252, 0, true));
        return found with { IsText = HoldsNoControls(found.Decode(content[..Math.Min(content.Length, SampleLength)])) };
    }

    /// <summary>The text without its byte order mark.</summary>
    public string Decode(ReadOnlySpan<byte> content) => Encoding.GetString(content[Math.Min(Preamble, content.Length)..]);

    private static TextEncoding? ByMark(ReadOnlySpan<byte> content) =>
        content.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? new(new UTF8Encoding(false), 3, true)
        : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) ? new(new UTF32Encoding(false, false), 4, true)
        : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? new(new UnicodeEncoding(false, false), 2, true)
        : content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? new(new UnicodeEncoding(true, false), 2, true)
        : null;

    /// <summary>UTF-16 without a mark shows as zeros in every other byte.</summary>
    private static TextEncoding? ByZeros(ReadOnlySpan<byte> content)
    {
        var sample = content[..(Math.Min(content.Length, SampleLength) & ~1)];
        if (sample.Length < 4 || content.Length % 2 != 0)
        {
            return null;
        }

        var (even, odd) = (0, 0);
        for (var i = 0; i < sample.Length; i += 2)
        {
            even += sample[i] == 0 ? 1 : 0;
            odd += sample[i + 1] == 0 ? 1 : 0;
        }

        var pairs = sample.Length / 2;
        return odd > pairs * 0.6 && even < pairs * 0.05 ? new(new UnicodeEncoding(false, false), 0, true)
            : even > pairs * 0.6 && odd < pairs * 0.05 ? new(new UnicodeEncoding(true, false), 0, true)
            : null;
    }

    private static bool HoldsNoControls(string text)
    {
        foreach (var c in text)
        {
            // 0x1A ends a text file of old systems; the others that are allowed lay text out.
            if ((c < ' ' && c is not ('\t' or '\n' or '\r' or '\f' or '\u001A')) || c == '\uFFFE')
            {
                return false;
            }
        }

        return true;
    }
}
