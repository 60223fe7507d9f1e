using Advisor.Documents.Tables;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Statements;

/// <summary>A primary financial statement as printed: its tables in order, the periods of their columns, its scale.</summary>
/// <param name="Title">As printed.</param>
/// <param name="Above">The line above the title, often the company's name; null when the title is the first line.</param>
/// <param name="Parts">The tables of the statement; a long one can break into several.</param>
public sealed record Statement(StatementKind Kind, string Title, string? Above, int Page, MoneyScale Scale, IReadOnlyList<StatementPart> Parts);

/// <param name="Periods">By column index.</param>
public sealed record StatementPart(PageTable Table, IReadOnlyDictionary<int, Period> Periods);
