using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class ShareNotes
{
    public static void Fill(Leaf leaf)
    {
        leaf.Heading("Note 10. Earnings per share");
        leaf.Set(Grids.ThreeYears(
            Rows.First("Net income (loss)", Income.Net, 0),
            Rows.Item("Weighted average shares outstanding, basic", Income.BasicShares, 0),
            Rows.Item("Dilutive effect of restricted stock units", Income.DilutiveShares, 0),
            Rows.Sum("Weighted average shares outstanding, diluted", Income.DilutedShares),
            Rows.PerShare("Basic earnings (loss) per share", Income.BasicPerShare, 0),
            Rows.PerShare("Diluted earnings (loss) per share", Income.DilutedPerShare, 0)));
        leaf.Text("Because of the net loss, 418 thousand restricted stock units that would otherwise have been dilutive were left out of the computation for 2025.");
        leaf.Heading("Note 11. Stock-based compensation");
        leaf.Text("Expense for restricted stock units and the employee stock purchase plan was recorded in:").Space(-4);
        leaf.Set(Grids.ThreeYears(
            Rows.First("Cost of revenue", Notes.AwardCost, 0),
            Rows.Item("Selling, general and administrative", Notes.AwardSelling, 0),
            Rows.Item("Research and development", Notes.AwardResearch, 0),
            Rows.Grand("Total stock-based compensation", Equity.Compensation)));
        leaf.Text("Restricted stock units changed as follows in 2025:").Space(-4);
        leaf.Set(new Table([new Column("Units\n(in thousands)", 90, false), new Column("Weighted average\ngrant-date value", 96)], Units()));
        leaf.Text("Unrecognized cost of unvested units was $17.3 million at December 31, 2025, to be recognized over a weighted average of 1.9 years. The total fair value of units that vested in 2025 was $11.8 million.");
        leaf.Heading("Note 12. Restructuring");
        leaf.Text("In April 2025 the Company announced the closure of its plant in Chemnitz, Germany, and a reduction of its workforce. It expects to incur a further $1.5 million to $2.5 million in 2026. The liability changed as follows in 2025:").Space(-4);
        Figures total = Notes.Severance + Notes.Facilities;
        leaf.Set(new Table([new Column("Severance\nand benefits", 86), new Column("Facilities\nand other", 86), new Column("Total", 80)],
        [
            Movement("Balance at January 1, 2025", 0, Marks.Dollar),
            Movement("Charges", 1, Marks.None),
            Movement("Cash payments", 2, Marks.None),
            Movement("Exchange differences", 3, Marks.None),
            Rows.Grand("Balance at December 31, 2025", new Figures(Notes.Severance.Total(), Notes.Facilities.Total(), total.Total())),
        ]));

        Row Movement(string label, int index, Marks marks) =>
            new(label, Amounts.All(new Figures(Notes.Severance[index], Notes.Facilities[index], total[index]))) { Marks = marks };
    }

    // The closing value is the average that the movements lead to.
    private static Row[] Units()
    {
        decimal units = Notes.Units.Total();
        decimal value = Notes.Units.With(Notes.UnitValues, (count, each) => count * each).Total() / units;
        string[] labels = ["Unvested at January 1, 2025", "Granted", "Vested", "Forfeited"];
        return
        [
            .. labels.Select((label, index) => new Row(label, [Amounts.Thousands(Notes.Units[index]), Amounts.PerShare(Notes.UnitValues[index])])
            {
                Marks = index == 0 ? Marks.Dollar : Marks.None,
            }),
            new Row("Unvested at December 31, 2025", [Amounts.Thousands(units), Amounts.PerShare(value)])
            {
                Marks = Marks.Dollar | Marks.Strong,
            },
        ];
    }
}
