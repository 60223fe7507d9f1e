using Advisor.Documents.Reading.Sheets;

namespace Advisor.Documents.Intake;

/// <summary>Tells delimited text from other text and from binary data of no known kind.</summary>
internal static class TextSniffer
{
    private const string AsTable = "Save the table as CSV or as an Excel workbook and upload that.";

    /// <param name="calledCsv">The sender says it is CSV, so one column is enough; otherwise lines must agree on a delimiter.</param>
    public static Finding Sniff(ReadOnlySpan<byte> content, bool calledCsv)
    {
        var encoding = TextEncoding.Detect(content);
        if (!encoding.IsText)
        {
            return Finding.Other("of an unknown kind", "Upload a PDF, an Excel workbook or a CSV file.");
        }

        var head = encoding.Decode(content[..Math.Min(content.Length, 64 * 1024)]);
        var start = head.TrimStart();
        if (start.Length == 0)
        {
            return calledCsv ? Finding.Refused(DocumentFormat.Csv, new IntakeRejection.EmptyFile()) : Finding.Other("blank text", "Check that the file has content and upload it again.");
        }

        if (Markup(start) is { } markup)
        {
            return markup;
        }

        return calledCsv || CsvDialect.AgreesOnDelimiter(head)
            ? Finding.Of(DocumentFormat.Csv)
            : Finding.Other("plain text", AsTable);
    }

    private static Finding? Markup(string start)
    {
        if (Begins(start, "<!doctype html") || Begins(start, "<html") || Begins(start, "<head") || Begins(start, "<body") || Begins(start, "<table"))
        {
            return Finding.Other("a web page", "Download the document itself, or open the page in Excel and save it as .xlsx, then upload that.");
        }

        if (Begins(start, "<?xml") || Begins(start, "<ix:") || Begins(start, "<xbrl"))
        {
            return Finding.Other("an XML file", AsTable);
        }

        if ((start[0] == '{' || start[0] == '[') && LooksLikeJson(start))
        {
            return Finding.Other("a JSON file", AsTable);
        }

        return Begins(start, "-----BEGIN ") || Begins(start, "-----BEGIN PGP")
            ? Finding.Other("a key or an encrypted message", "Decrypt it and upload the document itself.")
            : null;
    }

    private static bool LooksLikeJson(string start)
    {
        var next = start.AsSpan(1).TrimStart();
        return next.Length > 0 && (start[0] == '{' ? next[0] is '"' or '}' : next[0] is '{' or '[' or '"' or ']');
    }

    private static bool Begins(string text, string prefix) => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
