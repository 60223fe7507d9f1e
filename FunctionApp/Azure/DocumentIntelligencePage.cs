using System.Drawing;
using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Reasoning;
using Azure.AI.FormRecognizer.DocumentAnalysis;

namespace Advisor.Azure;

/// <summary>Turns a page of Document Intelligence into the product's.</summary>
/// <remarks>
/// The service has inches for PDFs and pixels for pictures, from the top left of the page as it is shown, and a polygon for each word, askew or sideways as the text
/// stands. A box is the upright rectangle around the polygon. Ticked boxes and barcodes are no words of the service's, and are left out.
/// </remarks>
internal static class DocumentIntelligencePage
{
    private const double PointsPerInch = 72;

    /// <param name="tables">Of the whole answer.</param>
    /// <param name="empty">The page as the reader of the text layer left it.</param>
    /// <exception cref="ReadingToolException">The service does not say how large the page is.</exception>
    public static PageReading Of(DocumentPage page, IEnumerable<DocumentTable> tables, PageReading empty)
    {
        if (page is not { Width: > 0 and < float.PositiveInfinity, Height: > 0 and < float.PositiveInfinity, Unit: not null })
        {
            throw new ReadingToolException($"Page {empty.Number} could not be recognised: {DocumentIntelligenceRecognizer.Service} does not say how large it is.");
        }

        var scale = PointsPerUnit(page, empty);
        var (width, height) = (Math.Round(page.Width.Value * scale, 2), Math.Round(page.Height.Value * scale, 2));
        var words = page.Words
            .Where(word => !string.IsNullOrWhiteSpace(word.Content))
            .Select(word => (Text: word.Content.Trim(), Box: Around(word.BoundingPolygon, scale, width, height), word.Confidence))
            .Where(word => word.Box is not null)
            .Select(word => new Word(
                word.Text, (double)word.Box!.Value.Left, (double)word.Box.Value.Top, (double)word.Box.Value.Right, (double)word.Box.Value.Bottom, Confidence(word.Confidence)));
        var cells = tables.SelectMany(table => table.Cells)
            .Where(cell => !string.IsNullOrWhiteSpace(cell.Content))
            .SelectMany(cell => cell.BoundingRegions)
            .Where(region => region.PageNumber == page.PageNumber)
            .Select(region => Around(region.BoundingPolygon, scale, width, height))
            .OfType<Box>();
        var (turn, askew) = Angle(page.Angle ?? 0);
        return new PageReading(empty.Number, width, height, ReadingMethod.Service, [.. words], PageSkew.Of(Math.Tan(askew * Math.PI / 180))) { Turn = turn, Cells = [.. cells] };
    }

    /// <summary>A picture's pixels have no size of their own: the page's longer side is as long as the text layer's reader says, whichever way it is turned.</summary>
    private static double PointsPerUnit(DocumentPage page, PageReading empty) => page.Unit == DocumentPageLengthUnit.Inch
        ? PointsPerInch
        : Math.Max(empty.Width, empty.Height) / Math.Max(page.Width!.Value, page.Height!.Value);

    /// <summary>Quarter turns clockwise, and the degrees that remain.</summary>
    private static (int Turn, double Askew) Angle(float degrees)
    {
        if (!float.IsFinite(degrees))
        {
            return (0, 0);
        }

        var turns = Math.Round(degrees / 90d);
        return ((((int)turns % 4) + 4) % 4, degrees - (turns * 90));
    }

    /// <summary>The rectangle around a polygon, within the page; null for one without an area there: what has no place cannot be shown to anybody.</summary>
    private static Box? Around(IReadOnlyList<PointF>? polygon, double scale, double width, double height)
    {
        if (polygon is not { Count: > 0 } || polygon.Any(point => !float.IsFinite(point.X) || !float.IsFinite(point.Y)))
        {
            return null;
        }

        var box = new Box(
            Points(polygon.Min(point => point.X) * scale, width), Points(polygon.Min(point => point.Y) * scale, height),
            Points(polygon.Max(point => point.X) * scale, width), Points(polygon.Max(point => point.Y) * scale, height));
        return box.Right > box.Left && box.Bottom > box.Top ? box : null;
    }

    private static decimal Points(double value, double most) => Math.Round((decimal)Math.Clamp(value, 0, most), 2);

    /// <summary>Four digits are what the service gives; a float has more, which mean nothing.</summary>
    private static double Confidence(float confidence) => float.IsNaN(confidence) ? 0 : Math.Round(Math.Clamp((double)confidence, 0, 1), 4);
}
