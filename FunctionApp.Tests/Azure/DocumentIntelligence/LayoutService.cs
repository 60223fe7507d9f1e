using System.Collections.Concurrent;
using System.Drawing;
using Advisor.Documents.Reading.Pages;
using Azure;
using Azure.AI.FormRecognizer.DocumentAnalysis;
using Moq;

namespace Advisor.Tests.Azure.DocumentIntelligence;

/// <summary>Stands in for the service: keeps what it is sent, and answers as the test says, or fails as the service would.</summary>
internal sealed class LayoutService
{
    private readonly Mock<DocumentAnalysisClient> _client = new();
    private readonly ConcurrentQueue<Analysis> _sent = new();
    private int _refused;

    public LayoutService() => _client
        .Setup(client => client.AnalyzeDocumentAsync(It.IsAny<WaitUntil>(), It.IsAny<string>(), It.IsAny<Stream>(), It.IsAny<AnalyzeDocumentOptions>(), It.IsAny<CancellationToken>()))
        .Returns(async (WaitUntil wait, string model, Stream document, AnalyzeDocumentOptions options, CancellationToken cancellationToken) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var content = new MemoryStream();
            await document.CopyToAsync(content, cancellationToken);
            _sent.Enqueue(new Analysis(wait, model, string.Join(',', options.Pages), content.ToArray()));
            return Refusal is { } refusal && _refused++ < Refusals ? throw refusal : Operation(options.Pages).Object;
        });

    /// <summary>A request, as it came.</summary>
    public sealed record Analysis(WaitUntil Wait, string Model, string Pages, byte[] Content);

    public DocumentAnalysisClient Client => _client.Object;

    public IReadOnlyList<Analysis> Sent => [.. _sent];

    /// <summary>What requests are answered with in place of an analysis.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Requests that are refused; those after them are not.</summary>
    public int Refusals { get; set; } = int.MaxValue;

    /// <summary>How an analysis that was taken ends in place of a result.</summary>
    public Exception? Failure { get; set; }

    public bool NeverEnds { get; set; }

    /// <summary>Pause between two looks at an analysis, as it was asked for.</summary>
    public TimeSpan? Look { get; private set; }

    /// <summary>The answer to a request for these pages.</summary>
    public Func<IReadOnlyList<int>, AnalyzeResult> Answer { get; set; } = pages => Result([.. pages.Select(page => Page(page, [Word("word", 1, 1, 2, 1.2f)]))]);

    public static AnalyzeResult Result(DocumentPage[] pages, params DocumentTable[] tables) =>
        DocumentAnalysisModelFactory.AnalyzeResult(modelId: "prebuilt-layout", pages: pages, tables: tables, serviceVersion: "2023-07-31");

    public static DocumentPage Page(
        int number, IEnumerable<DocumentWord> words, float? width = 8.5f, float? height = 11, DocumentPageLengthUnit? unit = DocumentPageLengthUnit.Inch, float? angle = 0) =>
        DocumentAnalysisModelFactory.DocumentPage(pageNumber: number, angle: angle, width: width, height: height, unit: unit, words: words);

    public static DocumentWord Word(string text, float left, float top, float right, float bottom, float confidence = 0.98f) =>
        Word(text, confidence, new PointF(left, top), new PointF(right, top), new PointF(right, bottom), new PointF(left, bottom));

    public static DocumentWord Word(string text, float confidence, params PointF[] polygon) =>
        DocumentAnalysisModelFactory.DocumentWord(content: text, boundingPolygon: polygon, confidence: confidence);

    /// <summary>A table of one cell.</summary>
    public static DocumentTable Cell(int page, string text, float left, float top, float right, float bottom) =>
        Cell(page, text, new PointF(left, top), new PointF(right, top), new PointF(right, bottom), new PointF(left, bottom));

    public static DocumentTable Cell(int page, string text, params PointF[] polygon) => DocumentAnalysisModelFactory.DocumentTable(
        rowCount: 1, columnCount: 1, cells: [DocumentAnalysisModelFactory.DocumentTableCell(content: text, boundingRegions: [DocumentAnalysisModelFactory.BoundingRegion(page, polygon)])]);

    /// <summary>Words in points, as the service gives them for a PDF.</summary>
    public static IEnumerable<DocumentWord> InInches(IEnumerable<Word> words) =>
        words.Select(word => Word(word.Text, (float)(word.Left / 72), (float)(word.Top / 72), (float)(word.Right / 72), (float)(word.Bottom / 72)));

    public static RequestFailedException Failed(int status, string? code) => new(status, "as the test asked", code, null);

    private Mock<AnalyzeDocumentOperation> Operation(IEnumerable<string> pages)
    {
        var asked = pages.SelectMany(Numbers).ToList();
        var operation = new Mock<AnalyzeDocumentOperation>();
        operation.Setup(analysis => analysis.WaitForCompletionAsync(It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>())).Returns(async (TimeSpan look, CancellationToken cancellationToken) =>
        {
            Look = look;
            if (NeverEnds)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return Failure is { } failure ? throw failure : Response.FromValue(Answer(asked), Mock.Of<Response>());
        });
        return operation;
    }

    private static IEnumerable<int> Numbers(string range)
    {
        var ends = Array.ConvertAll(range.Split('-'), int.Parse);
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    }
}
