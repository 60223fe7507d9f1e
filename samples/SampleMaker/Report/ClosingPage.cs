using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class ClosingPage
{
    public static void Fill(Leaf leaf)
    {
        leaf.Heading("Note 13. Commitments and contingencies");
        leaf.Text("The Company has committed itself to buy components and services that it cannot cancel without significant penalty:").Space(-4);
        leaf.Set(new Table(Grids.Columns(84, "Amount"),
        [
            Rows.First("2026", new Figures(Notes.PurchasesByYear[0]), 0),
            Rows.Item("2027", new Figures(Notes.PurchasesByYear[1]), 0),
            Rows.Item("2028", new Figures(Notes.PurchasesByYear[2]), 0),
            Rows.Grand("Total purchase commitments", new Figures(Notes.PurchasesByYear.Total())),
        ])
        { Stub = "Year ending December 31," });
        leaf.Text("In March 2024 a competitor sued the Company for infringement of two patents and seeks $38.0 million in damages. The Company believes that a loss is reasonably possible but not probable; it cannot estimate a range and has accrued nothing. "
            + "It has accrued $2.1 million for the treatment of ground water at a former site.");
        leaf.Heading("Note 14. Subsequent events");
        leaf.Text("On February 18, 2026 the Company and its lenders amended the credit agreement. The ratio of total debt to adjusted EBITDA may not exceed 5.00 until December 31, 2026, 4.75 until June 30, 2027, and 4.25 thereafter. The margin over the reference rate rises by "
            + "half a percentage point while the ratio exceeds 4.00, and repurchases of shares are not permitted while it exceeds 3.50. The Company paid fees of $1.1 million.");
        leaf.Text("On February 24, 2026 the Board of Directors declared a dividend of $0.13 per share, payable on March 27, 2026 to stockholders of record on March 13, 2026.");
        leaf.Title("Signatures");
        leaf.Text($"Pursuant to the requirements of Section 13 or 15(d) of the Securities Exchange Act of 1934, the registrant has caused this report to be signed on its behalf by the undersigned, thereunto duly authorized, on February 27, 2026.").Space(8);
        Sign(leaf, Company.Chief, "President, Chief Executive Officer and Director (principal executive officer)");
        Sign(leaf, Company.FinanceChief, "Senior Vice President and Chief Financial Officer (principal financial officer)");
        Sign(leaf, "Priya K. Lindqvist", "Vice President and Corporate Controller (principal accounting officer)");
        Sign(leaf, "Harold J. Mbeki", "Chairman of the Board of Directors");
        Sign(leaf, "Susan A. Thorvald", "Director and Chair of the Audit Committee");
        Sign(leaf, "Luis F. Armitage", "Director");
    }

    private static void Sign(Leaf leaf, string name, string office)
    {
        leaf.Space(12);
        leaf.Canvas.Text($"/s/ {name}", Face.BodyLead, Ink.Text, Leaf.Left, leaf.Y + 8);
        leaf.Canvas.Line(Ink.Hairline, Leaf.Left, leaf.Y + 11, Leaf.Left + 200, leaf.Y + 11);
        leaf.Canvas.Text(name, Face.Small, Ink.Text, Leaf.Left, leaf.Y + 21);
        leaf.Canvas.Text(office, Face.SmallItalic, Ink.Text, Leaf.Left + 212, leaf.Y + 21);
        leaf.Space(20);
    }
}
