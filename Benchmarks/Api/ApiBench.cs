using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Advisor.Benchmarks.Documents;
using Advisor.Kernel.Http;

namespace Advisor.Benchmarks.Api;

/// <summary>The API under a steady load over many stored insights, and its uploads.</summary>
internal static class ApiBench
{
    private const double TargetUploadMs = 150;
    private const double TargetP95Ms = 25;

    private static readonly TimeSpan s_writeEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(5);

    public static Command Create(Option<bool> json)
    {
        var seconds = new Option<int>("--seconds") { Description = "How long the load lasts; 600 shows whether memory is stable.", DefaultValueFactory = _ => 30 };
        var insights = new Option<int>("--insights") { Description = "Stored insights, over four tenants.", DefaultValueFactory = _ => 100_000 };
        var rate = new Option<int>("--rate") { Description = "Requests a second of all users together.", DefaultValueFactory = _ => 200 };
        var users = new Option<int>("--users") { Description = "Users who ask.", DefaultValueFactory = _ => 40 };
        var command = new Command("api", "Uploads, and GET /api/v1/insights at a fixed rate while analyses write.") { seconds, insights, rate, users };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var figures = await MeasureAsync(
                parsed.GetValue(users), parsed.GetValue(insights), parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellationToken);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, AdvisorJson.Options) : Text(figures));
            return 0;
        });
        return command;
    }

    private static async Task<Figures> MeasureAsync(int users, int insights, int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var document = Repository.File("samples", "annual-report.pdf");
        using var folder = await SeededFolder.MakeAsync(document, users, insights, cancellationToken);
        await using var host = await HostProcess.StartAsync(folder.FolderPath, cancellationToken);
        using var uploads = new Uploads(host.Url, folder.Users[0], await File.ReadAllBytesAsync(document, cancellationToken));
        var upload = Percentiles.Of(await uploads.TimeAsync(10, runs: 10, cancellationToken));
        var (largest, tooLarge) = (await uploads.StatusAsync(49, cancellationToken), await uploads.StatusAsync(51, cancellationToken));

        using var load = new OpenLoad(host.Url, folder.Users);
        await load.RunAsync(rate, TimeSpan.FromSeconds(5), cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(host.Url, folder.Users, ended.Token);
        var memory = WatchAsync(host, ended.Token);
        var samples = await load.RunAsync(rate, duration, cancellationToken);
        await ended.CancelAsync();
        var writes = await writing;
        return new Figures(
            "api", insights, users, rate, Environment.ProcessorCount, upload, TargetUploadMs, largest, tooLarge,
            Percentiles.Of(samples.Select(sample => sample.Latency)), TargetP95Ms,
            Of(samples.Where(sample => sample.Hit)), Of(samples.Where(sample => !sample.Hit)),
            samples.Count(sample => !sample.Ok), Math.Round((double)samples.Count(sample => sample.Hit) / samples.Count, 3), writes, Memory.Of(await memory, duration));
    }

    private static Percentiles? Of(IEnumerable<Sample> samples) => samples.Any() ? Percentiles.Of(samples.Select(sample => sample.Latency)) : null;

    /// <summary>Analyses again, tenant by tenant, so that kept answers end as they do at work.</summary>
    private static async Task<int> WriteAsync(Uri url, IReadOnlyList<BenchUser> users, CancellationToken cancellationToken)
    {
        var writes = 0;
        var tenants = users.DistinctBy(user => user.Tenant).ToList();
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(s_writeEvery, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellationToken.IsCancellationRequested)
            {
                var user = tenants[writes % tenants.Count];
                using var http = BenchTenant.Client(url, user.Token);
                using var response = await http.PostAsJsonAsync("api/v1/analysis/trigger", new { ingestion_id = user.IngestionId, analysis_type = "risk" }, CancellationToken.None);
                response.EnsureSuccessStatusCode();
                writes++;
            }
        }

        return writes;
    }

    private static async Task<IReadOnlyList<long>> WatchAsync(HostProcess host, CancellationToken cancellationToken)
    {
        var seen = new List<long>();
        while (!cancellationToken.IsCancellationRequested)
        {
            seen.Add(host.Memory);
            await Task.Delay(s_lookEvery, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return seen;
    }

    private static string Text(Figures figures)
    {
        List<string> lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"{figures.Insights:#,0} insights, {figures.Users} users, {figures.Rate} requests/s, {figures.Processors} processors, the load on the same machine"),
            $"  202 for an upload of 10 MB      {figures.Upload10Mb} (target: {TargetUploadMs:0} ms; {Met(figures.Upload10Mb.P50Ms <= TargetUploadMs)})",
            $"  uploads of 49 MB and 51 MB      {figures.Upload49Mb} and {figures.Upload51Mb} ({Met(figures is { Upload49Mb: 202, Upload51Mb: 413 })})",
            $"  GET /api/v1/insights            {figures.Queries} (target: p95 {TargetP95Ms:0} ms; {Met(figures.Queries.P95Ms <= TargetP95Ms && figures.Failed == 0)})",
            $"    given from the cache          {figures.Hits}",
            $"    computed                      {figures.Misses}",
            string.Create(CultureInfo.InvariantCulture, $"  hit ratio {figures.HitRatio:0.000}, {figures.Failed} failed, {figures.Writes} analyses written meanwhile"),
            string.Create(CultureInfo.InvariantCulture,
                $"  memory of the host {figures.Memory.FirstMb:0} MB at first, {figures.Memory.MedianOfLastHalfMb:0} MB in the median of the last half, {figures.Memory.MaxMb:0} MB at most{(figures.Memory.GrowthMbPerMinute is { } growth ? string.Create(CultureInfo.InvariantCulture, $"; growth in the last half {growth:0.0} MB/min") : "")}"),
        ];
        return string.Join(Environment.NewLine, lines);
    }

    private static string Met(bool met) => met ? "met" : "missed";

    private sealed record Figures(
        string Bench, int Insights, int Users, int Rate, int Processors, Percentiles Upload10Mb, double TargetUploadMs, int Upload49Mb, int Upload51Mb,
        Percentiles Queries, double TargetP95Ms, Percentiles? Hits, Percentiles? Misses, int Failed, double HitRatio, int Writes, Memory Memory);
}
