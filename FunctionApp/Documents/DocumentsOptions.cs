using System.ComponentModel.DataAnnotations;
using Advisor.Documents.Intake;

namespace Advisor.Documents;

/// <summary>Settings of the documents workflow, section <c>Documents</c>.</summary>
public sealed class DocumentsOptions
{
    /// <summary>Largest file taken, in bytes. Default 50 MB.</summary>
    [Range(1, 50L * 1024 * 1024, ErrorMessage = "Documents:MaxBytes must be from 1 to 52428800 (50 MB): both hosts refuse larger requests.")]
    public long MaxBytes { get; set; } = 50L * 1024 * 1024;

    /// <summary>Most pages of a PDF. Default 1,000.</summary>
    [Range(1, 10_000, ErrorMessage = "Documents:MaxPages must be from 1 to 10000.")]
    public int MaxPages { get; set; } = 1_000;

    /// <summary>Most filled cells of a workbook. Default 2 million.</summary>
    [Range(1, 20_000_000, ErrorMessage = "Documents:MaxCells must be from 1 to 20000000.")]
    public int MaxCells { get; set; } = 2_000_000;

    /// <summary>Most bytes a workbook may unpack to. Default 512 MB.</summary>
    [Range(1, 4L * 1024 * 1024 * 1024, ErrorMessage = "Documents:MaxUnzippedBytes must be from 1 to 4294967296 (4 GB).")]
    public long MaxUnzippedBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>Pages read by one activity. Documents under ten pages are always read by one.</summary>
    [Range(1, 500, ErrorMessage = "Documents:PagesPerRange must be from 1 to 500.")]
    public int PagesPerRange { get; set; } = 25;

    /// <summary>Days from its upload for which a document that was read is kept, whoever asks for its deletion. Default seven years: 2,555.</summary>
    [Range(0, 36_500, ErrorMessage = "Documents:RetentionDays must be from 0 to 36500.")]
    public int RetentionDays { get; set; } = 2_555;

    /// <summary>Hosts from which <c>document_url</c> may be fetched; empty allows every public host.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>The first moment at which a document uploaded then may be deleted.</summary>
    public DateTimeOffset RetainUntil(DateTimeOffset uploadedAt) => uploadedAt.AddDays(RetentionDays);

    public IntakeLimits Limits => new() { MaxBytes = MaxBytes, MaxUnzippedBytes = MaxUnzippedBytes, MaxCells = MaxCells };
}
