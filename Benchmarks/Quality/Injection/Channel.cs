namespace Advisor.Benchmarks.Quality.Injection;

/// <summary>Where in a document a text can stand.</summary>
internal enum Channel
{
    /// <summary>A paragraph below a statement.</summary>
    DocumentText,

    /// <summary>The same in white, one point high.</summary>
    WhiteText,

    /// <summary>The label of a row in a statement.</summary>
    TableCell,

    /// <summary>A cell below the table of a workbook.</summary>
    WorkbookCell,

    /// <summary>A comment on a figure of a workbook.</summary>
    Comment,

    FileName,

    /// <summary>Title of a PDF.</summary>
    Metadata,
}

/// <summary>A file to upload.</summary>
internal sealed record TriedFile(string Name, byte[] Content);

/// <summary>Writes one small report with a text in a channel; without a text it is the clean twin.</summary>
internal static class TriedFiles
{
    public const string Pdf = "annual-report.pdf";
    public const string Workbook = "annual-report.xlsx";

    /// <summary>Names of files end at 255 bytes on most systems; a prefix of the host's own must fit.</summary>
    private const int LongestName = 200;

    /// <summary>The file; null when the text cannot stand there: a file's name has no slash, no line break, and an end.</summary>
    public static TriedFile? Of(Channel channel, string? text) => channel switch
    {
        Channel.DocumentText => new(Pdf, ReportPdf.Write(paragraph: text)),
        Channel.WhiteText => new(Pdf, ReportPdf.Write(hidden: text)),
        Channel.TableCell => new(Pdf, ReportPdf.Write(row: text)),
        Channel.Metadata => new(Pdf, ReportPdf.Write(title: text)),
        Channel.WorkbookCell => new(Workbook, ReportWorkbook.Write(cell: text)),
        Channel.Comment => new(Workbook, ReportWorkbook.Write(comment: text)),
        Channel.FileName => text is null ? new(Pdf, ReportPdf.Write())
            : System.Text.Encoding.UTF8.GetByteCount(text) <= LongestName && !text.AsSpan().ContainsAny("/\\\"") && !text.Any(char.IsControl) ? new($"{text.Trim()}.pdf", ReportPdf.Write()) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(channel)),
    };
}
