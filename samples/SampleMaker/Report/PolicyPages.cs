using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class PolicyPages
{
    public static void First(Leaf leaf)
    {
        leaf.Title("Notes to consolidated financial statements");
        leaf.Text("(tabular amounts in thousands, except per share data)");
        leaf.Heading("Note 1. Summary of significant accounting policies");
        leaf.Text("Nature of operations.", $"{Company.Name} and its subsidiaries (the Company) design, make and service instruments for electronic test and measurement and for process control.");
        leaf.Text("Principles of consolidation.", "The financial statements include the Company and its subsidiaries, all of which are wholly owned. Balances and transactions between them have been eliminated.");
        leaf.Text("Use of estimates.", "The preparation of financial statements requires estimates and assumptions that affect reported amounts. Actual results may differ from them.");
        leaf.Text("Revenue recognition.", "Revenue from products is recognized when control passes to the customer, which is usually on shipment. Revenue from calibration and repair is recognized when the work is done; revenue from "
            + "extended warranties and software maintenance, evenly over the contract. Distributors may return up to 5% of what they bought in the preceding six months; revenue is reduced by expected returns, rebates and price protection.");
        leaf.Text("Cash and cash equivalents.", "Investments that mature within three months of their purchase are cash equivalents. Their carrying amount approximates fair value.");
        leaf.Text("Accounts receivable.", "Receivables are stated net of an allowance for expected credit losses, estimated from the age of balances, the condition of customers and forecasts of the economy.");
        leaf.Text("Inventories.", "Inventories are stated at the lower of cost, determined first in, first out, and net realizable value. Items not expected to be used or sold within 24 months are written down.");
        leaf.Text("Property, plant and equipment.", "Property, plant and equipment is stated at cost and depreciated by the straight-line method over estimated useful lives of 10 to 40 years for buildings and improvements, 5 to 12 years for machinery and equipment, and "
            + "3 to 7 years for computer equipment and software.");
        leaf.Text("Goodwill and intangible assets.", "Goodwill is not amortized but is tested for impairment every year on October 1, and between those dates when events call for it, at the level of reporting units, which are the Company’s three segments. "
            + "Other intangible assets are amortized by the straight-line method over 7 to 20 years.");
        leaf.Text("Research and development.", "Costs of research and development are expensed when incurred.");
        leaf.Text("Warranty.", "Products carry a warranty of one to three years. Its expected cost is accrued when revenue is recognized.");
        leaf.Text("Leases.", "Right-of-use assets and lease liabilities are recognized for leases of more than twelve months, at the present value of the payments, discounted at the Company’s incremental borrowing rate.");
        leaf.Text("Derivatives.", "Interest rate swaps are designated as cash flow hedges and carried at fair value, determined from observable interest rates (level 2); their changes are recorded in other comprehensive income.");
        leaf.Text("Foreign currencies.", "The functional currency of most foreign subsidiaries is the local one. Their assets and liabilities are translated at year-end rates and their results at average rates; differences are recorded in other comprehensive income.");
    }

    public static void Revenue(Leaf leaf)
    {
        leaf.Heading("Note 2. Revenue and segment information");
        leaf.Text("The Company has three reportable segments. The chief executive officer, who is the chief operating decision maker, allocates resources by segment operating income, compared every month with plan and with the year before. Assets are not reported by segment.").Space(-2);
        leaf.Set(Grids.ThreeYears(
            Rows.Head("Net revenue:"),
            Rows.First("Test and Measurement", Segments.TestAndMeasurement),
            Rows.Item("Process Instrumentation", Segments.Process),
            Rows.Item("Calibration and Services", Segments.Services),
            Rows.Grand("Total net revenue", Income.Revenue),
            Rows.Head("Segment operating income:", 4),
            Rows.First("Test and Measurement", Segments.TestAndMeasurementIncome),
            Rows.Item("Process Instrumentation", Segments.ProcessIncome),
            Rows.Item("Calibration and Services", Segments.ServicesIncome),
            Rows.Sum("Total segment operating income", Segments.SegmentIncome),
            Rows.Item("Corporate and unallocated", Segments.Corporate),
            Rows.Item("Amortization of intangible assets", -Income.Amortization),
            Rows.Item("Restructuring charges", -Income.Restructuring),
            Rows.Item("Impairment of goodwill", -Income.Impairment),
            Rows.Grand("Operating income", Income.OperatingIncome)));
        leaf.Text("Net revenue by geography, according to the location of the customer, was:").Space(-2);
        leaf.Set(Grids.ThreeYears(
            Rows.First("United States", Segments.UnitedStates, 0),
            Rows.Item("Other Americas", Segments.OtherAmericas, 0),
            Rows.Item("Europe, the Middle East and Africa", Segments.Europe, 0),
            Rows.Item("Asia Pacific", Segments.AsiaPacific, 0),
            Rows.Grand("Total net revenue", Segments.Geography)));
        leaf.Text("One distributor, a customer of all three segments, accounted for 11% of net revenue in 2025, and for 10% in 2024 and in 2023. It owed the Company 17% of accounts receivable at December 31, 2025.");
        leaf.Text($"Contract liabilities are payments received for services not yet performed. Of the {Amounts.Millions(Balance.ContractLiabilities[1])} at December 31, 2024, $20.9 million was recognized as revenue in 2025. Remaining performance obligations of contracts "
            + "longer than a year were $31.7 million at December 31, 2025, of which the Company expects to recognize 68% in 2026.");
        leaf.Text("In 2025 about 83% of net revenue was recognized at a point in time, and the remainder over time. Long-lived assets, other than financial instruments and deferred taxes, were located 61% in the United States, 18% in Malaysia, 16% in Ireland and 5% elsewhere.");
    }
}
