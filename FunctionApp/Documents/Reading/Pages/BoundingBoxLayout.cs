using System.Globalization;
using System.Xml;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Reading.Pages;

/// <summary>Reads the XHTML that <c>pdftotext -bbox-layout</c> and <c>-bbox</c> write.</summary>
public static class BoundingBoxLayout
{
    /// <summary>The pages in order; a page that holds no word is there with an empty list.</summary>
    /// <param name="firstPage">Number of the first page in the text.</param>
    /// <exception cref="XmlException">The text is not such XHTML, or ends early.</exception>
    public static List<PageReading> Parse(TextReader text, int firstPage)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            CheckCharacters = false,
            IgnoreWhitespace = true,
        };
        using var reader = XmlReader.Create(new PrintableReader(text), settings);
        var pages = new List<PageReading>();
        var words = new List<Word>();
        double width = 0, height = 0;
        reader.Read();
        while (!reader.EOF)
        {
            switch (reader.NodeType, reader.Name)
            {
                case (XmlNodeType.Element, "page"):
                    (width, height, words) = (Number(reader, "width"), Number(reader, "height"), []);
                    if (reader.IsEmptyElement)
                    {
                        pages.Add(new PageReading(firstPage + pages.Count, width, height, ReadingMethod.TextLayer, words));
                    }

                    reader.Read();
                    break;
                case (XmlNodeType.EndElement, "page"):
                    pages.Add(new PageReading(firstPage + pages.Count, width, height, ReadingMethod.TextLayer, words));
                    reader.Read();
                    break;
                case (XmlNodeType.Element, "word"):
                    AddWord(reader, words);
                    break;
                default:
                    reader.Read();
                    break;
            }
        }

        return pages;
    }

    /// <summary>Leaves the reader on the node after the word.</summary>
    private static void AddWord(XmlReader reader, List<Word> words)
    {
        var (left, top, right, bottom) = (Number(reader, "xMin"), Number(reader, "yMin"), Number(reader, "xMax"), Number(reader, "yMax"));
        var text = reader.ReadElementContentAsString().Trim();
        if (text.Length > 0)
        {
            words.Add(new Word(text, left, top, right, bottom));
        }
    }

    private static double Number(XmlReader reader, string attribute) =>
        double.TryParse(reader.GetAttribute(attribute), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? Math.Round(value, 2)
            : throw new XmlException($"'{reader.Name}' has no numeric '{attribute}'.");
}
