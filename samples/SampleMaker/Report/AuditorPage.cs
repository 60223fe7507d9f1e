using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class AuditorPage
{
    public static void Fill(Leaf leaf)
    {
        leaf.Title("Report of independent registered public accounting firm").Space(2);
        leaf.Text($"To the Stockholders and the Board of Directors of {Company.Name}");
        leaf.Subheading("Opinion on the financial statements");
        leaf.Text($"We have audited the accompanying consolidated balance sheets of {Company.Name} and subsidiaries (the Company) as of December 31, 2025 and 2024, the related consolidated statements of income, "
            + "comprehensive income, stockholders’ equity and cash flows for each of the three years in the period ended December 31, 2025, and the related notes (collectively, the consolidated financial statements). "
            + "In our opinion, the consolidated financial statements present fairly, in all material respects, the financial position of the Company at December 31, 2025 and 2024, and the results of its operations and its cash flows "
            + "for each of the three years in the period ended December 31, 2025, in conformity with accounting principles generally accepted in the United States of America.");
        leaf.Subheading("Basis for opinion");
        leaf.Text("These financial statements are the responsibility of the Company’s management. Our responsibility is to express an opinion on them based on our audits. We are required to be independent with respect to the Company. "
            + "We planned and performed our audits to obtain reasonable assurance about whether the financial statements are free of material misstatement, whether due to error or fraud. Our audits included procedures to assess the risks of material misstatement, and "
            + "procedures that respond to those risks, including the examination, on a test basis, of evidence regarding the amounts and disclosures. We believe that our audits provide a reasonable basis for our opinion.");
        leaf.Subheading("Critical audit matters");
        leaf.Text("Critical audit matters are matters that were communicated or required to be communicated to the audit committee, relate to accounts or disclosures that are material to the financial statements, and involved especially challenging, subjective or complex judgments.");
        leaf.Text("Valuation of inventories.", $"As described in Note 3, the Company reduces inventories by the cost of items that it does not expect to use or sell within 24 months. Inventories were {Amounts.Millions(Balance.Inventories[0])} at December 31, 2025. Auditing the "
            + "reserve was challenging because it depends on forecasts of demand at a time when demand was falling. We tested the controls over the forecasts, compared earlier forecasts with what was sold, examined orders received after year end, and recomputed the reserve by item.");
        leaf.Text("Impairment of goodwill.", $"As described in Note 5, the Company recognized an impairment of {Amounts.Millions(Income.Impairment[0])} in its Process Instrumentation reporting unit. Auditing its fair value was complex because of the judgment in the discount rate and in "
            + "expected revenue growth. With our valuation specialists we compared these with market data, tested how sensitive the result is to them, and compared the fair values of all reporting units with the Company’s market capitalization.");
        leaf.Space(14);
        leaf.Text(Company.Auditor).Space(-4);
        leaf.Text("We have served as the Company’s auditor since 2011.").Space(-4);
        leaf.Text("Minneapolis, Minnesota").Space(-4);
        leaf.Text("February 27, 2026");
    }
}
