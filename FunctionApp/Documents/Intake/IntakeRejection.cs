namespace Advisor.Documents.Intake;

/// <summary>Why a file is not taken in. The hierarchy is closed: each case is one kind of problem with one way out.</summary>
/// <remarks><see cref="Advice"/> is one sentence for the person who sent the file; it never holds text of the document.</remarks>
public abstract record IntakeRejection
{
    private IntakeRejection(string slug, string title, string advice) => (Slug, Title, Advice) = (slug, title, advice);

    /// <summary>Stable, kebab-case: the last part of the problem's <c>type</c>.</summary>
    public string Slug { get; }

    /// <summary>Short and the same for every occurrence, as RFC 9457 asks of a title.</summary>
    public string Title { get; }

    /// <summary>One sentence that says what to do.</summary>
    public string Advice { get; }

    /// <summary>In MB from one up, else in bytes: a limit that was set low is not "0 MB".</summary>
    private static string Size(long bytes) => bytes >= 1024 * 1024
        ? $"{bytes / (1024 * 1024)} MB"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes:N0} bytes");

    /// <summary>No bytes at all.</summary>
    public sealed record EmptyFile()
        : IntakeRejection("empty-file", "The file is empty", "Check that the file opens on your computer and upload it again.");

    /// <summary>The end of the file is missing: the transfer or the export stopped early.</summary>
    public sealed record TruncatedFile(DocumentFormat Format)
        : IntakeRejection("truncated-file", "The file is incomplete", $"The end of this {Format.Spoken()} is missing; download or export it again and upload the complete file.");

    /// <summary>The file is what it claims to be, but its inside cannot be read.</summary>
    public sealed record DamagedFile(DocumentFormat Format)
        : IntakeRejection("damaged-file", "The file is damaged", $"This {Format.Spoken()} cannot be read; open it, save it under a new name and upload that copy.");

    /// <summary>A PDF that opens with a password only.</summary>
    public sealed record EncryptedPdf()
        : IntakeRejection("encrypted-pdf", "The PDF needs a password", "Save the PDF without a password and upload that copy.");

    /// <summary>A workbook that opens with a password only.</summary>
    public sealed record PasswordProtectedWorkbook()
        : IntakeRejection("password-protected-workbook", "The workbook needs a password", "Remove the password in Excel (File, Info, Protect Workbook, Encrypt with Password) and upload the workbook again.");

    /// <summary>The name or the declared type says one thing and the content another.</summary>
    /// <param name="Claimed">What the name or the declaration says, in words.</param>
    /// <param name="Actual">What the content is, in words.</param>
    /// <param name="WayOut">What to do, in the middle of a sentence.</param>
    public sealed record MislabelledFile(string Claimed, string Actual, string WayOut = "upload it under its right name and type.")
        : IntakeRejection("mislabelled-file", "The file is not what it says it is", $"The file is given as {Claimed} but its content is {Actual}; {WayOut}");

    /// <summary>A kind of file that is not read here.</summary>
    /// <param name="Kind">What the content is, in words.</param>
    /// <param name="WayOut">The sentence that tells the user what to do.</param>
    public sealed record UnsupportedFile(string Kind, string WayOut)
        : IntakeRejection("unsupported-file", "This kind of file is not read", WayOut);

    /// <summary>More bytes than are taken.</summary>
    public sealed record OversizedFile(long Length, long Limit)
        : IntakeRejection("oversized-file", "The file is too large", $"Files of up to {Size(Limit)} are read; split this one, or remove pictures and unused sheets.");

    /// <summary>A package that unpacks to far more than a real workbook does.</summary>
    public sealed record ZipBomb(long Limit)
        : IntakeRejection("zip-bomb", "The workbook unpacks to too much data", $"Workbooks that unpack to {Size(Limit)} at most are read; remove unused sheets, rows and formatting and upload the workbook again.");

    /// <summary>More text than is read: long comments, pasted documents, repeated paragraphs.</summary>
    public sealed record TooMuchText(int Limit)
        : IntakeRejection("too-much-text", "The file holds too much text", $"Files with up to {Limit / (1024 * 1024)} million characters of text are read; split this one by sheet or by period.");

    /// <summary>More filled cells than are read.</summary>
    public sealed record TooManyCells(int Limit)
        : IntakeRejection("too-many-cells", "The file has too many cells", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Files of up to {Limit:N0} filled cells are read; split this one by sheet or by period."));
}
