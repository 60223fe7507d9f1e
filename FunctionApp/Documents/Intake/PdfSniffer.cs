using System.Buffers.Text;

namespace Advisor.Documents.Intake;

/// <summary>Tells whether a PDF is whole and whether it opens without a password, without parsing its objects.</summary>
internal static class PdfSniffer
{
    // Readers accept a header within the first kilobyte and an end marker followed by some junk (ISO 32000-1, annex H.3.4).
    private const int HeaderWithin = 1024;
    private const int TailLength = 4096;

    public static bool IsPdf(ReadOnlySpan<byte> content) => HeaderAt(content) >= 0;

    public static Finding Sniff(ReadOnlySpan<byte> content)
    {
        if (IsCutOff(content))
        {
            return Finding.Refused(DocumentFormat.Pdf, new IntakeRejection.TruncatedFile(DocumentFormat.Pdf));
        }

        return PdfEncryption.OpensWithoutPassword(content) switch
        {
            false => Finding.Refused(DocumentFormat.Pdf, new IntakeRejection.EncryptedPdf()),
            true => Finding.Of(DocumentFormat.Pdf),
            null => Finding.Of(DocumentFormat.Pdf) with { MayNeedPassword = true },
        };
    }

    private static int HeaderAt(ReadOnlySpan<byte> content) => content[..Math.Min(content.Length, HeaderWithin)].IndexOf("%PDF-"u8);

    private static bool IsCutOff(ReadOnlySpan<byte> content)
    {
        var tail = content[^Math.Min(content.Length, TailLength)..];
        var startXref = tail.LastIndexOf("startxref"u8);
        if (tail.LastIndexOf("%%EOF"u8) < 0 && startXref < 0)
        {
            return true;
        }

        if (startXref >= 0 && NumberAfter(tail[(startXref + 9)..]) is { } offset && offset > content.Length)
        {
            return true;
        }

        // A linearized file states its own length, and has an end marker near its beginning too.
        var head = content[..Math.Min(content.Length, 2048)];
        var linearized = head.IndexOf("/Linearized"u8);
        if (linearized < 0)
        {
            return false;
        }

        var dictionary = head[linearized..];
        var close = dictionary.IndexOf(">>"u8);
        dictionary = close < 0 ? dictionary : dictionary[..close];
        var length = dictionary.IndexOf("/L "u8);
        return length >= 0 && NumberAfter(dictionary[(length + 2)..]) is { } stated && stated > content.Length;
    }

    private static long? NumberAfter(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n\0\f"u8);
        return Utf8Parser.TryParse(text, out long number, out _) ? number : null;
    }
}
