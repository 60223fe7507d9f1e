using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class BusinessPages
{
    public static void First(Leaf leaf)
    {
        leaf.Title("Item 1. Business");
        leaf.Heading("Overview");
        leaf.Text("Northwind designs, makes and services instruments that measure electrical signals, pressure, flow and temperature. Engineers use them to develop "
            + "products, manufacturers to test them, and process plants to keep running safely. We were founded in Duluth, Minnesota, in 1958 as a maker of "
            + "marine barometers, and have been listed since 1994. We serve about 11,400 customers in 62 countries through our own sales force and through distributors.");
        leaf.Heading("Segments");
        leaf.Text("Test and Measurement", "designs oscilloscopes, signal analyzers, power supplies and modular test systems. Its customers are semiconductor, "
            + $"electronics, automotive and defense companies and universities. It accounted for {Amounts.Share(Segments.TestAndMeasurement[0], Income.Revenue[0])} of net revenue in 2025.");
        leaf.Text("Process Instrumentation", "makes pressure transmitters, flow meters and temperature sensors for chemical, energy, water and food plants. It accounted for "
            + $"{Amounts.Share(Segments.Process[0], Income.Revenue[0])} of net revenue in 2025. Orders follow customers’ maintenance schedules and, for new plants, their capital budgets.");
        leaf.Text("Calibration and Services", "calibrates, repairs and certifies our own and other makers’ instruments in fourteen accredited laboratories, and sells extended warranties and "
            + $"software maintenance. It accounted for {Amounts.Share(Segments.Services[0], Income.Revenue[0])} of net revenue in 2025, up from {Amounts.Share(Segments.Services[2], Income.Revenue[2])} in 2023.");
        leaf.Set(Grids.ThreeYears(
            Rows.Head("Net revenue by segment (in thousands)"),
            Rows.First("Test and Measurement", Segments.TestAndMeasurement),
            Rows.Item("Process Instrumentation", Segments.Process),
            Rows.Item("Calibration and Services", Segments.Services),
            Rows.Grand("Total net revenue", Income.Revenue)));
        leaf.Heading("Customers and distribution");
        leaf.Text("Distributors account for about 44% of product sales. One distributor, serving North America, accounted for 11% of net revenue in 2025 and 10% in each "
            + "of 2024 and 2023; no other customer exceeded 5%. In the second quarter of 2025 we extended standard payment terms for our largest distributors from 45 to 75 days, in "
            + "answer to similar offers by competitors.");
    }

    public static void Second(Leaf leaf)
    {
        leaf.Heading("Manufacturing and supply");
        leaf.Text("We assemble and test in Duluth; Penang, Malaysia; and Limerick, Ireland. Production in Chemnitz, Germany, ended in October 2025 and was moved to Limerick. "
            + "Printed circuit boards, displays and enclosures are bought from contract manufacturers. Certain analog-to-digital converters come from a single source, for which we hold "
            + "about nine months of supply. That stock, together with finished instruments built ahead of orders that were later pushed out or cancelled, explains most of the increase in "
            + "inventories in 2025.");
        leaf.Heading("Backlog");
        leaf.Text("Backlog believed to be firm was $142.6 million at December 31, 2025, compared with $187.3 million a year earlier, a decrease of 23.9%. We expect to ship about 88% of it "
            + "in 2026. Orders may be rescheduled or cancelled by customers, in most cases without significant penalty, and backlog is therefore no reliable measure of future revenue.");
        leaf.Heading("Research and development");
        leaf.Text($"We spent {Amounts.Millions(Income.Research[0])} on research and development in 2025, {Amounts.Millions(Income.Research[1])} in 2024 and {Amounts.Millions(Income.Research[2])} in 2023, "
            + $"or {Amounts.Share(Income.Research[0], Income.Revenue[0])}, {Amounts.Share(Income.Research[1], Income.Revenue[1])} and {Amounts.Share(Income.Research[2], Income.Revenue[2])} of net revenue. The N-Series "
            + "family of oscilloscopes, the largest program in our history, was released for sale in November 2025.");
        leaf.Heading("Competition");
        leaf.Text("Our markets are competitive. In test and measurement we compete with companies that are several times our size and can bundle instruments with design software; in process "
            + "instrumentation with the instrument divisions of automation groups; in calibration with the laboratories of other makers and with many local firms. We compete on accuracy, "
            + "reliability, ease of use, service and price. Price mattered more in 2025 than in any recent year.");
        leaf.Heading("Intellectual property");
        leaf.Text("We held 418 patents at December 31, 2025, which expire between 2026 and 2044, and 96 pending applications. We do not believe that the loss of any one of them would be material, "
            + "but rely on all of them together, on trade secrets and on the know-how of our people.");
        leaf.Heading("People");
        leaf.Text("We employed 2,610 people at December 31, 2025, of whom 1,480 were in the United States, compared with 2,868 a year earlier. Our employees in Ireland are represented by a trade union, and "
            + "those in Germany by a works council, with which we agreed the terms of the Chemnitz closure in June 2025. Voluntary turnover was 12.4% in 2025 and 9.1% in 2024.");
        leaf.Heading("Seasonality");
        leaf.Text("The fourth quarter is usually our strongest, since customers spend what is left of their budgets. In 2025 it was the weakest, as the table of quarterly results in Item 7 shows.");
        leaf.Heading("Environmental matters and regulation");
        leaf.Text("Some of our signal analyzers require export licenses. The ground water under our former plating shop in Superior, Wisconsin, is being treated under an agreement with the state; "
            + "the $2.1 million accrued for it is included in other liabilities and is expected to be spent over nine years.");
    }
}
