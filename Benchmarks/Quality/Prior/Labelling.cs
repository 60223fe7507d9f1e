using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Insights;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Tenancy;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>All labels of the data, in the order of sets, documents and conditions.</summary>
/// <param name="ReadBy">Programs that read pages, with their versions.</param>
internal sealed record LabelledData(IReadOnlyList<LabelledFact> Facts, IReadOnlyList<LabelledClaim> Claims, IReadOnlyList<string> ReadBy)
{
    public static LabelledData Joined(IReadOnlyList<LabelledData> parts) => new(
        [.. parts.SelectMany(part => part.Facts)],
        [.. parts.SelectMany(part => part.Claims)],
        [.. parts.SelectMany(part => part.ReadBy).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
}

/// <summary>Reads and scores the documents of a folder as the product does, and labels what was read.</summary>
internal static partial class Labelling
{
    public const string Tables = "tables";

    public const string Reports = "reports";

    public const string Workbooks = "workbooks";

    private static readonly TenantId s_tenant = new("labels");

    /// <param name="data">The folder that holds the sets' folders.</param>
    /// <param name="only">Documents to take; null for all.</param>
    /// <param name="scans">Where scans and what was recognised of them are kept; null for nowhere.</param>
    public static async Task<LabelledData> RunAsync(string data, Func<string, bool>? only, string? scans, TextWriter progress, CancellationToken cancellationToken)
    {
        var jobs = TableJobs(data).Concat(ReportJobs(data)).Concat(WorkbookJobs(data)).Where(job => only is null || only(job.Document)).ToList();
        if (jobs.Count == 0)
        {
            throw new BenchException($"There are no labelled documents in {data}: it holds tables/*-str.xml, reports/*.pdf and workbooks/*.gold.json.");
        }

        // One thread a recognition: two at once do more than one with two.
        Environment.SetEnvironmentVariable("OMP_THREAD_LIMIT", "1");
        var scratch = scans ?? Directory.CreateTempSubdirectory("advisor-prior-").FullName;
        try
        {
            var done = 0;
            var found = new ConcurrentDictionary<int, LabelledData>();
            await Parallel.ForEachAsync(Enumerable.Range(0, jobs.Count), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, async (i, token) =>
            {
                found[i] = await jobs[i].LabelAsync(Path.Combine(scratch, jobs[i].Document), token);
                await progress.WriteLineAsync($"{Interlocked.Increment(ref done)} of {jobs.Count} documents: {jobs[i].Document}");
            });
            return LabelledData.Joined([.. Enumerable.Range(0, jobs.Count).Select(i => found[i])]);
        }
        finally
        {
            if (scans is null)
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    private sealed record Job(string Document, Func<string, CancellationToken, Task<LabelledData>> LabelAsync);

    private static IEnumerable<Job> TableJobs(string data) =>
        from xml in Files(data, Tables, "*-str.xml")
        let pdf = xml[..^"-str.xml".Length] + ".pdf"
        where File.Exists(pdf)
        select new Job(Path.GetFileName(pdf), (scratch, cancellationToken) => OfTablesAsync(pdf, TrueTables.Read(xml), scratch, cancellationToken));

    private static IEnumerable<Job> ReportJobs(string data) =>
        from report in TrueReport.ReadAll()
        let pdf = Path.Combine(data, Reports, report.File)
        where File.Exists(pdf)
        select new Job(report.File, (scratch, cancellationToken) => OfReportAsync(pdf, report, scratch, cancellationToken));

    private static IEnumerable<Job> WorkbookJobs(string data) =>
        from gold in Files(data, Workbooks, "*.gold.json")
        let workbook = gold[..^".gold.json".Length]
        where File.Exists(workbook)
        select new Job(Path.GetFileName(workbook), (_, cancellationToken) => Task.FromResult(OfWorkbook(workbook, gold, cancellationToken)));

    private static async Task<LabelledData> OfTablesAsync(string pdf, TrueTables truth, string scratch, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(pdf);
        var printed = await ReadDocument.OfPdfAsync(pdf, name, null, cancellationToken);
        var all = new List<LabelledData> { Label(Tables, name, ScanCondition.AsPrinted, printed, fact => truth.LabelOf(fact, PageOf(fact), HeightOf(PageOf(fact)))) };

        // No fact of a table outside a statement is found a second time, so a searchable scan of one is scored as a plain scan is; and a page of each is enough.
        foreach (var condition in ScanCondition.All.Where(condition => !condition.Searchable))
        {
            var scan = await ReadScanAsync(pdf, [truth.Pages[0]], condition, scratch, cancellationToken);
            all.Add(Label(Tables, name, condition.Name, scan, fact => truth.LabelOf(fact, truth.Pages[0], HeightOf(truth.Pages[0]))));
        }

        return LabelledData.Joined(all);

        decimal HeightOf(int page) => (decimal)printed.Pages[page].Height;
    }

    private static async Task<LabelledData> OfReportAsync(string pdf, TrueReport report, string scratch, CancellationToken cancellationToken)
    {
        var printed = await ReadDocument.OfPdfAsync(pdf, report.File, null, cancellationToken);
        var all = new List<LabelledData> { Label(Reports, report.File, ScanCondition.AsPrinted, printed, report.LabelOf) };
        var clean = new CleanReading(printed.Findings, printed.Pages);
        foreach (var condition in report.Pages.Count == 0 ? [] : ScanCondition.All)
        {
            var scan = await ReadScanAsync(pdf, report.Pages, condition, scratch, cancellationToken);
            all.Add(Label(Reports, report.File, condition.Name, scan, fact => clean.LabelOf(fact, report.Pages[PageOf(fact) - 1])));
        }

        return LabelledData.Joined(all);
    }

    private static async Task<ReadDocument> ReadScanAsync(string pdf, IReadOnlyList<int> pages, ScanCondition condition, string scratch, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(scratch, condition.Name);
        var scan = await Scan.MakeAsync(pdf, pages, condition, folder, cancellationToken);
        return await ReadDocument.OfPdfAsync(scan, Path.GetFileName(pdf), Path.Combine(folder, "recognised.json"), cancellationToken);
    }

    private static LabelledData OfWorkbook(string file, string gold, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(gold));
        var read = ReadDocument.OfWorkbook(file, cancellationToken) ?? throw new BenchException($"{file} was refused.");
        return Label(Workbooks, Path.GetFileName(file), ScanCondition.AsPrinted, read, fact =>
            !json.RootElement.TryGetProperty(fact.Source.Sheet!, out var sheet) || !sheet.GetProperty("cells").TryGetProperty(fact.Source.Cell!, out var cell) || cell.GetProperty("v") is not { ValueKind: JsonValueKind.Number } value
                ? Prior.Label.Wrong("no such cell")
                : fact.Value == (decimal)value.GetDouble() * (fact.Unit == Unit.Percent ? 100 : fact.Scale) ? Prior.Label.IsRight : Prior.Label.Wrong("value"));
    }

    private static LabelledData Label(string set, string document, string condition, ReadDocument read, Func<Fact, Label> labelOf)
    {
        var findings = read.Findings;
        var facts = findings.Facts.Select(fact =>
        {
            var signals = InsightScoring.SignalsOf([fact], [], findings);
            return new LabelledFact(set, document, FilerOf(document), condition, TruthOf(set, condition), fact, signals, ConfidenceModel.Combine(signals).Score, labelOf(fact));
        }).ToList();
        var labels = facts.ToDictionary(one => one.Fact.Id, one => one.Label, StringComparer.Ordinal);
        return new LabelledData(facts, [.. ClaimsOf(set, document, condition, read, labels)], [.. read.Pages.Values.Select(page => page.Engine).OfType<string>().Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>A claim that a proof fails is left out: facts that were read right say nothing of whether they should add up.</summary>
    private static IEnumerable<LabelledClaim> ClaimsOf(string set, string document, string condition, ReadDocument read, Dictionary<string, Label> labels) =>
        from type in AnalysisTypes.All
        from insight in Reasoner.Reason(new AnalysisRequest(s_tenant, type, "", "", document, type), read.Findings, new RoutingTerms(BandPolicy.Default, Calibration.JudgedPrior), int.MaxValue, DateTimeOffset.UnixEpoch).Insights
        where insight.Proofs.Count == 0
        let cited = insight.Facts.Select(fact => labels[fact.Id]).ToList()
        where cited.Count > 0 && (cited.Exists(label => label.Right == false) || cited.TrueForAll(label => label.Right == true || label.IsDoubtful))
        select new LabelledClaim(
            set, document, FilerOf(document), condition, TruthOf(set, condition), insight.Rule, insight.Summary, insight.Signals, new Score(insight.RawScore),
            cited.Exists(label => label.Right == false) ? false : cited.Exists(label => label.IsDoubtful) ? null : true);

    private static Truth TruthOf(string set, string condition) =>
        set == Workbooks ? Truth.WorkbookCell : set == Tables || condition == ScanCondition.AsPrinted ? Truth.ByHand : Truth.PageAsPrinted;

    /// <summary>Filings are named by filer and year, <c>FILER_2022_10K.pdf</c>. Two of one filer share layouts and labels: neither says how a curve does that has not seen it.</summary>
    internal static string FilerOf(string document) => FiledIn().Match(document) is { Success: true } match ? match.Groups["filer"].Value : document;

    [GeneratedRegex(@"^(?<filer>.+?)_(19|20)\d\d(Q[1-4])?_", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex FiledIn();

    private static int PageOf(Fact fact) => fact.Source.Page!.Value;

    private static string[] Files(string data, string set, string pattern) =>
        Directory.Exists(Path.Combine(data, set)) ? [.. Directory.GetFiles(Path.Combine(data, set), pattern).Order(StringComparer.Ordinal)] : [];
}
