using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Advisor.Kernel.Http;

namespace Advisor.Benchmarks.Documents;

/// <summary>The main job against the least it could take: <c>pdftotext -bbox-layout</c> on the same file.</summary>
/// <remarks>Both are run in turn, so that other load on the machine bears on both alike.</remarks>
internal static class DocumentsBench
{
    private const double TargetRatio = 10;
    private const double TargetColdMs = 10_000;

    public static Command Create(Option<bool> json)
    {
        var file = new Option<FileInfo>("--file")
        {
            Description = "The PDF to measure with. Default: the 99-page report of the evaluation data where it is present, else the sample report.",
            HelpName = "PDF",
            DefaultValueFactory = _ => new FileInfo(DefaultFile()),
        };
        var runs = new Option<int>("--runs") { Description = "Measured runs of each.", DefaultValueFactory = _ => 5 };
        runs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("Measure at least one run.");
            }
        });
        var coldRuns = new Option<int>("--cold-runs") { Description = "Measured starts of a fresh host; 0 leaves them out.", DefaultValueFactory = _ => 3 };
        var command = new Command("documents", "A PDF from upload to routed insights, on a warm host and from a cold start.") { file, runs, coldRuns };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var figures = await MeasureAsync(parsed.GetRequiredValue(file), parsed.GetValue(runs), parsed.GetValue(coldRuns), cancellationToken);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, AdvisorJson.Options) : Text(figures));
            return 0;
        });
        return command;
    }

    private static async Task<Figures> MeasureAsync(FileInfo file, int runs, int coldRuns, CancellationToken cancellationToken)
    {
        if (!file.Exists)
        {
            throw new BenchException($"There is no file {file.FullName}.");
        }

        using var copies = new FreshCopies(file.FullName);
        var (alone, routed) = (new List<TimeSpan>(), new List<TimeSpan>());
        int pages, insights;
        await using (var host = await WarmHost.StartAsync(cancellationToken))
        {
            for (var run = -1; run < runs; run++)
            {
                // The first of each only warms up.
                var copy = await copies.NextAsync(cancellationToken);
                var (tool, product) = (await PdfToText.TimeAsync(copy.Path, cancellationToken), await host.TimeAsync(copy, cancellationToken));
                if (run >= 0)
                {
                    alone.Add(tool);
                    routed.Add(product);
                }
            }

            (pages, insights) = (host.Pages, host.Insights);
        }

        var cold = new List<TimeSpan>();
        for (var run = 0; run < coldRuns; run++)
        {
            cold.Add(await ColdHost.TimeAsync(await copies.NextAsync(cancellationToken), cancellationToken));
        }

        var (warm, pdftotext) = (Timings.Of(routed), Timings.Of(alone));
        return new Figures(
            "documents", file.Name, pages, insights, Environment.ProcessorCount, warm, pdftotext, Math.Round(warm.MedianMs / pdftotext.MedianMs, 2), TargetRatio,
            cold.Count == 0 ? null : Timings.Of(cold), TargetColdMs);
    }

    private static string Text(Figures figures)
    {
        List<string> lines =
        [
            $"{figures.File}, {figures.Pages} pages, {figures.Insights} insights, {figures.Processors} processors",
            $"  upload to routed insights, warm   {figures.Warm}",
            $"  pdftotext -bbox-layout alone      {figures.Pdftotext}",
            string.Create(CultureInfo.InvariantCulture, $"  ratio of the medians              {figures.Ratio:0.00} (target: at most {TargetRatio:0}; {Met(figures.Ratio <= TargetRatio)})"),
        ];
        if (figures.Cold is { } cold)
        {
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"  process start to completed, cold  {cold} (target: at most {TargetColdMs / 1000:0} s; {Met(cold.MedianMs <= TargetColdMs)})"));
        }

        return string.Join(Environment.NewLine, lines);
    }

    private static string Met(bool met) => met ? "met" : "missed";

    private static string DefaultFile()
    {
        var evals = Environment.GetEnvironmentVariable("ADVISOR_EVALS") is { Length: > 0 } given ? given : Repository.File("..", "shared", "evals");
        var report = Path.GetFullPath(Path.Combine(evals, "reports", "ADOBE_2022_10K.pdf"));
        return File.Exists(report) ? report : Repository.File("samples", "annual-report.pdf");
    }

    /// <param name="Ratio">Median of the warm runs over median of the tool's.</param>
    /// <param name="Cold">Null when no cold start was measured.</param>
    private sealed record Figures(
        string Bench, string File, int Pages, int Insights, int Processors, Timings Warm, Timings Pdftotext, double Ratio, double TargetRatio, Timings? Cold, double TargetColdMs);
}
