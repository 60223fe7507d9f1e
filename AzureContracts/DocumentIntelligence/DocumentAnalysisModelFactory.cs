// The real package is not annotated for nullable references; neither is this.
#nullable disable

using System.Drawing;

namespace Azure.AI.FormRecognizer.DocumentAnalysis;

/// <summary>Makes the values that only the service could make otherwise.</summary>
public static class DocumentAnalysisModelFactory
{
    public static AnalyzeResult AnalyzeResult(
        string modelId = null,
        string content = null,
        IEnumerable<DocumentPage> pages = null,
        IEnumerable<DocumentTable> tables = null,
        IEnumerable<DocumentKeyValuePair> keyValuePairs = null,
        IEnumerable<DocumentStyle> styles = null,
        IEnumerable<DocumentLanguage> languages = null,
        IEnumerable<AnalyzedDocument> documents = null,
        IEnumerable<DocumentParagraph> paragraphs = null,
        string serviceVersion = null) =>
        new() { ModelId = modelId, Pages = [.. pages ?? []], Tables = [.. tables ?? []], ServiceVersion = serviceVersion };

    public static BoundingRegion BoundingRegion(int pageNumber = 0, IReadOnlyList<PointF> boundingPolygon = null) => new(pageNumber, boundingPolygon);

    public static DocumentPage DocumentPage(
        int pageNumber = 0,
        float? angle = default,
        float? width = default,
        float? height = default,
        DocumentPageLengthUnit? unit = default,
        IEnumerable<DocumentSpan> spans = null,
        IEnumerable<DocumentWord> words = null,
        IEnumerable<DocumentSelectionMark> selectionMarks = null,
        IEnumerable<DocumentLine> lines = null,
        IEnumerable<DocumentBarcode> barcodes = null,
        IEnumerable<DocumentFormula> formulas = null) =>
        new() { PageNumber = pageNumber, Angle = angle, Width = width, Height = height, Unit = unit, Words = [.. words ?? []] };

    public static DocumentTable DocumentTable(
        int rowCount = 0,
        int columnCount = 0,
        IEnumerable<DocumentTableCell> cells = null,
        IEnumerable<BoundingRegion> boundingRegions = null,
        IEnumerable<DocumentSpan> spans = null) =>
        new() { Cells = [.. cells ?? []] };

    public static DocumentTableCell DocumentTableCell(
        DocumentTableCellKind kind = default,
        int rowIndex = 0,
        int columnIndex = 0,
        int rowSpan = 0,
        int columnSpan = 0,
        string content = null,
        IEnumerable<BoundingRegion> boundingRegions = null,
        IEnumerable<DocumentSpan> spans = null) =>
        new() { Content = content, BoundingRegions = [.. boundingRegions ?? []] };

    public static DocumentWord DocumentWord(
        string content = null, IReadOnlyList<PointF> boundingPolygon = null, DocumentSpan span = default, float confidence = 0f) =>
        new() { Content = content, BoundingPolygon = boundingPolygon, Confidence = confidence };
}
