using Advisor.Samples.Books;
using Advisor.Samples.Pdf;
using Advisor.Samples.Report;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Scan;

/// <summary>A balance sheet that was typeset, printed and scanned: one grayscale image, no text layer.</summary>
internal static class ScannedPage
{
    private const int Resolution = 170;

    public static void Write(string path)
    {
        Pixels pixels = Rasterizer.Render(Original(), Resolution).Rotate(degrees: 0.4).Age(seed: 7);
        PdfDocument document = new("Scanned page", "Tamarack Supply Cooperative", "A fictitious balance sheet, made as a sample");
        document.AddPage().Image(JpegEncoder.Encode(pixels, quality: 38), pixels.Width, pixels.Height);
        File.WriteAllBytes(path, document.ToArray());
    }

    private static byte[] Original()
    {
        PdfDocument document = new("Balance sheet", "Tamarack Supply Cooperative", "The page that is scanned");
        Leaf leaf = new(document.AddPage(), 1);
        leaf.Centred("Tamarack Supply Cooperative", new Face("LiberationSerif-Bold", 16), Ink.Text, 30);
        leaf.Centred("Balance Sheets", new Face("LiberationSerif-Bold", 13), Ink.Text, 20);
        leaf.Centred("September 30, 2025 and 2024 (in US dollars)", Face.Body, Ink.Text, 16).Space(10);

        Figures cash = new(184_260, 142_915);
        Figures receivables = new(396_418, 371_204);
        Figures inventories = new(742_655, 688_130);
        Figures prepaid = new(28_347, 31_082);
        Figures current = Figures.Sum(cash, receivables, inventories, prepaid);
        Figures property = new(1_215_600, 1_248_377);
        Figures investments = new(163_500, 158_250);
        Figures assets = Figures.Sum(current, property, investments);
        Figures payables = new(318_726, 287_540);
        Figures patronage = new(64_180, 71_360);
        Figures notes = new(95_000, 90_000);
        Figures currentLiabilities = Figures.Sum(payables, patronage, notes);
        Figures longTerm = new(612_500, 707_500);
        Figures liabilities = currentLiabilities + longTerm;
        Figures shares = new(412_300, 405_900);
        Figures retained = assets - liabilities - shares;
        leaf.Set(new Table(Grids.Columns(92, "2025", "2024"),
        [
            Rows.Head("Assets"),
            Rows.First("Cash and cash equivalents", cash),
            Rows.Item("Accounts receivable", receivables),
            Rows.Item("Inventories", inventories),
            Rows.Item("Prepaid expenses", prepaid),
            Rows.Sum("Total current assets", current),
            Rows.Item("Property and equipment, net", property),
            Rows.Item("Investments in other cooperatives", investments),
            Rows.Grand("Total assets", assets),
            Rows.Head("Liabilities and members’ equity", 12),
            Rows.First("Accounts payable", payables),
            Rows.Item("Patronage dividends payable", patronage),
            Rows.Item("Current portion of long-term debt", notes),
            Rows.Sum("Total current liabilities", currentLiabilities),
            Rows.Item("Long-term debt", longTerm),
            Rows.Sum("Total liabilities", liabilities),
            Rows.Item("Members’ shares", shares),
            Rows.Item("Retained earnings", retained),
            Rows.Sum("Total members’ equity", shares + retained),
            Rows.Grand("Total liabilities and members’ equity", liabilities + shares + retained),
        ])
        { LineHeight = 17 });
        leaf.Space(16);
        leaf.Text("Approved by the Board of Directors on November 14, 2025. The notes are kept at the office of the cooperative.");
        return document.ToArray();
    }
}
