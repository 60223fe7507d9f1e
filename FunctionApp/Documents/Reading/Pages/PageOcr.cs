using System.Globalization;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Reading.Pages;

/// <summary>Reads a page that has no text layer: rendered by poppler, recognised by tesseract with its word confidences.</summary>
public static class PageOcr
{
    /// <summary>Dots per inch of the rendering; tesseract's documentation asks for at least 300.</summary>
    private const int Resolution = 300;

    private const int PointsPerInch = 72;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(120);

    /// <exception cref="MissingToolException">poppler or tesseract is not installed.</exception>
    /// <exception cref="ReadingToolException">A tool failed.</exception>
    public static async Task<PageReading> ReadAsync(string file, PageReading empty, CancellationToken cancellationToken)
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
                throw new ReadingToolException($"Page {page} could not be rendered: {renderError}");
            }

            string[] recognise = [stem + ".png", "stdout", "--psm", "6", "-c", "preserve_interword_spaces=1", "tsv"];
            var (words, recognised, error) = await ChildProcess.RunAsync(
                "tesseract", "tesseract-ocr", recognise, s_timeout, ParseTsv, cancellationToken);
            return recognised == 0
                ? empty with { ReadBy = ReadingMethod.Ocr, Words = words }
                : throw new ReadingToolException($"Page {page} could not be recognised: {error}");
        }
        finally
        {
            File.Delete(stem + ".png");
        }
    }

    /// <summary>Words of tesseract's TSV, pixel boxes turned into points and percent confidences into [0,1]; malformed rows are skipped.</summary>
    public static List<Word> ParseTsv(TextReader tsv)
    {
        const double scale = (double)PointsPerInch / Resolution;
        var words = new List<Word>();
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

            words.Add(new Word(
                fields[11].Trim(),
                Math.Round(left * scale, 2),
                Math.Round(top * scale, 2),
                Math.Round((left + width) * scale, 2),
                Math.Round((top + height) * scale, 2),
                Math.Clamp(confidence / 100, 0, 1)));
        }

        return words;
    }

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
