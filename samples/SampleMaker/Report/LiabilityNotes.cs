using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class LiabilityNotes
{
    public static void DebtAndLeases(Leaf leaf)
    {
        leaf.Heading("Note 7. Debt");
        leaf.Set(Grids.TwoYearEnds(
            Rows.First("Term loan, due March 2028, at 6.42% and 6.68%", Notes.TermLoan, 0),
            Rows.Item("Revolving credit facility, due March 2028, at 6.58% and 6.81%", Notes.Revolver, 0),
            Rows.Item("Senior notes, 5.85%, due September 2030", Notes.SeniorNotes, 0),
            Rows.Sum("Total principal", Notes.Principal),
            Rows.Item("Less unamortized issuance costs", Notes.IssuanceCosts, 0),
            Rows.Sum("Total debt", Notes.Debt),
            Rows.Item("Less current portion", -Balance.CurrentDebt, 0),
            Rows.Grand("Long-term debt, less current portion", Balance.LongTermDebt)));
        leaf.Text($"The credit agreement of March 2023 provides the term loan and a revolving credit facility of $150.0 million, of which {Amounts.Millions(Notes.Revolver[0])} was drawn and $2.1 million was used for letters of credit at December 31, 2025. It is secured by "
            + $"substantially all domestic assets, and limits the ratio of total debt to adjusted EBITDA to 4.25 ({Ebitda.Leverage(0)} at December 31, 2025) and requires that of adjusted EBITDA to interest to be at least 3.00. The Company complied with both. The covenant was amended in February 2026 (Note 14). "
            + "The fair value of the senior notes was $93.4 million (level 2).");
        leaf.Text("Principal is due as follows:").Space(-4);
        leaf.Set(AssetNotes.AcrossYears("Principal", Notes.Maturities));
        leaf.Heading("Note 8. Leases");
        leaf.Text("The Company leases laboratories, offices, one factory and vehicles under operating leases that expire between 2026 and 2034. The costs were:").Space(-4);
        leaf.Set(Grids.ThreeYears(
            Rows.First("Operating lease cost", Notes.OperatingLeaseCost, 0),
            Rows.Item("Short-term lease cost", Notes.ShortTermLeaseCost, 0),
            Rows.Item("Variable lease cost", Notes.VariableLeaseCost, 0),
            Rows.Grand("Total lease cost", Figures.Sum(Notes.OperatingLeaseCost, Notes.ShortTermLeaseCost, Notes.VariableLeaseCost))));
        leaf.Text("Payments under operating leases at December 31, 2025 are due as follows:").Space(-4);
        Table years = AssetNotes.ByYear(Notes.LeaseMaturities, "Total lease payments");
        leaf.Set(years with
        {
            Rows =
            [
                .. years.Rows.SkipLast(1),
                Rows.Sum("Total lease payments", new Figures(Notes.LeaseMaturities.Total())),
                Rows.Item("Less imputed interest", Notes.LeaseInterest, 0),
                Rows.Grand("Total operating lease liabilities", new Figures(Notes.LeaseMaturities.Total() + Notes.LeaseInterest[0])),
            ],
        });
        leaf.Text($"Of the total, {Amounts.Millions(Balance.CurrentLeases[0])} is current. The weighted average remaining term was 4.9 years and the weighted average discount rate 5.6%.");
    }
}
