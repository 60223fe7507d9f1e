using System.Globalization;
using System.Xml;

namespace Advisor.Documents.Reading.Pages;

/// <summary>What a PDF says of itself.</summary>
public abstract record PdfInspection
{
    private PdfInspection()
    {
    }

    public sealed record Readable(int Pages) : PdfInspection;

    /// <summary>It opens only with a password.</summary>
    public sealed record NeedsPassword : PdfInspection;

    /// <summary>It is damaged beyond what the reader repairs.</summary>
    public sealed record Damaged(string Detail) : PdfInspection;
}

/// <summary>Reads PDFs with poppler's command-line tools.</summary>
public static class PdfReader
{
    private const string Package = "poppler-utils";

    /// <summary>Longest that reading one range of pages may take.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(120);

    public static async Task<PdfInspection> InspectAsync(string file, CancellationToken cancellationToken)
    {
        var (output, exitCode, error) = await ChildProcess.RunAsync(
            "pdfinfo", Package, [file], s_timeout, reader => reader.ReadToEnd(), cancellationToken);
        if (exitCode != 0)
        {
            return error.Contains("password", StringComparison.OrdinalIgnoreCase)
                ? new PdfInspection.NeedsPassword()
                : new PdfInspection.Damaged(error);
        }

        var pages = output.Split('\n')
            .Where(line => line.StartsWith("Pages:", StringComparison.Ordinal))
            .Select(line => int.TryParse(line["Pages:".Length..], NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .FirstOrDefault();
        return pages > 0 ? new PdfInspection.Readable(pages) : new PdfInspection.Damaged("It has no pages.");
    }

    /// <summary>The words of a range of pages from the text layer. A page without a text layer comes back without words.</summary>
    /// <param name="first">First page, from 1.</param>
    /// <param name="last">Last page, inclusive.</param>
    /// <exception cref="ReadingToolException">The reader failed, or its output broke off.</exception>
    public static async Task<List<PageReading>> ReadAsync(string file, int first, int last, CancellationToken cancellationToken)
    {
        var engine = await ReadingEngine.OfAsync("poppler", "pdftotext", Package, "-v", cancellationToken);
        var pages = await ReadAsync("-bbox-layout", file, first, last, cancellationToken);
        return pages.ConvertAll(page => page with { Engine = engine });
    }

    /// <summary>The same words by another path: poppler's raw word list, which shares no layout analysis with <see cref="ReadAsync(string, int, int, CancellationToken)"/>.</summary>
    /// <exception cref="ReadingToolException">The reader failed, or its output broke off.</exception>
    public static Task<List<PageReading>> ReadAgainAsync(string file, int first, int last, CancellationToken cancellationToken) =>
        ReadAsync("-bbox", file, first, last, cancellationToken);

    private static async Task<List<PageReading>> ReadAsync(string mode, string file, int first, int last, CancellationToken cancellationToken)
    {
        string[] arguments = [mode, "-f", Text(first), "-l", Text(last), file, "-"];
        try
        {
            var (pages, exitCode, error) = await ChildProcess.RunAsync(
                "pdftotext", Package, arguments, s_timeout, reader => BoundingBoxLayout.Parse(reader, first), cancellationToken);
            return exitCode == 0
                ? pages
                : throw ReadingToolException.Of($"Pages {first} to {last} could not be read", "pdftotext", exitCode, error);
        }
        catch (XmlException fault)
        {
            throw new ReadingToolException($"Pages {first} to {last} could not be read: the reader's output broke off ({fault.Message}).");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
