namespace Advisor.Documents.Intake;

/// <summary>How much of one file is read. Every limit is inclusive.</summary>
public sealed record IntakeLimits
{
    /// <summary>The limits that hold where none are configured.</summary>
    public static IntakeLimits Default { get; } = new();

    /// <summary>Bytes of the file itself.</summary>
    public long MaxBytes { get; init; } = 50L * 1024 * 1024;

    /// <summary>Bytes that a package may unpack to, by its directory and again while unpacking.</summary>
    public long MaxUnzippedBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Unpacked to packed size of one part larger than <see cref="RatioAppliesAbove"/>; real worksheets stay below 100, deflate cannot exceed 1,032.</summary>
    public int MaxCompressionRatio { get; init; } = 300;

    /// <summary>Parts that unpack to fewer bytes may be of any ratio: small repetitive parts do no harm.</summary>
    public long RatioAppliesAbove { get; init; } = 32L * 1024 * 1024;

    /// <summary>Filled cells of all sheets together.</summary>
    public int MaxCells { get; init; } = 2_000_000;

    /// <summary>Characters of all texts of one workbook together, each shared text counted once.</summary>
    public int MaxTextCharacters { get; init; } = 128 * 1024 * 1024;
}
