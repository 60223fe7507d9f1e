using Advisor.Documents.Reading.Pages;
using Azure;
using Azure.AI.FormRecognizer.DocumentAnalysis;
using Azure.Core;

namespace Advisor.Azure;

/// <summary>Recognises pages by the layout model of Document Intelligence.</summary>
/// <remarks>
/// One analysis for the pages that are asked for together, which are those of a range (<c>Documents:PagesPerRange</c>): the file goes there as a whole, and the pages that
/// are to be read, and paid for, are named. How long an analysis may take is the attempt's time of <c>Resilience:PageReading</c>. Safe for threads.
/// </remarks>
public sealed class DocumentIntelligenceRecognizer(DocumentAnalysisClient client) : IPageRecognizer
{
    internal const string Service = "Document Intelligence";

    /// <summary>Words as the reading model gives them, and the cells of tables, which tell numbers set close from those within a phrase.</summary>
    private const string Model = "prebuilt-layout";

    /// <summary>Between two looks at an analysis: its service asks for two seconds or more.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public async Task<IReadOnlyList<PageReading>> ReadAsync(string file, IReadOnlyList<PageReading> pages, CancellationToken cancellationToken)
    {
        if (pages.Count == 0)
        {
            return [];
        }

        var asked = Grounding.Ranges(pages.Select(page => page.Number)).Select(range => range.ToString()).ToList();
        var result = await AnalyzeAsync(file, asked, cancellationToken);
        var read = result.Pages.ToLookup(page => page.PageNumber);
        if (pages.FirstOrDefault(page => !read.Contains(page.Number)) is { } missing)
        {
            throw new ReadingToolException(
                $"Page {missing.Number} could not be recognised: {Service} left it out of its answer to pages {string.Join(',', asked)} (its free tier F0 reads the first two pages of a request and no more).");
        }

        var engine = $"document-intelligence {result.ModelId} {result.ServiceVersion}";
        return [.. pages.Select(page => DocumentIntelligencePage.Of(read[page.Number].First(), result.Tables, page) with { Engine = engine })];
    }

    /// <summary>A client that repeats more by itself than those of other services: what fails late, at the tenth look, throws away an analysis that was paid for.</summary>
    internal static DocumentAnalysisClient Connect(DocumentIntelligenceOptions options, TokenCredential credential) => new(
        options.ServiceUri!, credential,
        new DocumentAnalysisClientOptions { Retry = { MaxRetries = 3, Delay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(10), NetworkTimeout = TimeSpan.FromMinutes(1) } });

    private async Task<AnalyzeResult> AnalyzeAsync(string file, IReadOnlyList<string> pages, CancellationToken cancellationToken)
    {
        var options = new AnalyzeDocumentOptions();
        foreach (var range in pages)
        {
            options.Pages.Add(range);
        }

        try
        {
            AnalyzeDocumentOperation operation;
            await using (var document = File.OpenRead(file))
            {
                operation = await client.AnalyzeDocumentAsync(WaitUntil.Started, Model, document, options, cancellationToken);
            }

            return (await operation.WaitForCompletionAsync(s_look, cancellationToken)).Value;
        }
        catch (RequestFailedException fault) when (IsOfTheDocument(fault.Status))
        {
            throw new ReadingToolException(
                $"{(pages is [var one] && !one.Contains('-') ? "Page" : "Pages")} {string.Join(',', pages)} could not be recognised: {Service} {(fault.Status < 300 ? "gave the analysis up" : $"answered {fault.Status}")}{(string.IsNullOrEmpty(fault.ErrorCode) ? "" : $" ({fault.ErrorCode})")}.");
        }
        catch (Exception fault) when (AzureFaults.IsKnown(fault))
        {
            throw AzureFaults.Of(Service, fault);
        }
    }

    /// <summary>
    /// Whether the service refuses these pages, and goes on with others: content that it does not take, or an analysis that ended as failed, which comes as a fault
    /// with the status of a success. Repeating that is the activity's business, as it is where a program fails.
    /// </summary>
    private static bool IsOfTheDocument(int status) => status is (>= 200 and < 300) or 400 or 413 or 415 or 422;
}
