using System.Security.Cryptography;
using System.Text;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Reading.Sheets;

/// <summary>A formula that was not recomputed, and the construct that stood in the way.</summary>
public sealed record NotRecomputed(SourceRef Cell, string Reason);

/// <summary>What the checks of a workbook found.</summary>
public sealed record WorkbookFindings
{
    /// <summary>Failed proofs, sheet by sheet, and by kind and then by place within a sheet; their <c>FactIds</c> are empty, for their cells need not be facts.</summary>
    public required IReadOnlyList<Proof> Proofs { get; init; }

    /// <summary>Formulas whose stored value was recomputed and agreed.</summary>
    public required int Agreed { get; init; }

    /// <summary>Formulas that could not be recomputed; they are neither right nor wrong. At most <see cref="WorkbookChecks.MaxFindings"/>.</summary>
    public required IReadOnlyList<NotRecomputed> NotRecomputed { get; init; }

    /// <summary>More was found than is listed, or the formulas together look at more cells (50 million) than one run allows.</summary>
    public bool Truncated { get; init; }
}

/// <summary>Checks that only a workbook allows, because it shows how its numbers were made.</summary>
/// <remarks>Pure. Kinds: <c>plug</c>, <c>short_range</c>, <c>stale_value</c>, <c>hidden_in_sum</c>, <c>mixed_units</c>.</remarks>
public static class WorkbookChecks
{
    /// <summary>Findings listed of each kind, and formulas listed as not recomputed.</summary>
    public const int MaxFindings = 500;

    /// <summary>Runs every check on every sheet, hidden ones included.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; checked at every sheet and every few thousand cells.</exception>
    public static WorkbookFindings Run(Workbook workbook, string documentId, string documentName, CancellationToken cancellationToken = default)
    {
        var context = new CheckContext(workbook, documentId, documentName, cancellationToken);
        foreach (var sheet in workbook.Sheets)
        {
            cancellationToken.ThrowIfCancellationRequested();
            StaleValueCheck.Run(context, sheet);
            PlugCheck.Run(context, sheet);
            SumRangeChecks.Run(context, sheet);
            MixedUnitsCheck.Run(context, sheet);
        }

        return new()
        {
            Proofs = context.Proofs,
            Agreed = context.Agreed,
            NotRecomputed = context.NotRecomputed,
            Truncated = context.Truncated || context.Evaluator.Exhausted,
        };
    }
}

/// <summary>One run of the checks: the workbook, its evaluator, and what was found so far.</summary>
internal sealed class CheckContext(Workbook workbook, string documentId, string documentName, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _ticks;

    public Workbook Workbook { get; } = workbook;

    public FormulaEvaluator Evaluator { get; } = new(workbook);

    public List<Proof> Proofs { get; } = [];

    public List<NotRecomputed> NotRecomputed { get; } = [];

    public int Agreed { get; set; }

    public bool Truncated { get; private set; }

    public void Tick()
    {
        if ((++_ticks & 0xFFF) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Skipped(Sheet sheet, Cell cell, string reason)
    {
        if (NotRecomputed.Count < WorkbookChecks.MaxFindings)
        {
            NotRecomputed.Add(new(Place(sheet, cell.Address), reason));
        }
        else
        {
            Truncated = true;
        }
    }

    /// <param name="cells">The first is the cell that is wrong.</param>
    public void Fails(string kind, string statement, Sheet sheet, IReadOnlyList<Cell> cells, decimal? expected, decimal? found, string? explanation, decimal tolerance = 0)
    {
        var count = _counts.GetValueOrDefault(kind);
        _counts[kind] = count + 1;
        if (count >= WorkbookChecks.MaxFindings)
        {
            Truncated = true;
            return;
        }

        Proofs.Add(new()
        {
            Id = Id(kind, sheet.Name, string.Join(',', cells.Select(cell => cell.Address))),
            Kind = kind,
            Statement = statement,
            Outcome = ProofOutcome.Fails,
            Expected = expected,
            Found = found,
            Difference = expected is { } right && found is { } wrong ? wrong - right : null,
            Tolerance = tolerance,
            FactIds = [],
            Cells = [.. cells.Select(cell => Place(sheet, cell.Address))],
            Explanation = explanation,
        });
    }

    private SourceRef Place(Sheet sheet, string address) => new(documentId, documentName, Sheet: sheet.Name, Cell: address);

    private string Id(string kind, string sheet, string addresses)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{documentId}\n{kind}\n{sheet}\n{addresses}"));
        return "p" + Convert.ToHexStringLower(hash.AsSpan(0, 10));
    }
}
