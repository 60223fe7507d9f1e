namespace Advisor.Documents.Intake;

/// <summary>What a file is, judged by its content.</summary>
public abstract record SniffOutcome
{
    private SniffOutcome()
    {
    }

    /// <summary>A file to read.</summary>
    /// <param name="HasMacros">The workbook carries macros. They are never run.</param>
    /// <param name="MayNeedPassword">A PDF encrypted in a way that is not understood here: the reader decides, and answers <see cref="IntakeRejection.EncryptedPdf"/> when it cannot open it.</param>
    public sealed record Accepted(DocumentFormat Format, bool HasMacros = false, bool MayNeedPassword = false) : SniffOutcome;

    /// <summary>A file that is not taken in.</summary>
    public sealed record Rejected(IntakeRejection Reason) : SniffOutcome;
}

/// <summary>Decides by content what a file is; its name and declared type can only contradict that, never decide it.</summary>
public static class ContentSniffer
{
    /// <summary>Judges a whole file without unpacking or decrypting it.</summary>
    /// <param name="fileName">As given by the sender; may be empty. Only its extension is used.</param>
    /// <param name="declaredType"><c>pdf</c>, <c>excel</c> or <c>csv</c>; null when nothing is declared. Other words count as nothing declared.</param>
    /// <remarks>Pure; never throws, whatever the bytes. Takes time linear in the file for text and in its tail for the rest.</remarks>
    public static SniffOutcome Sniff(ReadOnlyMemory<byte> content, string fileName, string? declaredType = null, IntakeLimits? limits = null)
    {
        limits ??= IntakeLimits.Default;
        if (content.Length > limits.MaxBytes)
        {
            return Reject(new IntakeRejection.OversizedFile(content.Length, limits.MaxBytes));
        }

        if (content.IsEmpty)
        {
            return Reject(new IntakeRejection.EmptyFile());
        }

        var claim = Claim.Of(fileName, declaredType);
        var found = Recognise(content.Span, claim, limits);
        return found switch
        {
            { Format: { } format } when claim.Contradicts(format) =>
                Reject(new IntakeRejection.MislabelledFile(claim.Contradicted(format), Article(format))),
            { Rejection: { } rejection } => Reject(rejection),
            { Format: { } format } => new SniffOutcome.Accepted(format, found.HasMacros, found.MayNeedPassword),
            _ when claim.Supported is { } claimed => Reject(new IntakeRejection.MislabelledFile(Article(claimed), found.Kind, char.ToLowerInvariant(found.WayOut[0]) + found.WayOut[1..])),
            _ => Reject(new IntakeRejection.UnsupportedFile(found.Kind, found.WayOut)),
        };
    }

    internal static string Article(DocumentFormat format) => format switch
    {
        DocumentFormat.Pdf => "a PDF",
        DocumentFormat.Csv => "a CSV file",
        _ => "an Excel workbook",
    };

    private static SniffOutcome.Rejected Reject(IntakeRejection reason) => new(reason);

    private static Finding Recognise(ReadOnlySpan<byte> content, Claim claim, IntakeLimits limits)
    {
        if (PdfSniffer.IsPdf(content))
        {
            return PdfSniffer.Sniff(content);
        }

        if (ZipDirectory.LooksLikeZip(content))
        {
            return PackageSniffer.Sniff(content, limits);
        }

        if (CompoundFile.LooksLikeCompoundFile(content))
        {
            return PackageSniffer.SniffCompound(content);
        }

        return Signatures.Find(content) ?? TextSniffer.Sniff(content, claim.Supported == DocumentFormat.Csv);
    }
}

/// <summary>What the content alone says: a format (perhaps with a reason not to take it), or another kind of file.</summary>
internal sealed record Finding
{
    public DocumentFormat? Format { get; private init; }

    public IntakeRejection? Rejection { get; private init; }

    public bool HasMacros { get; init; }

    public bool MayNeedPassword { get; init; }

    public string Kind { get; private init; } = "";

    public string WayOut { get; private init; } = "";

    public static Finding Of(DocumentFormat format) => new() { Format = format };

    public static Finding Refused(DocumentFormat format, IntakeRejection rejection) => new() { Format = format, Rejection = rejection };

    public static Finding Other(string kind, string wayOut) => new() { Kind = kind, WayOut = wayOut };
}

/// <summary>What the sender says the file is.</summary>
internal sealed record Claim(DocumentFormat? ByName, DocumentFormat? Declared, string? OtherKind)
{
    public DocumentFormat? Supported => Declared ?? ByName;

    public static Claim Of(string fileName, string? declaredType)
    {
        var dot = fileName.LastIndexOf('.');
        var extension = dot < 0 ? "" : fileName[(dot + 1)..].Trim().ToLowerInvariant();
        DocumentFormat? byName = extension switch
        {
            "pdf" => DocumentFormat.Pdf,
            "xlsx" or "xlsm" or "xltx" or "xltm" or "xls" or "xlt" or "xlsb" => DocumentFormat.Xlsx,
            "csv" or "tsv" or "tab" => DocumentFormat.Csv,
            _ => null,
        };
        DocumentFormat? declared = declaredType?.Trim().ToLowerInvariant() switch
        {
            "pdf" => DocumentFormat.Pdf,
            "excel" => DocumentFormat.Xlsx,
            "csv" => DocumentFormat.Csv,
            _ => null,
        };
        var other = extension is "docx" or "doc" or "pptx" or "ppt" or "ods" or "odt" or "png" or "jpg" or "jpeg" or "gif" or "tif" or "tiff" or "html" or "htm" or "zip" or "exe" or "rtf" or "json" or "xml"
            ? $"a .{extension} file"
            : null;
        return new(byName, declared, other);
    }

    public bool Contradicts(DocumentFormat actual) => Differs(Declared, actual) || Differs(ByName, actual) || OtherKind is not null;

    public string Contradicted(DocumentFormat actual) =>
        Differs(Declared, actual) ? ContentSniffer.Article(Declared!.Value)
        : Differs(ByName, actual) ? ContentSniffer.Article(ByName!.Value)
        : OtherKind ?? "another type";

    private static bool Differs(DocumentFormat? claimed, DocumentFormat actual) =>
        claimed is { } some && !string.Equals(some.DocumentType(), actual.DocumentType(), StringComparison.Ordinal);
}
