using System.Globalization;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class ContentsPage
{
    internal sealed record Entry(string Text, int Page);

    public static void Fill(Leaf leaf, IEnumerable<Entry> entries)
    {
        leaf.Title("Contents").Space(10);
        double y = leaf.Y;
        foreach (Entry entry in entries)
        {
            y += 19;
            string page = entry.Page.ToString(CultureInfo.InvariantCulture);
            double from = Leaf.Left + Face.Body.Width(entry.Text) + 6;
            double to = Leaf.Right - Face.Body.Width(page);
            leaf.Canvas.Text(entry.Text, Face.Body, Ink.Text, Leaf.Left, y);
            leaf.Canvas.Text(page, Face.Body, Ink.Text, to, y);
            PaintLeader(leaf, from, to - 8, y);
        }

        leaf.Space(y - leaf.Y + 24);
        leaf.Subheading("Forward-looking statements");
        leaf.Text("This report contains forward-looking statements, among them statements about demand, pricing, tariffs, inventory reduction, "
            + "liquidity and compliance with our covenants. Words such as “expect,” “plan,” “believe” and “should” identify them. They rest on "
            + "assumptions that may prove wrong, and actual results may differ materially for the reasons given under “Risk factors” and elsewhere "
            + "in this report. We undertake no obligation to update them, except as the law requires.");
        leaf.Text("Unless stated otherwise, “Northwind,” “we,” “us” and “our” mean Northwind Instruments, Inc. and its subsidiaries; years are "
            + "fiscal years, which end on December 31; and dollar amounts in tables are in thousands, except per share data.");
    }

    private static void PaintLeader(Leaf leaf, double from, double to, double y)
    {
        for (double x = to - ((to - from) % 5); x > from; x -= 5)
        {
            leaf.Canvas.Rectangle(Ink.Muted, x, y - 1, 0.8, 0.8);
        }
    }
}
