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
    private const int Singles = 9;

    /// <summary>Handlers of the queue and steps of the engine that begin side by side may be written down in any order.</summary>
    private const int SideBySide = 16;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Nothing is taken from the queues until all of them wait, the single document's message last.</summary>
    [Fact]
    public async Task Upload_BehindABatchInTheQueue_BeginsAmongTheFirstAndEndsBeforeMostOfIt()
    {
        await using var advisor = await StartWithoutReceiversAsync();
        var batch = await UploadAsync(await advisor.ClientAsync(Role.Analyst, Large), Batch);
        var analyst = await advisor.ClientAsync(Role.Analyst, Small);
        var single = (await UploadAsync(analyst, 1)).Single();
        advisor.Services.GetRequiredService<SqliteQueues>().Count(DocumentQueues.Ingestion).Ready.ShouldBe(Batch + 1);

        await StartReceiversAsync(advisor);
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
        await using var idle = await RunningAdvisor.StartAsync();
        var alone = await TimesAsync(idle, _ => { });
        await using var advisor = await StartWithoutReceiversAsync();
        await UploadAsync(await advisor.ClientAsync(Role.Analyst, Large), LargestBatch);
        await StartReceiversAsync(advisor);
        var beside = await TimesAsync(advisor, time => output.WriteLine(
            $"{time.TotalSeconds:f2} s; {advisor.Services.GetRequiredService<SqliteQueues>().Count(DocumentQueues.Ingestion).Ready} of another tenant wait in the queue."));
        var left = (await RunsAsync(advisor)).Count(run => !run.IsCompleted);

        output.WriteLine($"Median idle {Median(alone).TotalSeconds:f2} s, beside the batch {Median(beside).TotalSeconds:f2} s, {left} of it still running.");
        (Median(beside) - Median(alone)).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private static Task<RunningAdvisor> StartWithoutReceiversAsync() =>
        RunningAdvisor.StartAsync(services => services.Remove(services.Single(service => service.ImplementationType == typeof(QueueTriggers))));

    private static Task StartReceiversAsync(RunningAdvisor advisor) => ActivatorUtilities.CreateInstance<QueueTriggers>(advisor.Services).StartAsync(Cancel);

    /// <summary>How long single documents took from upload to end, one after the other.</summary>
    private static async Task<List<TimeSpan>> TimesAsync(RunningAdvisor advisor, Action<TimeSpan> each)
    {
        var analyst = await advisor.ClientAsync(Role.Analyst, Small);
        List<TimeSpan> times = [];
        for (var i = 0; i < Singles; i++)
        {
            var clock = Stopwatch.StartNew();
            var upload = (await UploadAsync(analyst, 1)).Single();
            (await analyst.EndOfAsync(PathOf(upload))).As<IngestionView>().Status.ShouldBe(IngestionStatus.Completed);
            times.Add(clock.Elapsed);
            each(clock.Elapsed);
        }

        return times;
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
