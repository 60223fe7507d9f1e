namespace Advisor.Kernel.Reasoning;

/// <summary>A rectangle on a page in points (1/72 inch), origin at the top left, right and bottom exclusive.</summary>
public readonly record struct Box(decimal Left, decimal Top, decimal Right, decimal Bottom);

/// <summary>Where a value can be seen: a place in a document that a person can open.</summary>
/// <param name="DocumentId">The document's id within the tenant.</param>
/// <param name="DocumentName">The name the document was given, for people.</param>
/// <param name="Page">Page number from 1; null for workbooks and CSV.</param>
/// <param name="Box">Where on the page; null when only the page is known.</param>
/// <param name="Sheet">Sheet name; null for pages. A CSV file is one sheet named after the file.</param>
/// <param name="Cell">Cell address in A1 form; for a table on a page, the position <c>R3C2</c> (row and column from 1) within that table.</param>
/// <param name="Table">Table number on the page, from 1; null when the place is not in a table.</param>
public sealed record SourceRef(
    string DocumentId,
    string DocumentName,
    int? Page = null,
    Box? Box = null,
    string? Sheet = null,
    string? Cell = null,
    int? Table = null);
