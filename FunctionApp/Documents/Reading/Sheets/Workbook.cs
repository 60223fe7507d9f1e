using Advisor.Documents.Intake;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>A workbook or CSV file as read, cell by cell; nothing in it was calculated here.</summary>
/// <remarks>Immutable; safe to read from many threads.</remarks>
public sealed record Workbook
{
    /// <summary>Where it was read from.</summary>
    public required DocumentFormat Format { get; init; }

    /// <summary>In the order of their tabs, hidden ones included; chart sheets are left out. A CSV file is one sheet.</summary>
    public required IReadOnlyList<Sheet> Sheets { get; init; }

    /// <summary>Days are counted from 1904 and not from 1900.</summary>
    public bool Date1904 { get; init; }

    /// <summary>The workbook carries macros. They are never run.</summary>
    public bool HasMacros { get; init; }

    /// <summary>Targets of links to other workbooks, as stored; they are never followed.</summary>
    public IReadOnlyList<string> ExternalLinks { get; init; } = [];

    /// <summary>Sheets that are not worksheets (charts, dialogs, old macro sheets) and were skipped, by name.</summary>
    public IReadOnlyList<string> SkippedSheets { get; init; } = [];

    /// <summary>How the text was taken apart; null for workbooks.</summary>
    public CsvDialect? Csv { get; init; }

    /// <summary>The sheet of this name, letter case aside as in Excel; null when there is none.</summary>
    public Sheet? Find(string name) => Sheets.FirstOrDefault(sheet => string.Equals(sheet.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The outcome of reading a file that was expected to be a workbook.</summary>
public abstract record WorkbookOutcome
{
    private WorkbookOutcome()
    {
    }

    /// <summary>All of it was read.</summary>
    public sealed record Read(Workbook Workbook) : WorkbookOutcome;

    /// <summary>It was not read, and this is why.</summary>
    public sealed record Refused(IntakeRejection Reason) : WorkbookOutcome;
}
