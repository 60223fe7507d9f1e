using System.Globalization;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Reading.Pages;

/// <summary>Recognises pages on this machine: rendered by poppler, recognised by tesseract with its word confidences.</summary>
/// <remarks>Text that stands sideways on the page as it is shown is not recognised.</remarks>
public sealed class TesseractRecognizer : IPageRecognizer
{
    /// <summary>Dots per inch of the rendering; tesseract's documentation asks for at least 300.</summary>
    private const int Resolution = 300;

    private const double PointsPerPixel = 72.0 / Resolution;

    /// <summary>Words that a line needs to show its slope.</summary>
    private const int MinSkewWords = 3;

    private const string Program = "tesseract";

    private const string Package = "tesseract-ocr";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(120);

    /// <inheritdoc />
    /// <exception cref="MissingToolException">poppler or tesseract is not installed.</exception>
    public async Task<IReadOnlyList<PageReading>> ReadAsync(string file, IReadOnlyList<PageReading> pages, CancellationToken cancellationToken)
    {
        var engine = await ReadingEngine.OfAsync(Program, Program, Package, "--version", cancellationToken);
        var read = new List<PageReading>(pages.Count);
        foreach (var page in pages)
        {
            read.Add(await ReadAsync(file, page, cancellationToken) with { Engine = engine });
        }

        return read;
    }

    private static async Task<PageReading> ReadAsync(string file, PageReading empty, CancellationToken cancellationToken)
    {
        var stem = Path.Combine(Path.GetTempPath(), $"advisor-ocr-{Guid.NewGuid():N}");
        try
        {
            var page = empty.Number.ToString(CultureInfo.InvariantCulture);
            string[] render = ["-r", Resolution.ToString(CultureInfo.InvariantCulture), "-gray", "-f", page, "-l", page, "-singlefile", "-png", file, stem];
            var (_, rendered, renderError) = await ChildProcess.RunAsync(
                "pdftoppm", "poppler-utils", render, s_timeout, reader => reader.ReadToEnd(), cancellationToken);
            if (rendered != 0)
            {
                throw ReadingToolException.Of($"Page {page} could not be rendered", "pdftoppm", rendered, renderError);
            }

            // The page as it is shown: the text layer's reader gives the size before the page's own rotation.
            var (width, height) = PngSize.Of(stem + ".png");
            string[] recognise = [stem + ".png", "stdout", "--psm", "6", "-c", "preserve_interword_spaces=1", "tsv"];
            var (read, recognised, error) = await ChildProcess.RunAsync(Program, Package, recognise, s_timeout, ParseTsv, cancellationToken);
            return recognised == 0
                ? new PageReading(empty.Number, Points(width), Points(height), ReadingMethod.Ocr, read.Words, read.Skew)
                : throw ReadingToolException.Of($"Page {page} could not be recognised", Program, recognised, error);
        }
        finally
        {
            File.Delete(stem + ".png");
        }
    }

    /// <summary>Words of tesseract's TSV, pixel boxes turned into points and percent confidences into [0,1]; malformed rows are skipped.</summary>
    /// <returns>The words in reading order, and the skew of the page.</returns>
    public static (List<Word> Words, double Skew) ParseTsv(TextReader tsv)
    {
        var words = new List<Word>();
        var lines = new Dictionary<string, List<Word>>(StringComparer.Ordinal);
        while (tsv.ReadLine() is { } row)
        {
            var fields = row.Split('\t');
            if (fields.Length < 12 || fields[0] != "5" || string.IsNullOrWhiteSpace(fields[11])
                || !TryNumber(fields[6], out var left) || !TryNumber(fields[7], out var top)
                || !TryNumber(fields[8], out var width) || !TryNumber(fields[9], out var height)
                || !TryNumber(fields[10], out var confidence))
            {
                continue;
            }

            var word = new Word(
                fields[11].Trim(),
                Points(left),
                Points(top),
                Points(left + width),
                Points(top + height),
                Math.Clamp(confidence / 100, 0, 1));
            words.Add(word);
            var line = $"{fields[2]}/{fields[3]}/{fields[4]}";
            if (!lines.TryGetValue(line, out var members))
            {
                lines[line] = members = [];
            }

            members.Add(word);
        }

        return (words, SkewOf(lines.Values));
    }

    /// <summary>The median slope of the lines that are long enough to show one, by least squares through the words' feet.</summary>
    private static double SkewOf(IEnumerable<List<Word>> lines)
    {
        var slopes = lines.Where(line => line.Count >= MinSkewWords).Select(Slope).Order().ToList();
        return slopes.Count == 0 ? 0 : PageSkew.Of(slopes[slopes.Count / 2]);
    }

    private static double Slope(List<Word> line)
    {
        var (x, y) = (line.Average(word => word.Left), line.Average(word => word.Bottom));
        var spread = line.Sum(word => (word.Left - x) * (word.Left - x));
        return spread == 0 ? 0 : line.Sum(word => (word.Left - x) * (word.Bottom - y)) / spread;
    }

    private static double Points(double pixels) => Math.Round(pixels * PointsPerPixel, 2);

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
