// The real package is not annotated for nullable references; neither is this.
#nullable disable

using System.Drawing;

namespace Azure.AI.FormRecognizer.DocumentAnalysis;

/// <summary>What an analysis found.</summary>
public class AnalyzeResult
{
    internal AnalyzeResult()
    {
    }

    public string ModelId { get; internal init; }

    public IReadOnlyList<DocumentPage> Pages { get; internal init; }

    /// <summary>Version of the service's interface by which the result was made.</summary>
    public string ServiceVersion { get; internal init; }

    public IReadOnlyList<DocumentTable> Tables { get; internal init; }
}

/// <summary>A page.</summary>
public class DocumentPage
{
    internal DocumentPage()
    {
    }

    /// <summary>How far its text is turned clockwise, in degrees above -180 and up to 180.</summary>
    public float? Angle { get; internal init; }

    public float? Height { get; internal init; }

    /// <summary>From 1, in the document.</summary>
    public int PageNumber { get; internal init; }

    /// <summary>Of width, height and polygons.</summary>
    public DocumentPageLengthUnit? Unit { get; internal init; }

    public float? Width { get; internal init; }

    public IReadOnlyList<DocumentWord> Words { get; internal init; }
}

/// <summary>Pixels for images, inches for PDFs.</summary>
public enum DocumentPageLengthUnit
{
    Pixel = 0,
    Inch = 1,
}

/// <summary>A word and where it stands.</summary>
public class DocumentWord
{
    internal DocumentWord()
    {
    }

    /// <summary>Corners clockwise from the top left of the word, as it is turned.</summary>
    public IReadOnlyList<PointF> BoundingPolygon { get; internal init; }

    public float Confidence { get; internal init; }

    public string Content { get; internal init; }
}

/// <summary>A table.</summary>
public class DocumentTable
{
    internal DocumentTable()
    {
    }

    public IReadOnlyList<DocumentTableCell> Cells { get; internal init; }
}

/// <summary>A cell of a table.</summary>
public class DocumentTableCell
{
    internal DocumentTableCell()
    {
    }

    public IReadOnlyList<BoundingRegion> BoundingRegions { get; internal init; }

    public string Content { get; internal init; }
}

/// <summary>A place on a page.</summary>
public readonly struct BoundingRegion
{
    internal BoundingRegion(int pageNumber, IReadOnlyList<PointF> boundingPolygon) => (PageNumber, BoundingPolygon) = (pageNumber, boundingPolygon);

    public IReadOnlyList<PointF> BoundingPolygon { get; }

    public int PageNumber { get; }
}

/// <summary>Whether a cell heads a row or a column.</summary>
public readonly struct DocumentTableCellKind
{
}

/// <summary>A part of the document's text.</summary>
public readonly struct DocumentSpan
{
}

/// <summary>What is known of a resource.</summary>
public class ResourceDetails
{
    internal ResourceDetails()
    {
    }
}

/// <summary>A document within the file.</summary>
public class AnalyzedDocument
{
    internal AnalyzedDocument()
    {
    }
}

/// <summary>A barcode.</summary>
public class DocumentBarcode
{
    internal DocumentBarcode()
    {
    }
}

/// <summary>A formula.</summary>
public class DocumentFormula
{
    internal DocumentFormula()
    {
    }
}

/// <summary>A label and its value.</summary>
public class DocumentKeyValuePair
{
    internal DocumentKeyValuePair()
    {
    }
}

/// <summary>A language of a part of the text.</summary>
public class DocumentLanguage
{
    internal DocumentLanguage()
    {
    }
}

/// <summary>A line.</summary>
public class DocumentLine
{
    internal DocumentLine()
    {
    }
}

/// <summary>A paragraph.</summary>
public class DocumentParagraph
{
    internal DocumentParagraph()
    {
    }
}

/// <summary>A box to be ticked.</summary>
public class DocumentSelectionMark
{
    internal DocumentSelectionMark()
    {
    }
}

/// <summary>How a part of the text is set.</summary>
public class DocumentStyle
{
    internal DocumentStyle()
    {
    }
}
