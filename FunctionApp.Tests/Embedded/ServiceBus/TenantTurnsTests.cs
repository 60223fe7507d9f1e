using System.Diagnostics;
using System.Net;
using System.Text;
using Advisor.Documents;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Triggers;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.ServiceBus;

/// <summary>One tenant's batch and another's single document, through the front door.</summary>
public sealed class TenantTurnsTests(ITestOutputHelper output)
{
    private const string Large = "large-batch";
    private const string Small = "small-upload";
    private const int Batch = 200;
    private const int LargestBatch = 10_000;

    /// <summary>Handlers of the queue and steps of the engine that begin side by side may be written down in any order.</summary>
    private const int SideBySide = 16;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Nothing is taken from the queues until all of them wait, the single document's message last.</summary>
    [Fact]
    public async Task Upload_BehindABatchInTheQueue_BeginsAmongTheFirstAndEndsBeforeMostOfIt()
    {
        await using var advisor = await RunningAdvisor.StartAsync(services => services.Remove(services.Single(service => service.ImplementationType == typeof(QueueTriggers))));
        var batch = await UploadAsync(await advisor.ClientAsync(Role.Analyst, Large), Batch);
        var analyst = await advisor.ClientAsync(Role.Analyst, Small);
        var single = (await UploadAsync(analyst, 1)).Single();
        advisor.Services.GetRequiredService<SqliteQueues>().Count(DocumentQueues.Ingestion).Ready.ShouldBe(Batch + 1);

        await ActivatorUtilities.CreateInstance<QueueTriggers>(advisor.Services).StartAsync(Cancel);
        (await analyst.EndOfAsync(PathOf(single))).As<IngestionView>().Status.ShouldBe(IngestionStatus.Completed);

        var runs = await RunsAsync(advisor);
        var begun = runs.Single(run => run.InstanceId == single.RunId).CreatedAt;
        runs.Count(run => run.CreatedAt < begun).ShouldBeLessThan(SideBySide, "its turn in the queue is the second");
        runs.Count(run => run.IsCompleted).ShouldBeLessThan(batch.Count / 2, "its turns in the engine come as often as those of the whole batch");
    }

    /// <summary>What a user of the other tenant feels. Needs a machine of its own to mean anything.</summary>
    [Fact(Explicit = true)]
    public async Task Upload_AfterTenThousandOfAnother_TakesASecondMoreAtMost()
    {
        await using var advisor = await RunningAdvisor.StartAsync();
        var analyst = await advisor.ClientAsync(Role.Analyst, Small);
        List<TimeSpan> idle = [];
        for (var i = 0; i < 5; i++)
        {
            idle.Add(await TimeAsync(analyst));
        }

        var clock = Stopwatch.StartNew();
        await UploadAsync(await advisor.ClientAsync(Role.Analyst, Large), LargestBatch);
        output.WriteLine($"{LargestBatch:N0} uploads in {clock.Elapsed.TotalSeconds:f0} s.");
        List<TimeSpan> beside = [];
        for (var i = 0; i < 5; i++)
        {
            var left = (await RunsAsync(advisor)).Count(run => !run.IsCompleted);
            var queued = advisor.Services.GetRequiredService<SqliteQueues>().Count(DocumentQueues.Ingestion).Ready;
            beside.Add(await TimeAsync(analyst));
            output.WriteLine($"Idle {Of(idle)}; beside {queued} queued documents and {left} running of another tenant {beside[^1].TotalSeconds:f2} s.");
        }

        (Median(beside) - Median(idle)).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private static string Of(IEnumerable<TimeSpan> times) => string.Join(", ", times.Select(time => $"{time.TotalSeconds:f2} s"));

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task<TimeSpan> TimeAsync(ApiClient analyst)
    {
        var clock = Stopwatch.StartNew();
        var upload = (await UploadAsync(analyst, 1)).Single();
        (await analyst.EndOfAsync(PathOf(upload))).As<IngestionView>().Status.ShouldBe(IngestionStatus.Completed);
        return clock.Elapsed;
    }

    private static string PathOf(IngestionView ingestion) => $"/api/v1/ingestions/{ingestion.IngestionId}";

    /// <summary>Uploads small ledgers that differ, eight at a time.</summary>
    private static async Task<IReadOnlyList<IngestionView>> UploadAsync(ApiClient analyst, int count)
    {
        var accepted = new IngestionView[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (i, _) =>
        {
            var ledger = $"""
                date,journal,account,account_name,description,debit,credit,currency,posted_by
                2025-01-02,JE-{i},1310,Inventory,Stock,{1_000 + i}.50,,USD,a.brandt
                2025-01-02,JE-{i},2010,Trade payables,Stock,,{1_000 + i}.50,USD,a.brandt
                """;
            var answer = await analyst.UploadAsync($"ledger-{i}.csv", Encoding.UTF8.GetBytes(ledger));
            answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
            accepted[i] = answer.As<IngestionView>();
        });
        return accepted;
    }

    private static async Task<List<OrchestrationMetadata>> RunsAsync(RunningAdvisor advisor)
    {
        List<OrchestrationMetadata> runs = [];
        await foreach (var run in advisor.Services.GetRequiredService<DurableTaskClient>().GetAllInstancesAsync(new OrchestrationQuery { PageSize = 1_000 }))
        {
            if (run.Name == nameof(DocumentOrchestrator))
            {
                runs.Add(run);
            }
        }

        return runs;
    }
}
