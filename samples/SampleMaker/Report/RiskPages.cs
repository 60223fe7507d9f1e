using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class RiskPages
{
    public static void First(Leaf leaf)
    {
        leaf.Title("Item 1A. Risk factors");
        leaf.Text("Any of the following risks could materially harm our business, results of operations, cash flows or financial condition.");
        leaf.Text("Demand for our products follows our customers’ capital spending.", "Semiconductor and electronics customers reduced theirs sharply in 2025. We cannot say when they will "
            + "increase it again. Much of our cost is fixed in the short term, so a decrease in revenue reduces operating income by far more in proportion, as it did in 2025.");
        leaf.Text("We may not be able to sell the inventory we hold.", $"Inventories grew by {Amounts.Change(Balance.Inventories[0], Balance.Inventories[1])} in 2025 while product revenue fell by "
            + $"{Amounts.Change(Income.ProductRevenue[0], Income.ProductRevenue[1])}. We recorded write-downs of {Amounts.Millions(CashFlow.WriteDowns[0])}. If demand does not recover, or if the N-Series makes older models "
            + "obsolete sooner than we assume, further write-downs will follow and could be significant.");
        leaf.Text("Our debt limits our freedom, and we came close to a covenant limit.", $"At December 31, 2025 we owed {Amounts.Millions(Notes.Principal[0])} of principal. Our leverage ratio, as the credit agreement "
            + $"defines it, was {Ebitda.Leverage(0)} against a maximum of 4.25. Our lenders have since agreed to a higher limit until December 31, 2026. Should we exceed it, they could "
            + "demand repayment, which we could not make from our own funds.");
        leaf.Text("Longer payment terms expose us to our distributors’ credit.", $"Receivables were {Amounts.Millions(Balance.Receivables[0])} at year end, {Amounts.Change(Balance.Receivables[0], Balance.Receivables[1])} more than a year "
            + "before on lower revenue. Several distributors are thinly capitalized and hold more of our products than they currently sell in two quarters.");
        leaf.Text("More of our goodwill may become impaired.", "The fair value of the Process Instrumentation reporting unit equals its carrying amount after the impairment of 2025. Any decrease in its expected "
            + "cash flows, or any increase in the discount rate, would therefore lead to a further charge. The fair value of Test and Measurement exceeded its carrying amount by 14%.");
        leaf.Text("Tariffs raise our costs and may lower our sales.", "About 37% of the materials we buy cross a border that became subject to new or higher tariffs in 2025. We estimate that they cost us $9.4 million, "
            + "of which price increases recovered less than half.");
        leaf.Text("Some components come from one source.", "The loss of the supplier of our fastest converters would stop the production of models that accounted for 19% of product revenue. A second source "
            + "has been qualified for two of five parts.");
        leaf.Text("Cyber attacks could interrupt our business.", "Customers connect our instruments to their networks. We detected and contained one intrusion into a calibration laboratory’s systems in 2024; no customer "
            + "data is known to have left it.");
        leaf.Text("Currency movements affect our results.", $"About {Amounts.Share(Income.Revenue[0] - Segments.UnitedStates[0], Income.Revenue[0])} of net revenue comes from outside the United States, mostly in euros, yen and Chinese yuan.");
        leaf.Text("We depend on people who are in demand elsewhere.", "The closure of Chemnitz and the reduction in force cost us experienced engineers, some of whom joined competitors.");
    }

    public static void Second(Leaf leaf)
    {
        leaf.Title("Items 2 to 4");
        leaf.Heading("Item 2. Properties");
        leaf.Text("Our principal properties at December 31, 2025, which we believe suitable for their purposes, were:");
        Column[] columns = [new("Owned or\nleased", 90, false), new("Square feet\n(in thousands)", 96, false)];
        leaf.Set(new Table(columns,
        [
            new Row("Duluth, Minnesota (headquarters, manufacturing, research)", ["Owned", "412"]),
            new Row("Penang, Malaysia (manufacturing)", ["Leased", "186"]),
            new Row("Limerick, Ireland (manufacturing, research)", ["Owned", "164"]),
            new Row("Chemnitz, Germany (closed; held for sublease until the end of the lease in 2028)", ["Leased", "98"]),
            new Row("Fourteen calibration laboratories in nine countries", ["Leased", "137"]),
        ])
        { Stub = "Location and use" });
        leaf.Heading("Item 3. Legal proceedings");
        leaf.Text("In March 2024 a competitor, Calloway Metrics Corp., sued us in the United States District Court for the District of Minnesota, alleging that the trigger circuits of our M-Series "
            + "oscilloscopes infringe two of its patents. It seeks $38.0 million in damages and an injunction. We believe that we have meritorious defenses, and have asked the court to find the patents invalid. "
            + "The trial is set for October 2026. We have accrued nothing, since a loss is reasonably possible but not probable, and cannot estimate a range.");
        leaf.Text("We are party to other proceedings that arise in the ordinary course of business, none of which we expect to be material.");
        leaf.Heading("Item 4. Mine safety disclosures");
        leaf.Text("Not applicable.");
        leaf.Heading("Our executive officers");
        leaf.Text(Company.Chief + ",", "58, has been President and Chief Executive Officer since 2019. She joined us in 2004 as an engineer.");
        leaf.Text(Company.FinanceChief + ",", "49, has been Senior Vice President and Chief Financial Officer since April 2025, when his predecessor resigned.");
        leaf.Text("Ingrid S. Halloran,", "52, has been Senior Vice President, Test and Measurement, since 2021.");
        leaf.Text("Rafael T. Quintero,", "46, has been Vice President, Process Instrumentation, since January 2026.");
        leaf.Text("Mei-Lin Castellane,", "61, has been Vice President, General Counsel and Secretary since 2012.");
        leaf.Heading("Controls and procedures");
        leaf.Text("Our management, with the participation of the chief executive officer and the chief financial officer, evaluated our disclosure controls and our internal control over financial reporting as of "
            + "December 31, 2025, and concluded that both were effective. During the fourth quarter we introduced a monthly review of slow-moving inventories by segment; there was no other change that materially affected, or is "
            + "reasonably likely to materially affect, our internal control over financial reporting.");
    }
}
