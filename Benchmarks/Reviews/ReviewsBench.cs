using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Advisor.Benchmarks.Documents;
using Advisor.Kernel.Http;

namespace Advisor.Benchmarks.Reviews;

/// <summary>The list of open reviews and their decisions over HTTP, in a host of its own whose every write is on disk before it answers.</summary>
internal static class ReviewsBench
{
    private const double TargetListP95Ms = 30;
    private const double TargetDecisionP95Ms = 50;
    private const int Together = 4;

    /// <summary>Requests before any is counted: a host that has just started still compiles its code.</summary>
    private const int Warmup = 200;

    public static Command Create(Option<bool> json)
    {
        var reviews = new Option<int>("--reviews") { Description = "Open reviews.", DefaultValueFactory = _ => 5_000 };
        var kinds = new Option<int>("--kinds") { Description = "Kinds that they are of.", DefaultValueFactory = _ => 6 };
        var requests = new Option<int>("--requests") { Description = "Requests of each sort.", DefaultValueFactory = _ => 400 };
        AtLeastOne(reviews, 1_000_000);
        AtLeastOne(kinds, 100);
        AtLeastOne(requests, 100_000);
        var command = new Command("reviews", "Lists of open reviews, and decisions on them, by one client and by four at once.") { reviews, kinds, requests };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var figures = await MeasureAsync(parsed.GetValue(reviews), parsed.GetValue(kinds), parsed.GetValue(requests), cancellationToken);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, AdvisorJson.Options) : Text(figures));
            return 0;
        });
        return command;
    }

    private static void AtLeastOne(Option<int> option, int most) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() is var given && (given < 1 || given > most))
        {
            result.AddError($"{option.Name} must be 1 to {most}.");
        }
    });

    private static async Task<Figures> MeasureAsync(int reviews, int kinds, int requests, CancellationToken cancellationToken)
    {
        if ((2 * requests) + Warmup > reviews)
        {
            throw new BenchException("There must be more than twice as many reviews as requests: each decision takes one.");
        }

        using var folder = await ReviewFolder.MakeAsync(reviews, kinds, Together, cancellationToken);
        await using var host = await HostProcess.StartAsync(folder.FolderPath, cancellationToken, limitRate: false);
        var clients = folder.Tokens.Select(token => BenchTenant.Client(host.Url, token)).ToList();
        try
        {
            var kind = $"api/v1/reviews?kind={Uri.EscapeDataString(folder.Kinds[0])}";
            var next = await NextAsync(clients[0], "api/v1/reviews", pages: 10, cancellationToken);
            var cases = new List<Case>();
            foreach (var (name, path) in new[] { ("first page, all kinds", "api/v1/reviews"), ("first page of one kind", kind), ("eleventh page, all kinds", next) })
            {
                await ListAsync(clients, path, Warmup, cancellationToken);
                cases.Add(new Case(name, await ListAsync(clients[..1], path, requests, cancellationToken), await ListAsync(clients, path, requests, cancellationToken)));
            }

            var open = new ConcurrentQueue<string>(folder.Ids);
            await DecideAsync(clients, open, Warmup, cancellationToken);
            var (alone, together) = (await DecideAsync(clients[..1], open, requests, cancellationToken), await DecideAsync(clients, open, requests, cancellationToken));
            cases.Add(new Case("claim", alone.Claims, together.Claims));
            cases.Add(new Case("decision of whoever claimed", alone.Decisions, together.Decisions));
            return new Figures("reviews", reviews, kinds, Environment.ProcessorCount, cases, TargetListP95Ms, TargetDecisionP95Ms);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Each client asks one request after the other, all at once, until so many have been answered.</summary>
    private static async Task<Percentiles> ListAsync(IReadOnlyList<HttpClient> clients, string path, int requests, CancellationToken cancellationToken)
    {
        var times = new ConcurrentBag<TimeSpan>();
        var left = requests;
        await Task.WhenAll(clients.Select(async http =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var began = Stopwatch.GetTimestamp();
                using var response = await http.GetAsync(path, cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(began));
                response.EnsureSuccessStatusCode();
            }
        }));
        return Percentiles.Of(times);
    }

    private static async Task<(Percentiles Claims, Percentiles Decisions)> DecideAsync(
        IReadOnlyList<HttpClient> clients, ConcurrentQueue<string> open, int requests, CancellationToken cancellationToken)
    {
        var (claims, decisions) = (new ConcurrentBag<TimeSpan>(), new ConcurrentBag<TimeSpan>());
        var left = requests;
        await Task.WhenAll(clients.Select(async http =>
        {
            while (Interlocked.Decrement(ref left) >= 0 && open.TryDequeue(out var id))
            {
                using var seen = await http.GetAsync($"api/v1/reviews/{id}", cancellationToken);
                var (claimed, claim) = await ActAsync(http, $"api/v1/reviews/{id}/claim", seen, null, cancellationToken);
                using (claimed)
                {
                    claims.Add(claim);
                    var (decided, decision) = await ActAsync(http, $"api/v1/reviews/{id}/decision", claimed, new { decision = "approve" }, cancellationToken);
                    decided.Dispose();
                    decisions.Add(decision);
                }
            }
        }));
        return (Percentiles.Of(claims), Percentiles.Of(decisions));
    }

    private static async Task<(HttpResponseMessage Answer, TimeSpan Time)> ActAsync(HttpClient http, string path, HttpResponseMessage seen, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", seen.Headers.ETag?.ToString());
        request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.NewGuid().ToString());
        var began = Stopwatch.GetTimestamp();
        var response = await http.SendAsync(request, cancellationToken);
        var taken = Stopwatch.GetElapsedTime(began);
        response.EnsureSuccessStatusCode();
        return (response, taken);
    }

    /// <summary>Where the list goes on after so many pages, or its last page where it has fewer.</summary>
    private static async Task<string> NextAsync(HttpClient http, string path, int pages, CancellationToken cancellationToken)
    {
        for (var page = 0; page < pages; page++)
        {
            var list = await http.GetFromJsonAsync<JsonElement>(path, cancellationToken);
            if (list.GetProperty("pagination").GetProperty("next").GetString() is not { } next)
            {
                break;
            }

            path = next.TrimStart('/');
        }

        return path;
    }

    private static string Text(Figures figures)
    {
        List<string> lines = [string.Create(CultureInfo.InvariantCulture, $"{figures.Reviews:#,0} open reviews of {figures.Kinds} kinds, {figures.Processors} processors, the clients on the same machine")];
        foreach (var one in figures.Cases)
        {
            var target = one.Name.Contains("page", StringComparison.Ordinal) ? figures.TargetListP95Ms : figures.TargetDecisionP95Ms;
            lines.Add($"  {one.Name,-30} 1 client   {one.Alone} (target: p95 {target:0} ms; {(one.Alone.P95Ms <= target ? "met" : "missed")})");
            lines.Add($"  {"",-30} {Together} clients  {one.Together}");
        }

        return string.Join(Environment.NewLine, lines);
    }

    private sealed record Case(string Name, Percentiles Alone, Percentiles Together);

    private sealed record Figures(string Bench, int Reviews, int Kinds, int Processors, IReadOnlyList<Case> Cases, double TargetListP95Ms, double TargetDecisionP95Ms);
}
