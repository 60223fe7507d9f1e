using System.Globalization;
using Advisor.Samples.Pdf;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

/// <summary>The annual report: each page is a method that fills one leaf; the contents are set last, when every page is known.</summary>
internal static class AnnualReport
{
    private sealed record PageOf(string? Entry, Action<Leaf> Fill, bool Statement = false);

    private static readonly PageOf[] Pages =
    [
        new(null, CoverPage.Fill),
        new("Contents", _ => { }),
        new("Letter to our stockholders", LetterPage.Fill),
        new("Item 1. Business", BusinessPages.First),
        new(null, BusinessPages.Second),
        new("Item 1A. Risk factors", RiskPages.First),
        new("Items 2 to 4. Properties, legal proceedings and other matters", RiskPages.Second),
        new("Items 5 and 6. Market for our common stock; selected financial data", SelectedDataPage.Fill),
        new("Item 7. Management’s discussion and analysis", DiscussionPages.Overview),
        new(null, DiscussionPages.Results),
        new(null, LiquidityPages.Liquidity),
        new("Item 7A. Quantitative and qualitative disclosures about market risk", LiquidityPages.Estimates),
        new("Report of independent registered public accounting firm", AuditorPage.Fill),
        new("Consolidated statements of income and of comprehensive income", StatementPages.Income, true),
        new("Consolidated balance sheets", StatementPages.BalanceSheet, true),
        new("Consolidated statements of cash flows", StatementPages.CashFlows, true),
        new("Consolidated statements of stockholders’ equity", EquityPage.Fill, true),
        new("Notes to consolidated financial statements", PolicyPages.First),
        new(null, PolicyPages.Revenue),
        new(null, AssetNotes.InventoriesAndProperty),
        new(null, AssetNotes.Goodwill),
        new(null, LiabilityNotes.DebtAndLeases),
        new(null, TaxNote.Fill),
        new(null, ShareNotes.Fill),
        new("Signatures", ClosingPage.Fill),
    ];

    public static void Write(string path)
    {
        PdfDocument document = new($"{Company.Name} 2025 Annual Report on Form 10-K", Company.Name, "A fictitious company's annual report, made as a sample");
        List<ContentsPage.Entry> entries = [];
        List<PdfCanvas> canvases = [];
        for (int index = 0; index < Pages.Length; index++)
        {
            PageOf content = Pages[index];
            PdfCanvas canvas = document.AddPage();
            canvases.Add(canvas);
            if (index > 0)
            {
                PaintFrame(canvas, index + 1, content.Statement);
            }

            content.Fill(new Leaf(canvas, index + 1));
            if (content.Entry is not null)
            {
                document.AddOutline(content.Entry, index);
                entries.Add(new ContentsPage.Entry(content.Entry, index + 1));
            }
        }

        ContentsPage.Fill(new Leaf(canvases[1], 2), entries.Where(entry => entry.Page > 2));
        File.WriteAllBytes(path, document.ToArray());
    }

    private static void PaintFrame(PdfCanvas canvas, int number, bool statement)
    {
        const string right = "2025 Annual Report on Form 10-K";
        canvas.Text(Company.Name, Face.Running, Ink.Muted, Leaf.Left, 50);
        canvas.Text(right, Face.Running, Ink.Muted, Leaf.Right - Face.Running.Width(right), 50);
        canvas.Line(Ink.Hairline, Leaf.Left, 56, Leaf.Right, 56);
        string folio = number.ToString(CultureInfo.InvariantCulture);
        double middle = (Leaf.Left + Leaf.Right) / 2;
        canvas.Text(folio, Face.Running, Ink.Muted, middle - (Face.Running.Width(folio) / 2), 760);
        if (statement)
        {
            canvas.Text(Company.Notice, Face.SmallItalic, Ink.Text, middle - (Face.SmallItalic.Width(Company.Notice) / 2), 742);
        }
    }
}
