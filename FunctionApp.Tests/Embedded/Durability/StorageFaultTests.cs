using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Resilience;
using Advisor.Tests.Embedded.Durable;
using Advisor.Tests.Embedded.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>The engine on a disk that is full, may not be written, or gives back other bytes than it got, and under a clock that is set back.</summary>
public sealed class StorageFaultTests : IDisposable
{
    private const int Full = 13;
    private const int PageSize = 4_096;

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DelegateFunctions Functions => new DelegateFunctions()
        .Activity<string, string>("Echo", text => text)
        .Orchestrator("Echoes", async context => (await context.CallActivityAsync<string>("Echo", context.GetInput<string>())).Length)
        .Orchestrator("Sleeps", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(10), CancellationToken.None);
            return context.CurrentUtcDateTime;
        })
        .Orchestrator("Waits", async context =>
        {
            var before = context.CurrentUtcDateTime;
            await context.WaitForExternalEvent<object>("go");
            return context.CurrentUtcDateTime - before;
        });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_DiskFull_IsRefusedUntilThereIsRoomAndLosesNothingAcknowledged()
    {
        await using var database = Open();
        await using var engine = await StartAsync(database, TimeProvider.System);
        await database.DefineAsync("PRAGMA max_page_count=60");
        List<string> acknowledged = [];
        StorageUnavailableException? refused = null;
        while (refused is null)
        {
            acknowledged.Count.ShouldBeLessThan(1_000);
            try
            {
                acknowledged.Add(await engine.Client.ScheduleNewOrchestrationInstanceAsync("Echoes", new string('x', 3_000), cancellation: Cancel));
            }
            catch (StorageUnavailableException full)
            {
                refused = full;
            }
        }

        refused.InnerException.ShouldBeOfType<SqliteException>().SqliteErrorCode.ShouldBe(Full, refused.ToString());
        refused.Message.ShouldStartWith($"The disk that holds {_folder.File("durable.db")} is full");
        await database.DefineAsync("PRAGMA max_page_count=100000");
        foreach (var id in acknowledged)
        {
            (await engine.Client.WaitForInstanceCompletionAsync(id, cancellation: Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        }

        acknowledged.ShouldNotBeEmpty();
        (await engine.Client.GetAllInstancesAsync().CountAsync(Cancel)).ShouldBe(acknowledged.Count, "what was refused did not begin");
    }

    /// <summary>SQLite knows a page that cannot be one; a byte that changed within a text it cannot know.</summary>
    [Fact]
    public async Task Open_EachPageOverwrittenInTurn_FailsOrHasEverything()
    {
        await FillAsync();
        var sound = await File.ReadAllBytesAsync(_folder.File("durable.db"), Cancel);
        var refused = 0;
        for (var page = 0; page < sound.Length / PageSize; page++)
        {
            byte[] torn = [.. sound];
            torn.AsSpan(page * PageSize, PageSize).Fill(0xA5);
            await File.WriteAllBytesAsync(_folder.File("durable.db"), torn, Cancel);
            try
            {
                (await CountAsync()).ShouldBe(20, $"page {page}");
            }
            catch (StorageUnavailableException damaged)
            {
                damaged.Message.ShouldStartWith($"{_folder.File("durable.db")} is damaged. Stop the host and restore");
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Timer_ClockSetBackAnHour_FiresAtItsTimeAndOrchestratorsSeeNoTimeTwice()
    {
        await using var database = Open();
        await using (var engine = await StartAsync(database, _time))
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Sleeps", null, new StartOrchestrationOptions("s"), Cancel);
            await engine.Client.WaitForInstanceStartAsync("s", Cancel);
            _time.Set(_time.GetUtcNow() - TimeSpan.FromHours(1));
        }

        await using var next = await StartAsync(database, _time);
        var due = new ManualTimeProvider().GetUtcNow().AddMinutes(10);
        next.TimerCount.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(69));
        next.TimerCount.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(1));
        var ended = await next.Client.WaitForInstanceCompletionAsync("s", getInputsAndOutputs: true, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        ended.ReadOutputAs<DateTime>().ShouldBe(due.UtcDateTime);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Step_ClockSetBackAnHour_GivesItsOrchestratorNoEarlierTimeThanBefore(bool restarted)
    {
        await using var database = Open();
        await using var engine = await StartAsync(database, _time);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("w"), Cancel);
        await engine.Client.WaitForInstanceStartAsync("w", Cancel);
        _time.Set(_time.GetUtcNow() - TimeSpan.FromHours(1));
        if (restarted)
        {
            await engine.DisposeAsync();
        }

        await using var next = restarted ? await StartAsync(database, _time) : engine;
        await next.Client.RaiseEventAsync("w", "go", cancellation: Cancel);
        var ended = await next.Client.WaitForInstanceCompletionAsync("w", getInputsAndOutputs: true, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        ended.ReadOutputAs<TimeSpan>().ShouldBe(TimeSpan.Zero);
    }

    private SqliteDatabase Open() => new(_folder.File("durable.db"), DurableEngine.Schema);

    private static async Task<DurableEngine> StartAsync(SqliteDatabase database, TimeProvider time)
    {
        var engine = new DurableEngine(database, Functions, new DurableEngineOptions { WriteRetryDelay = TimeSpan.FromMilliseconds(20) }, time, NullLoggerFactory.Instance);
        await engine.StartAsync(Cancel);
        return engine;
    }

    private async Task FillAsync()
    {
        await using var database = Open();
        await using var engine = await StartAsync(database, TimeProvider.System);
        for (var number = 0; number < 20; number++)
        {
            var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Echoes", new string('x', 1_000), cancellation: Cancel);
            await engine.Client.WaitForInstanceCompletionAsync(id, cancellation: Cancel);
        }
    }

    /// <summary>How many instances with a whole history an engine on the file finds.</summary>
    private async Task<int> CountAsync()
    {
        await using var database = Open();
        await using var engine = await StartAsync(database, TimeProvider.System);
        var ids = await engine.Client.GetAllInstancesAsync().Select(instance => instance.InstanceId).ToListAsync(Cancel);
        return ids.Count(id => engine.ReadHistory(id).Count == 6);
    }
}
