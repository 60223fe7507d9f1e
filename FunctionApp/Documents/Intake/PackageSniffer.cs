namespace Advisor.Documents.Intake;

/// <summary>Tells the packages apart: workbooks, other office documents, plain archives; and refuses those that unpack to too much.</summary>
internal static class PackageSniffer
{
    private const string AsPdf = "Save it as PDF and upload that.";
    private const string AsXlsx = "Open it and save it as an Excel workbook (.xlsx), then upload that.";

    public static Finding Sniff(ReadOnlySpan<byte> content, IntakeLimits limits)
    {
        if (ZipDirectory.Read(content) is not { } entries)
        {
            // Without its directory the kind can be guessed only: the parts of a workbook lie under xl/.
            return content.IndexOf("xl/"u8) >= 0 || content.IndexOf("[Content_Types].xml"u8) >= 0
                ? Finding.Refused(DocumentFormat.Xlsx, new IntakeRejection.TruncatedFile(DocumentFormat.Xlsx))
                : Finding.Other("an incomplete zip archive", "Download or export the file again and upload the complete PDF, Excel or CSV document.");
        }

        if (!Has(entries, "xl/workbook.xml") && !IsRenamedWorkbook(entries))
        {
            return Other(entries);
        }

        if (entries.Exists(entry => entry.Encrypted))
        {
            return Finding.Refused(DocumentFormat.Xlsx, new IntakeRejection.PasswordProtectedWorkbook());
        }

        return IsBomb(entries, limits)
            ? Finding.Refused(DocumentFormat.Xlsx, new IntakeRejection.ZipBomb(limits.MaxUnzippedBytes))
            : Finding.Of(DocumentFormat.Xlsx) with { HasMacros = Has(entries, "xl/vbaProject.bin") };
    }

    public static Finding SniffCompound(ReadOnlySpan<byte> content)
    {
        if (CompoundFile.Read(content) is not { } file)
        {
            return Finding.Refused(DocumentFormat.Xls, new IntakeRejection.TruncatedFile(DocumentFormat.Xls));
        }

        if (file.Has("EncryptedPackage"))
        {
            return Finding.Refused(DocumentFormat.Xlsx, new IntakeRejection.PasswordProtectedWorkbook());
        }

        if (file.Has("Workbook") || file.Has("Book"))
        {
            return !file.IsSound
                ? Finding.Refused(DocumentFormat.Xls, new IntakeRejection.TruncatedFile(DocumentFormat.Xls))
                : Finding.Of(DocumentFormat.Xls) with { HasMacros = file.Has("_VBA_PROJECT_CUR") };
        }

        return file.Has("WordDocument") ? Finding.Other("a Word document", AsPdf)
            : file.Has("PowerPoint Document") ? Finding.Other("a PowerPoint presentation", AsPdf)
            : file.Has("__properties_version1.0") ? Finding.Other("an Outlook message", "Save the attached document and upload that.")
            : Finding.Other("an Office file of another kind", "Save it as PDF or as an Excel workbook and upload that.");
    }

    private static Finding Other(List<ZipEntry> entries) =>
        Has(entries, "xl/workbook.bin") ? Finding.Other("a binary Excel workbook (.xlsb)", AsXlsx)
        : Under(entries, "word/") ? Finding.Other("a Word document", AsPdf)
        : Under(entries, "ppt/") ? Finding.Other("a PowerPoint presentation", AsPdf)
        : Has(entries, "content.xml") && Has(entries, "mimetype") ? Finding.Other("an OpenDocument file", "Save it as PDF or as an Excel workbook (.xlsx) and upload that.")
        : Under(entries, "Index/") && Has(entries, "Metadata/Properties.plist") ? Finding.Other("an Apple iWork document", "Export it as PDF or as an Excel workbook and upload that.")
        : Finding.Other("a zip archive", "Unpack the archive and upload the documents in it one by one.");

    /// <summary>Producers may give the workbook part any name; then worksheets and the content types still give it away.</summary>
    private static bool IsRenamedWorkbook(List<ZipEntry> entries) =>
        Has(entries, "[Content_Types].xml") && Under(entries, "xl/worksheets/") && !Has(entries, "xl/workbook.bin");

    private static bool IsBomb(List<ZipEntry> entries, IntakeLimits limits)
    {
        long total = 0;
        foreach (var entry in entries)
        {
            if (entry.Unpacked < 0 || entry.Unpacked > limits.MaxUnzippedBytes)
            {
                return true;
            }

            total += entry.Unpacked;
            if (entry.Unpacked > limits.RatioAppliesAbove && entry.Unpacked / Math.Max(1, entry.Packed) > limits.MaxCompressionRatio)
            {
                return true;
            }
        }

        return total > limits.MaxUnzippedBytes;
    }

    private static bool Has(List<ZipEntry> entries, string name) =>
        entries.Exists(entry => string.Equals(entry.Name.TrimStart('/'), name, StringComparison.OrdinalIgnoreCase));

    private static bool Under(List<ZipEntry> entries, string folder) =>
        entries.Exists(entry => entry.Name.TrimStart('/').StartsWith(folder, StringComparison.OrdinalIgnoreCase));
}
