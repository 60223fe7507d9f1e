using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Advisor.Benchmarks.Engine;

/// <summary>How many orchestrations the embedded engine completes in a second, every start, step and result durable before anybody is told of it.</summary>
internal static class EngineBench
{
    private const int Warmup = 100;

    public static Command Create(Option<bool> json)
    {
        var instances = new Option<int>("--instances") { Description = "Orchestrations in a run.", DefaultValueFactory = _ => 1_000 };
        instances.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1_000_000)
            {
                result.AddError("--instances must be 1 to 1000000.");
            }
        });
        var runs = new Option<int>("--runs") { Description = "Runs; the median counts.", DefaultValueFactory = _ => 5 };
        runs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100)
            {
                result.AddError("--runs must be 1 to 100.");
            }
        });
        var command = new Command("engine", "Orchestrations a second: instances of three activities, one after the other, all started at once.") { instances, runs };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var report = await MeasureAsync(parse.GetValue(instances), parse.GetValue(runs), cancellationToken);
            await Console.Out.WriteLineAsync(parse.GetValue(json) ? JsonSerializer.Serialize(report, AdvisorJson.Options) : Table(report));
            return 0;
        });
        return command;
    }

    private static string Table(EngineReport report) => string.Create(CultureInfo.InvariantCulture, $"""
        {report.Instances} orchestrations of three activities, started at once; every start, step and result is durable when it is told of
          a second        {report.OrchestrationsPerSecond,10:0}   (median of {report.Runs} runs; slowest {report.Slowest:0}, fastest {report.Fastest:0})
          commits a second{report.CommitsPerSecond,10:0}   (one of 4 kB with fsync alone takes {report.CommitAloneMs:0.00} ms here)
        """);

    private static async Task<EngineReport> MeasureAsync(int instances, int runs, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("advisor-bench-engine-");
        try
        {
            var alone = await CommitAloneAsync(folder.FullName);
            await using var database = new SqliteDatabase(Path.Combine(folder.FullName, "durable.db"), DurableEngine.Schema);
            await using var engine = new DurableEngine(database, new HelloFunctions(), new DurableEngineOptions(), TimeProvider.System, NullLoggerFactory.Instance);
            await engine.StartAsync(cancellationToken);
            await RunAsync(engine, Warmup, cancellationToken);
            var (rates, commits) = (new List<double>(), new List<double>());
            for (var run = 0; run < runs; run++)
            {
                var before = database.Commits;
                var took = await RunAsync(engine, instances, cancellationToken);
                rates.Add(instances / took.TotalSeconds);
                commits.Add((database.Commits - before) / took.TotalSeconds);
            }

            rates.Sort();
            commits.Sort();
            await engine.StopAsync(cancellationToken);
            return new EngineReport(instances, runs, Math.Round(rates[runs / 2], 1), Math.Round(rates[0], 1), Math.Round(rates[^1], 1), Math.Round(commits[runs / 2], 1), Math.Round(alone.TotalMilliseconds, 3));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<TimeSpan> RunAsync(DurableEngine engine, int instances, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var ends = await Task.WhenAll(Enumerable.Range(0, instances).Select(async _ =>
        {
            var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(HelloFunctions.Orchestrator, cancellation: cancellationToken);
            return await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken);
        }));
        var took = Stopwatch.GetElapsedTime(started);
        return ends.All(end => end.RuntimeStatus == OrchestrationRuntimeStatus.Completed && end.ReadOutputAs<string>() == HelloFunctions.Expected)
            ? took
            : throw new BenchException("An orchestration did not end as it must.");
    }

    /// <summary>What the disk makes of one small commit after the other: the floor of everything above.</summary>
    private static async Task<TimeSpan> CommitAloneAsync(string folder)
    {
        const int commits = 50;
        await using var database = new SqliteDatabase(Path.Combine(folder, "alone.db"), "CREATE TABLE IF NOT EXISTS lines (text TEXT)");
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < commits; i++)
        {
            await database.WriteAsync(connection =>
            {
                using var insert = connection.CreateCommand();
                insert.CommandText = "INSERT INTO lines VALUES (hex(randomblob(2000)))";
                insert.ExecuteNonQuery();
            });
        }

        return Stopwatch.GetElapsedTime(started) / commits;
    }

    /// <param name="CommitsPerSecond">Transactions, each of as many writes as waited for it.</param>
    private sealed record EngineReport(
        int Instances, int Runs, double OrchestrationsPerSecond, double Slowest, double Fastest, double CommitsPerSecond, double CommitAloneMs);
}
