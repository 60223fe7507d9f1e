using System.Globalization;
using System.Text;

namespace Advisor.Samples.Ledger;

/// <summary>
/// A year of journals with log-normal amounts, and two planted faults: a cluster of payments just under the approval limit by one user, and
/// one journal whose sides differ by two transposed digits.
/// </summary>
internal static class LedgerExtract
{
    private const string Splitter = "r.vance-holt";
    private const int Journals = 1_330;
    private const int UnbalancedJournal = 911;
    private static readonly decimal[] UnderTheLimit = [9_950m, 9_900m, 9_800m, 9_990m, 9_975m];

    public static void Write(string path)
    {
        Draws draws = new(20251231);
        List<Journal> journals = [.. Enumerable.Range(0, Journals).Select(_ => Ordinary(draws)), .. Splits(draws)];
        List<Journal> ordered = [.. journals.Select((journal, index) => (journal, index)).OrderBy(x => x.journal.Date).ThenBy(x => x.index).Select(x => x.journal)];
        StringBuilder text = new("date,journal,account,account_name,description,debit,credit,currency,posted_by\n");
        for (int index = 0; index < ordered.Count; index++)
        {
            int number = index + 1;
            Journal journal = number == UnbalancedJournal ? Unbalanced(ordered[index]) : ordered[index];
            foreach (Posting posting in journal.Postings)
            {
                string debit = posting.Amount > 0 ? Number(posting.Amount) : "";
                string credit = posting.Amount < 0 ? Number(-posting.Amount) : "";
                text.Append(CultureInfo.InvariantCulture, $"{journal.Date:yyyy-MM-dd},JE-{number:0000},{posting.Account.Number},{posting.Account.Name},{journal.Description},{debit},{credit},USD,{journal.PostedBy}\n");
            }
        }

        File.WriteAllText(path, text.ToString());
    }

    // Kinds of journal in the proportions of a trading company; none of them uses an amount that repeats.
    private static Journal Ordinary(Draws draws)
    {
        DateOnly date = Workday(draws);
        string clerk = draws.Pick(Chart.Clerks);
        decimal amount;
        switch (draws.Below(100))
        {
            case < 34:
                amount = draws.Amount(1_450, 1.45);
                decimal tax = Math.Round(amount * 0.07m, 2);
                Account sales = draws.Below(3) == 0 ? Chart.PackagingSales : Chart.PrintSales;
                return new(date, clerk, $"Invoice to {draws.Pick(Chart.Customers)}", [new(Chart.Receivable, amount + tax), new(sales, -amount), new(Chart.SalesTax, -tax)]);
            case < 54:
                amount = draws.Amount(1_600, 1.5);
                return new(date, clerk, $"Receipt from {draws.Pick(Chart.Customers)}", [new(Chart.Bank, amount), new(Chart.Receivable, -amount)]);
            case < 74:
                amount = draws.Amount(420, 1.55);
                return new(date, clerk, $"Bill from {draws.Pick(Chart.Suppliers)}", [new(draws.Pick(Chart.Overheads), amount), new(Chart.Payable, -amount)]);
            case < 82:
                amount = draws.Amount(2_300, 1.4);
                decimal freight = Math.Round(amount * (decimal)(0.02 + (0.06 * draws.Uniform())), 2);
                return new(date, clerk, $"Stock from {draws.Pick(Chart.Suppliers)}", [new(Chart.Paper, amount), new(Chart.Overheads[0], freight), new(Chart.Payable, -amount - freight)]);
            case < 92:
                amount = draws.Amount(980, 1.55);
                return new(date, clerk, $"Payment to {draws.Pick(Chart.Suppliers)}", [new(Chart.Payable, amount), new(Chart.Bank, -amount)]);
            case < 96:
                amount = draws.Amount(1_900, 1.4);
                return new(date, clerk, "Material used in production", [new(Chart.MaterialCost, amount), new(Chart.Paper, -amount)]);
            case < 98:
                amount = draws.Amount(2_600, 1.3);
                return new(date, clerk, "Wages of the shift teams", [new(Chart.WageCost, amount), new(Chart.Wages, -amount)]);
            default:
                amount = draws.Amount(1_100, 1.4);
                return new(date, clerk, "Depreciation of machinery", [new(Chart.DepreciationCost, amount), new(Chart.Depreciation, -amount)]);
        }
    }

    // Payments over 10,000.00 need a second approval; these stay under it, within twelve weeks, to one supplier.
    private static IEnumerable<Journal> Splits(Draws draws) => Enumerable.Range(0, 36).Select(index =>
    {
        DateOnly date = new DateOnly(2025, 8, 4).AddDays((index / 3 * 7) + draws.Below(5));
        decimal amount = draws.Pick(UnderTheLimit);
        return new Journal(date, Splitter, "Payment to Meridian Advisory", [new(Chart.Consulting, amount), new(Chart.Bank, -amount)]);
    });

    private static Journal Unbalanced(Journal journal)
    {
        Posting last = journal.Postings[^1];
        return journal with { Postings = [.. journal.Postings.SkipLast(1), last with { Amount = -Transpose(-last.Amount) }] };
    }

    // Exchanges the two digits before the decimal point.
    private static decimal Transpose(decimal amount)
    {
        decimal tens = Math.Floor(amount / 10) % 10;
        decimal ones = Math.Floor(amount) % 10;
        return tens == ones
            ? throw new InvalidOperationException("The digits are equal: choose another journal to unbalance.")
            : amount + (9 * (ones - tens));
    }

    private static DateOnly Workday(Draws draws)
    {
        DateOnly date = new DateOnly(2025, 1, 2).AddDays(draws.Below(363));
        return date.DayOfWeek switch
        {
            DayOfWeek.Saturday => date.AddDays(-1),
            DayOfWeek.Sunday => date.AddDays(-2),
            _ => date,
        };
    }

    private static string Number(decimal value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
