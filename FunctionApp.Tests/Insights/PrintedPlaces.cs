using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Advisor.Documents;
using Advisor.Kernel.Reasoning;
using Advisor.Tests.Documents.EndToEnd;
using ExcelDataReader;

namespace Advisor.Tests.Insights;

/// <summary>Looks for the printed text of facts at their places, by programs that share nothing with the product's reading.</summary>
internal abstract class PrintedPlaces
{
    /// <summary>Opens the file that was analysed.</summary>
    public static async Task<PrintedPlaces> OpenAsync(DocumentAnalysis analysis, CancellationToken cancellationToken) => Path.GetExtension(analysis.File) switch
    {
        ".csv" => new CsvCells(await File.ReadAllLinesAsync(analysis.File, cancellationToken)),
        ".pdf" when analysis.Facts.Any(fact => fact.ReadBy == ReadingMethod.Ocr) => new PageCrops(await SearchableCopyAsync(analysis.File, cancellationToken), isTemporary: true),
        ".pdf" => new PageCrops(analysis.File, isTemporary: false),
        _ => new WorkbookCells(analysis.File),
    };

    /// <summary>In order: null where the text stands at its place, else what stands there.</summary>
    public abstract Task<IReadOnlyList<string?>> FindAsync(IReadOnlyList<FactView> facts, CancellationToken cancellationToken);

    private static string? Compare(string wanted, string there) => there == wanted ? null : $"the cell holds \"{there}\"";

    /// <summary>A scanned page has no text to find: tesseract lays its own under the picture, in a copy.</summary>
    private static async Task<string> SearchableCopyAsync(string file, CancellationToken cancellationToken)
    {
        var stem = Path.Combine(Path.GetTempPath(), $"advisor-searchable-{Guid.NewGuid():N}");
        await RunAsync("pdftoppm", ["-r", "300", "-gray", "-singlefile", "-png", file, stem], cancellationToken);
        await RunAsync("tesseract", [$"{stem}.png", stem, "--dpi", "300", "--psm", "6", "pdf"], cancellationToken);
        File.Delete($"{stem}.png");
        return $"{stem}.pdf";
    }

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program}: {await errors}");
    }

    /// <summary>Crops the fact's box out of its page with <c>pdftotext</c>, at 72 dots per inch, where a pixel is a point.</summary>
    private sealed class PageCrops(string file, bool isTemporary) : PrintedPlaces
    {
        private const int Margin = 2;

        public override async Task<IReadOnlyList<string?>> FindAsync(IReadOnlyList<FactView> facts, CancellationToken cancellationToken)
        {
            var found = new ConcurrentDictionary<string, string?>(StringComparer.Ordinal);
            try
            {
                await Parallel.ForEachAsync(facts, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (fact, token) =>
                {
                    var crop = await CropAsync(fact.Page!.Value, fact.Box!.Value, token);
                    found[fact.Id] = crop.Contains(WithoutSpaces(fact.Printed), StringComparison.Ordinal) ? null : $"page {fact.Page} holds \"{crop}\" at {fact.Box}";
                });
            }
            finally
            {
                if (isTemporary)
                {
                    File.Delete(file);
                }
            }

            return [.. facts.Select(fact => found[fact.Id])];
        }

        private async Task<string> CropAsync(int page, Box box, CancellationToken cancellationToken)
        {
            var (left, top) = ((int)Math.Floor(box.Left) - Margin, (int)Math.Floor(box.Top) - Margin);
            var (width, height) = ((int)Math.Ceiling(box.Right) + Margin - left, (int)Math.Ceiling(box.Bottom) + Margin - top);
            int[] numbers = [page, page, 72, Math.Max(left, 0), Math.Max(top, 0), width, height];
            var text = numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)).ToArray();
            return WithoutSpaces(await RunAsync(
                "pdftotext", ["-f", text[0], "-l", text[1], "-r", text[2], "-x", text[3], "-y", text[4], "-W", text[5], "-H", text[6], "-layout", file, "-"], cancellationToken));
        }

        private static string WithoutSpaces(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c != '\f'));
    }

    /// <summary>A file without quotes in it, split at its commas.</summary>
    private sealed class CsvCells(string[] lines) : PrintedPlaces
    {
        public override Task<IReadOnlyList<string?>> FindAsync(IReadOnlyList<FactView> facts, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string?>>([.. facts.Select(fact =>
            {
                var (row, column) = Position(fact.Cell!);
                return Compare(fact.Printed, lines[row - 1].Split(',')[column - 1].Trim());
            })]);
    }

    /// <summary>Another library's values; shown with as many decimals as the fact's own text shows.</summary>
    private sealed class WorkbookCells(string file) : PrintedPlaces
    {
        private readonly Dictionary<(string Sheet, int Row, int Column), double> _cells = Read(file);

        public override Task<IReadOnlyList<string?>> FindAsync(IReadOnlyList<FactView> facts, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string?>>([.. facts.Select(Find)]);

        private string? Find(FactView fact)
        {
            var (row, column) = Position(fact.Cell!);
            if (!_cells.TryGetValue((fact.Sheet!, row, column), out var number))
            {
                return $"{fact.Sheet}!{fact.Cell} holds no number";
            }

            var value = (decimal)number * (fact.Unit == Unit.Percent ? 100 : 1);
            var stored = fact.Unit == Unit.Percent ? fact.Value : fact.Value / fact.Scale;
            var shown = fact.Printed.Where(c => char.IsAsciiDigit(c) || c == '.').ToArray();
            var decimals = Array.IndexOf(shown, '.') is var point and >= 0 ? shown.Length - point - 1 : 0;
            return Math.Abs(value - stored) > Math.Abs(value) * 1e-12m
                ? $"{fact.Sheet}!{fact.Cell} holds {value}, the fact {stored}"
                : Compare(new string(shown), Math.Round(Math.Abs(value), decimals, MidpointRounding.AwayFromZero).ToString($"F{decimals}", CultureInfo.InvariantCulture));
        }

        private static Dictionary<(string, int, int), double> Read(string file)
        {
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            var cells = new Dictionary<(string, int, int), double>();
            using var stream = File.OpenRead(file);
            using var reader = ExcelReaderFactory.CreateReader(stream);
            do
            {
                for (var row = 1; reader.Read(); row++)
                {
                    for (var column = 0; column < reader.FieldCount; column++)
                    {
                        if (reader.GetValue(column) is double or int)
                        {
                            cells[(reader.Name, row, column + 1)] = Convert.ToDouble(reader.GetValue(column), CultureInfo.InvariantCulture);
                        }
                    }
                }
            }
            while (reader.NextResult());
            return cells;
        }
    }

    private static (int Row, int Column) Position(string address)
    {
        var letters = address.TakeWhile(char.IsAsciiLetterUpper).ToArray();
        return (int.Parse(address.AsSpan(letters.Length), CultureInfo.InvariantCulture), letters.Aggregate(0, (column, letter) => (column * 26) + letter - 'A' + 1));
    }
}
