namespace Advisor.Documents.Reading.Pages;

/// <summary>Recognises the words of pages that have no text layer: a program beside the product, or a service that the host registers before <c>AddAdvisor</c>.</summary>
public interface IPageRecognizer
{
    /// <param name="file">Local copy of the PDF.</param>
    /// <param name="pages">The pages that are wanted, as the reader of the text layer left them: numbers and sizes count.</param>
    /// <returns>
    /// The wanted pages in their order, with words, confidences, boxes and what read them. Boxes lie on the page, in points from its top left as it is shown. A
    /// page on which nothing was recognised has no words.
    /// </returns>
    /// <exception cref="ReadingToolException">These pages cannot be recognised.</exception>
    Task<IReadOnlyList<PageReading>> ReadAsync(string file, IReadOnlyList<PageReading> pages, CancellationToken cancellationToken);
}
