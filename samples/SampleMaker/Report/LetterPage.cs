using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class LetterPage
{
    public static void Fill(Leaf leaf)
    {
        leaf.Title("To our stockholders").Space(4);
        leaf.Text($"2025 was the hardest year Northwind has had since it became a public company. Net revenue fell {Amounts.Change(Income.Revenue[0], Income.Revenue[1])} "
            + $"to {Amounts.Millions(Income.Revenue[0])}, gross margin fell to {Amounts.Share(Income.GrossProfit[0], Income.Revenue[0])} from "
            + $"{Amounts.Share(Income.GrossProfit[1], Income.Revenue[1])}, and we report a net loss of {Amounts.Millions(Income.Net[0])}, or "
            + $"${Amounts.PerShare(-Income.DilutedPerShare[0])} per diluted share, where a year ago we reported net income of {Amounts.Millions(Income.Net[1])}. You deserve a "
            + "plain account of what happened, what we did about it, and what we got wrong.");
        leaf.Text("What happened.", "Semiconductor and electronics customers, who buy a little under half of our test and measurement products, cut their capital "
            + $"budgets in the first quarter and cut them again in the third. Revenue of that segment fell {Amounts.Change(Segments.TestAndMeasurement[0], Segments.TestAndMeasurement[1])}. "
            + "Tariffs on electronic components raised our material costs before our price increases could reach the backlog, and our Process Instrumentation "
            + "business, most of whose European customers are chemical companies, lost volume that we no longer expect to return in full. We therefore wrote "
            + $"off {Amounts.Millions(Income.Impairment[0])} of its goodwill.");
        leaf.Text("What we got wrong.", $"We built inventory for a recovery that did not come. Inventories rose by {Amounts.Millions(Balance.Inventories[0] - Balance.Inventories[1])} "
            + $"while sales were falling, and receivables rose by {Amounts.Millions(Balance.Receivables[0] - Balance.Receivables[1])} because we gave distributors longer terms to keep "
            + $"shelf space. Cash from operations was {Amounts.Millions(CashFlow.Operating[0])}, against {Amounts.Millions(CashFlow.Operating[1])} in 2024, and we ended the year with "
            + $"{Amounts.Millions(Balance.Cash[0])} of cash. In hindsight we should also have stopped repurchasing shares in May rather than in September.");
        leaf.Text("What we did.", $"We closed our plant in Chemnitz, Germany, reduced our workforce by 9%, and took restructuring charges of {Amounts.Millions(Income.Restructuring[0])}. "
            + "Purchase commitments for 2026 are a third lower than they were a year ago. We suspended share repurchases, and in February 2026 our lenders agreed to "
            + "amend the leverage covenant through the end of the year. We expect inventories to fall in each quarter of 2026, and we will report that number to you "
            + "every quarter without adjustment.");
        leaf.Text("What gives us confidence.", $"Calibration and Services grew for the sixth year in a row, by {Amounts.Change(Segments.Services[0], Segments.Services[1])}, and earned more than "
            + "it ever has. Four out of five instruments we ship come back to one of our laboratories for calibration, and they come back whether or not customers are "
            + "buying new ones. Our N-Series oscilloscopes, launched in November, have been accepted by the first three customers that evaluated them.");
        leaf.Text("We are grateful to the 2,610 people of Northwind, who carried a heavier load than they should have had to, and to you for your patience, which we do "
            + "not take for granted.");
        leaf.Space(26);
        leaf.Text(Company.Chief).Space(-6);
        leaf.Text("President and Chief Executive Officer");
        leaf.Text("Duluth, Minnesota, February 27, 2026");
    }
}
