using System.Text.RegularExpressions;
using Advisor.Documents.Proofs;
using Advisor.Documents.Reading.Sheets;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Sheets;

/// <summary>What a ledger sheet gives: a fact for each amount, a proof for each journal.</summary>
/// <param name="Amounts">Every amount as stored, in order, for distribution tests.</param>
public sealed record LedgerReading(IReadOnlyList<Fact> Facts, IReadOnlyList<Proof> Proofs, IReadOnlyList<string> Amounts);

/// <summary>Reads a general ledger: a header row with debit, credit and a journal number, and proves that each journal balances.</summary>
public static partial class LedgerBalance
{
    /// <summary>Fewer rows than this are a table like any other.</summary>
    private const int MinRows = 20;

    /// <summary>The ledger in a sheet; null when it is none.</summary>
    public static LedgerReading? Of(Sheet sheet, SheetFacts facts)
    {
        if (Header(sheet) is not { } header)
        {
            return null;
        }

        var (all, amounts) = (new List<Fact>(), new List<string>());
        var journals = new Dictionary<string, (List<Fact> Debits, List<Fact> Credits)>(StringComparer.Ordinal);
        foreach (var row in sheet.Rows.Where(row => row > header.Row))
        {
            if (sheet.At(row, header.Journal)?.Displayed is not { Length: > 0 } journal)
            {
                continue;
            }

            if (!journals.TryGetValue(journal, out var sides))
            {
                journals[journal] = sides = ([], []);
            }

            var currency = header.Currency > 0 ? sheet.At(row, header.Currency)?.Text?.Trim() : null;
            Add(sheet, row, header.Debit, $"{journal} debit", currency, sides.Debits);
            Add(sheet, row, header.Credit, $"{journal} credit", currency, sides.Credits);
        }

        return new LedgerReading(all, [.. journals.Values.Where(sides => sides.Debits.Count + sides.Credits.Count > 1).Select(Prove)], amounts);

        void Add(Sheet from, int row, int column, string label, string? currency, List<Fact> side)
        {
            if (from.At(row, column) is { Number: { } value } cell && value != 0)
            {
                var fact = facts.OfCell(from.Name, cell, label, 1, IsCode(currency) ? currency : null, Unit.Currency) with { Rule = "ledger/amount" };
                all.Add(fact);
                side.Add(fact);
                amounts.Add(cell.Stored);
            }
        }
    }

    private static bool IsCode(string? currency) => currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper);

    private static Proof Prove((List<Fact> Debits, List<Fact> Credits) sides)
    {
        var (debits, credits) = (sides.Debits.Sum(fact => fact.Value), sides.Credits.Sum(fact => fact.Value));
        List<Fact> cited = [.. sides.Debits, .. sides.Credits];
        return new Proof
        {
            Id = ProofBuilder.Id("balance", cited.Select(fact => fact.Id)),
            Kind = "balance",
            Statement = "The debits of a journal equal its credits",
            Outcome = debits == credits ? ProofOutcome.Holds : ProofOutcome.Fails,
            Expected = credits,
            Found = debits,
            Difference = debits - credits,
            Tolerance = 0,
            FactIds = [.. cited.Select(fact => fact.Id)],
            Cells = [.. cited.Select(fact => fact.Source)],
            Explanation = debits == credits ? null : SmallestChange.Find(
                Addend(sides.Debits[0], debits), sides.Credits.ConvertAll(fact => Addend(fact, fact.Value)), [])?.Describe(),
        };

        static Addend Addend(Fact fact, decimal value) => new(fact.Label, value, Math.Min((int)value.Scale, 6));
    }

    private static (int Row, int Debit, int Credit, int Journal, int Currency)? Header(Sheet sheet)
    {
        foreach (var row in sheet.Rows.Take(12))
        {
            var texts = sheet.Cells.Where(cell => cell.Row == row && cell.Text is not null).Select(cell => (cell.Column, Text: cell.Text!.Trim())).ToList();
            var debit = texts.Find(cell => Debit().IsMatch(cell.Text)).Column;
            var credit = texts.Find(cell => Credit().IsMatch(cell.Text)).Column;
            var journal = texts.Find(cell => Journal().IsMatch(cell.Text)).Column;
            if (debit > 0 && credit > 0 && journal > 0 && sheet.Rows.Count > MinRows)
            {
                return (row, debit, credit, journal, texts.Find(cell => cell.Text.Equals("currency", StringComparison.OrdinalIgnoreCase)).Column);
            }
        }

        return null;
    }

    [GeneratedRegex("^(debit|dr|debits?( amount)?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Debit();

    [GeneratedRegex("^(credit|cr|credits?( amount)?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Credit();

    [GeneratedRegex(@"^(journal|je|entry|voucher|document|transaction)([ _-]?(entry|id|no|number|#|\.))*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Journal();
}
