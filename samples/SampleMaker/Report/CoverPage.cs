using Advisor.Samples.Typesetting;
using Advisor.Samples.Pdf;

namespace Advisor.Samples.Report;

internal static class CoverPage
{
    private static readonly Face Name = new("LiberationSans-Bold", 30);
    private static readonly Face Large = new("LiberationSerif-Regular", 17);
    private static readonly Face Middle = new("LiberationSerif-Regular", 12);

    public static void Fill(Leaf leaf)
    {
        PdfCanvas canvas = leaf.Canvas;
        canvas.Rectangle(Ink.Heading, 0, 0, 612, 250);
        canvas.Text("Northwind", Name, Ink.White, Leaf.Left, 150);
        canvas.Text("Instruments, Inc.", Name, Ink.White, Leaf.Left, 186);
        canvas.Line(new Pen(Ink.White, 2), Leaf.Left, 206, Leaf.Left + 60, 206);

        leaf.Space(220);
        leaf.Centred("ANNUAL REPORT ON FORM 10-K", Large, Ink.Heading, 0);
        leaf.Centred("Annual report pursuant to Section 13 or 15(d) of the Securities Exchange Act of 1934", Face.Small, Ink.Text, 20);
        leaf.Centred("For the fiscal year ended December 31, 2025", Middle, Ink.Text, 34);
        leaf.Centred("Commission file number 000-00000", Face.Small, Ink.Muted, 18);

        Pair(leaf, 40, "Delaware", "State of incorporation");
        Pair(leaf, 34, "400 Harbor View Road, Duluth, Minnesota 55802", "Address of principal executive offices");
        Pair(leaf, 34, "Common stock, par value $0.01 per share (trading symbol: NWIX)", "Securities registered pursuant to Section 12(b) of the Act");
        Pair(leaf, 34, "37,043,118 shares of common stock", "Outstanding as of February 20, 2026");
        Pair(leaf, 34, "$798.4 million", "Aggregate market value held by non-affiliates as of June 30, 2025");

        canvas.Line(Ink.Hairline, Leaf.Left, 716, Leaf.Right, 716);
        Face small = Face.SmallItalic;
        const string notice = "Northwind Instruments, Inc. is fictitious. This document was made as a sample and was never filed with anyone.";
        canvas.Text(notice, small, Ink.Muted, 306 - (small.Width(notice) / 2), 732);
    }

    private static void Pair(Leaf leaf, double advance, string value, string caption)
    {
        leaf.Centred(value, Middle, Ink.Text, advance);
        leaf.Centred(caption, Face.SmallItalic, Ink.Muted, 12);
    }
}
