// Orchestrators that break one rule each on purpose, so that the check can be seen to bite. Nothing runs them.
#pragma warning disable CA1812, CA1822, CA2007, CA5394, MA0001, MA0004, CA1849, MA0040, MA0042, MA0045, MA0064, MA0147, MA0158
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Advisor.Documents;
using Advisor.Kernel.Records;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Tests.Architecture.Orchestrators;

/// <summary>By what the rule is about. The name of each is that of its row in the test.</summary>
internal static class PlantedOrchestrators
{
    private static int s_runs;

    private delegate Task Work(TaskOrchestrationContext context);

    private interface ICompany
    {
        string Name();
    }

    private static string? Mode { get; set; }

    public static async Task ReadsTheClockAfterAwaiting([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Read");
        context.SetCustomStatus(DateTime.UtcNow);
    }

    public static Task MeasuresTime([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var watch = Stopwatch.StartNew();
        return context.CallActivityAsync("Read", watch.ElapsedMilliseconds);
    }

    public static Task AsksATimeProvider([OrchestrationTrigger] TaskOrchestrationContext context, TimeProvider time) => context.CallActivityAsync("Read", time.GetUtcNow());

    public static Task DrawsInALambda([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Task.WhenAll(new[] { 1, 2 }.Select(_ => context.CallActivityAsync("Read", Guid.NewGuid())));

    public static async Task DrawsInALocalFunction([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Read", Draw());

        static int Draw() => Random.Shared.Next();
    }

    public static Task DrawsInAnIterator([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", Numbers().First());

    public static Task DrawsInAGenericMethod([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", Choose([1, 2, 3]));

    public static Task HashesAText([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", context.InstanceId.GetHashCode(StringComparison.Ordinal));

    public static Task ReadsTheEnvironmentInAProperty([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", new Company().Machine);

    public static Task ReadsTheEnvironmentInAStaticConstructor([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", Started.Where);

    public static Task DrawsInAConstructor([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", new Numbered());

    /// <summary>Nothing here calls the constructor; reading the result does.</summary>
    public static async Task DrawsInAResult([OrchestrationTrigger] TaskOrchestrationContext context) => await context.CallActivityAsync<List<Numbered>>("Read");

    public static Task DrawsBehindAnInterface([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", Named(new Company()));

    public static Task StartsAThread([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        new Thread(() => context.SetCustomStatus("beside")).Start();
        return Task.CompletedTask;
    }

    public static async Task RunsATask([OrchestrationTrigger] TaskOrchestrationContext context) => await Task.Run(() => context.InstanceId);

    public static async Task RunsInParallel([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        Parallel.For(0, 3, _ => { });
        await context.CallActivityAsync("Read");
    }

    public static Task WaitsInAMethodItCalls([OrchestrationTrigger] TaskOrchestrationContext context) => WaitAsync(context.CurrentUtcDateTime);

    public static async Task WaitsInADelegate([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        Work work = static async _ => await Task.Delay(1);
        await work(context);
    }

    public static async Task LimitsItsTime([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await context.CreateTimer(TimeSpan.FromHours(1), limit.Token);
    }

    public static Task SetsATimer([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var timer = new Timer(_ => context.SetCustomStatus("late"), null, 0, 1);
        return Task.CompletedTask;
    }

    public static Task TakesALock([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        lock (Kept.Gate)
        {
            return context.CallActivityAsync("Read");
        }
    }

    public static async Task TakesASemaphore([OrchestrationTrigger] TaskOrchestrationContext context, SemaphoreSlim places)
    {
        await places.WaitAsync();
        await context.CallActivityAsync("Read");
    }

    public static async Task AwaitsAForeignTask([OrchestrationTrigger] TaskOrchestrationContext context, System.Threading.Channels.ChannelReader<string> channel) =>
        await context.CallActivityAsync("Read", await channel.ReadAsync());

    public static async Task LosesItsThread([OrchestrationTrigger] TaskOrchestrationContext context) => await context.CallActivityAsync("Read").ConfigureAwait(false);

    public static async Task ReadsAFile([OrchestrationTrigger] TaskOrchestrationContext context) => await context.CallActivityAsync("Read", File.Exists("there"));

    public static async Task CallsAService([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync("Read", await Connected.Http.GetStringAsync(new Uri("http://127.0.0.1")));

    public static async Task ReadsARecord([OrchestrationTrigger] TaskOrchestrationContext context, IRecordStore records) =>
        await records.FindAsync(DocumentRecord.Container, default, context.InstanceId, default);

    public static Task PrintsALine([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        Console.WriteLine(context.InstanceId);
        return Task.CompletedTask;
    }

    public static Task DrawsForASecret([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", RandomNumberGenerator.GetBytes(8));

    public static Task ReadsASetting([OrchestrationTrigger] TaskOrchestrationContext context, IConfiguration settings) => context.CallActivityAsync("Read", settings["Mode"]);

    public static Task ReadsOptions([OrchestrationTrigger] TaskOrchestrationContext context, IOptions<DocumentsOptions> options) => context.CallActivityAsync("Read", options.Value);

    public static Task AsksForAService([OrchestrationTrigger] TaskOrchestrationContext context, FunctionContext function) =>
        context.CallActivityAsync("Read", function.InstanceServices.GetRequiredService<Company>());

    public static Task LogsOnEveryReplay([OrchestrationTrigger] TaskOrchestrationContext context, ILogger log)
    {
        Said(log, context.InstanceId);
        return Task.CompletedTask;
    }

    public static Task MakesItsOwnLogger([OrchestrationTrigger] TaskOrchestrationContext context, LoggerFactory loggers)
    {
        Said(loggers.CreateLogger("Planted"), context.InstanceId);
        return Task.CompletedTask;
    }

    public static Task CountsItsRuns([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", ++s_runs);

    public static Task ReadsAChangingProperty([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", Mode);

    public static async Task FansOutOverASet([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        foreach (var one in new HashSet<string> { "a", "b" })
        {
            await context.CallActivityAsync("Read", one);
        }
    }

    public static async Task FansOutOverADictionary([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        foreach (var (key, _) in new ConcurrentDictionary<string, int>())
        {
            await context.CallActivityAsync("Read", key);
        }
    }

    public static Task CallsTheSystem([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Read", GetProcessId());

    public static Task FormatsForThisMachine([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync("Read", context.CurrentUtcDateTime.ToString("d", CultureInfo.CurrentCulture));

    private static IEnumerable<int> Numbers()
    {
        yield return new Random(1).Next();
    }

    private static T Choose<T>(IReadOnlyList<T> among) => among[RandomNumberGenerator.GetInt32(among.Count)];

    private static string Named<T>(T company)
        where T : ICompany => company.Name();

    private static async Task WaitAsync(DateTime since)
    {
        await Task.Yield();
        await Task.Delay(since.Second);
    }

    private static void Said(ILogger log, string word) => log.Log(LogLevel.Information, default, word, null, (state, _) => state);

    [DllImport("libc", EntryPoint = "getpid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetProcessId();

    internal sealed record Numbered
    {
        public Guid Id { get; init; } = Guid.CreateVersion7();
    }

    private static class Kept
    {
        public static readonly Lock Gate = new();
    }

    private static class Connected
    {
        public static readonly HttpClient Http = new();
    }

    private static class Started
    {
        public static readonly string Where = Environment.MachineName;
    }

    private sealed class Company : ICompany
    {
        public string Machine => Environment.MachineName;

        public string Name() => Path.GetRandomFileName();
    }
}

/// <summary>What an orchestrator may do, with much that looks like what it may not.</summary>
internal static class RightOrchestrators
{
    private static readonly TaskOptions s_retry = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(1)));
    private static readonly Dictionary<string, string> s_names = new() { ["a"] = "b" };

    public static async Task KeepsTheRules([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var log = context.CreateReplaySafeLogger(nameof(RightOrchestrators));
        log.Log(LogLevel.Information, default, context.InstanceId, null, (state, _) => state);
        context.SetCustomStatus(context.CurrentUtcDateTime);
        await context.CallActivityAsync("Read", context.NewGuid(), s_retry);
        var order = await context.CallActivityAsync<Order>("Read", new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc).AddDays(1)).ConfigureAwait(true);
        await Task.WhenAll(Pages(3).Select(page => context.CallActivityAsync("Read", page)));
        using var enough = new CancellationTokenSource();
        var timer = context.CreateTimer(context.CurrentUtcDateTime.AddDays(1), enough.Token);
        if (await Task.WhenAny(timer, context.WaitForExternalEvent<string>("Go")) != timer)
        {
            // Not CancelAsync: that tells those who listen on another thread.
            enough.Cancel();
        }

        await context.CallActivityAsync(s_names.TryGetValue(order.Name, out var name) ? Path.Combine(name, Environment.NewLine) : Guid.Parse(order.Name).ToString());
    }

    private static IEnumerable<int> Pages(int count)
    {
        for (var page = 0; page < count; page++)
        {
            yield return page;
        }
    }

    internal sealed record Order(string Name, decimal Amount, IReadOnlyList<Order> Parts)
    {
        public DateTimeOffset Due { get; init; } = DateTimeOffset.UnixEpoch;
    }
}
