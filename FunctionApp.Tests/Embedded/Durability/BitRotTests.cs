using System.Text;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Advisor.Tests.Embedded.Durable;
using Advisor.Tests.Embedded.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>A journal whose disk gives back other bits than were written, within texts too, where SQLite cannot know.</summary>
public sealed class BitRotTests : IDisposable
{
    private const string Rotten = "rotten";
    private const string Sound = "sound";
    private const string RottenText = "the text in which a bit turns";
    private const string SoundText = "the text of another instance";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _said = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Journal => _folder.File("durable.db");

    /// <summary>Asks, then waits for an answer that never came, a message and a timer, all of which carry the text.</summary>
    private static DelegateFunctions Functions(Task answer) => new DelegateFunctions()
        .Activity<string, string>("Echo", text => text)
        .Activity<string, string>("Answer", async (text, cancel) =>
        {
            await answer.WaitAsync(cancel);
            return text;
        })
        .Orchestrator("Asks", async context =>
        {
            var said = await context.CallActivityAsync<string>("Echo", context.GetInput<string>());
            var answer = context.CallActivityAsync<string>("Answer", said);
            var timer = context.CreateTimer(TimeSpan.FromMinutes(10), CancellationToken.None);
            var heard = await context.WaitForExternalEvent<string>("go");
            await timer;
            return $"{said}, {await answer}, {heard}";
        });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_BitTurnedWhereverATextIsStored_QuarantinesThatInstanceAndNoOther()
    {
        await FillAsync();
        var sound = await File.ReadAllBytesAsync(Journal, Cancel);
        var places = Places(sound, Encoding.UTF8.GetBytes(RottenText)).ToList();
        HashSet<string> reasons = [];
        foreach (var place in places)
        {
            byte[] rotten = [.. sound];
            rotten[place + 4] ^= 1;
            await File.WriteAllBytesAsync(Journal, rotten, Cancel);
            File.Delete(Journal + "-running");

            var (found, other) = await RunAsync();

            other.ReadOutputAs<string>().ShouldBe($"{SoundText}, {SoundText}, {SoundText}");
            if (found.RuntimeStatus == OrchestrationRuntimeStatus.Completed)
            {
                // The place is one that SQLite has given up.
                found.ReadOutputAs<string>().ShouldBe($"{RottenText}, {RottenText}, {RottenText}");
                continue;
            }

            found.FailureDetails!.ErrorType.ShouldBe(Failures.Damaged, found.FailureDetails.ErrorMessage);
            found.FailureDetails.ErrorMessage.ShouldContain(Journal);
            reasons.Add(found.FailureDetails.ErrorMessage.Split(", ")[1]);
        }

        reasons.Order(StringComparer.Ordinal).ShouldBe(
        [
            "a message 'event-raised' to 'rotten' in durable_inbox is not as it was written: the disk gave back something else. Restore the data folder from a backup",
            "line 1 of the history of 'rotten' is not as it was written: the disk gave back something else. Restore the data folder from a backup",
            "line 2 of the history of 'rotten' is not as it was written: the disk gave back something else. Restore the data folder from a backup",
            "line 4 of the history of 'rotten' is not as it was written: the disk gave back something else. Restore the data folder from a backup",
            "line 5 of the history of 'rotten' is not as it was written: the disk gave back something else. Restore the data folder from a backup",
            "the call #1 of 'Answer' of 'rotten' is not as it was written: the disk gave back something else. Restore the data folder from a backup",
            "the row of 'rotten' in durable_instances is not as it was written: the disk gave back something else. Restore the data folder from a backup",
        ]);
    }

    [Theory]
    [InlineData("UPDATE durable_timers SET due = due + 1 WHERE instance_id = 'rotten'", "the timer #2 of 'rotten'")]
    [InlineData("UPDATE durable_history SET kind = 'activity-failed' WHERE instance_id = 'rotten' AND kind = 'activity-completed'", "line 4 of the history")]
    [InlineData("UPDATE durable_history SET at = at + 1 WHERE instance_id = 'rotten' AND seq = 0", "line 0 of the history")]
    [InlineData("DELETE FROM durable_history WHERE instance_id = 'rotten' AND seq = 2", "whose line 2 is not there")]
    [InlineData("DELETE FROM durable_history WHERE instance_id = 'rotten' AND seq > 3", "which has 4 of 7 lines")]
    [InlineData("UPDATE durable_history SET checksum = checksum + 1 WHERE instance_id = 'rotten' AND seq = 0", "line 0 of the history")]
    [InlineData("UPDATE durable_instances SET name = 'Bsks' WHERE id = 'rotten'", "the row of 'rotten'")]
    [InlineData("UPDATE durable_instances SET status = 'rtnning' WHERE id = 'rotten'", "the row of 'rotten'")]
    [InlineData("UPDATE durable_instances SET tags = '{}' WHERE id = 'rotten'", "the row of 'rotten'")]
    [InlineData("UPDATE durable_activities SET name = 'Bnswer' WHERE instance_id = 'rotten'", "the call #1 of 'Bnswer'")]
    public async Task Start_RowChanged_QuarantinesItsInstanceWithTheReason(string change, string reason)
    {
        await FillAsync();
        await ChangeAsync(change);

        var (found, other) = await RunAsync();

        (found.RuntimeStatus, found.FailureDetails?.ErrorType).ShouldBe((OrchestrationRuntimeStatus.Failed, Failures.Damaged));
        found.FailureDetails!.ErrorMessage.ShouldContain(reason);
        other.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        _said.ShouldContain(line => line.Contains(reason, StringComparison.Ordinal) && line.Contains(Journal, StringComparison.Ordinal));
    }

    /// <summary>Its input is not to be believed, in no later process either.</summary>
    [Fact]
    public async Task Restart_OfAnInstanceWhoseRowIsDamaged_IsRefused()
    {
        await FillAsync();
        await ChangeAsync("UPDATE durable_instances SET input = '\"another\"' WHERE id = 'rotten'");
        await RunAsync();

        await using var database = Open();
        await using var engine = Engine(database, Task.CompletedTask);

        (await Should.ThrowAsync<InvalidDataException>(engine.Client.RestartAsync(Rotten, cancellation: Cancel))).Message.ShouldContain("the row of 'rotten' in durable_instances");
        (await engine.Client.GetInstanceAsync(Rotten, getInputsAndOutputs: true, Cancel))!.FailureDetails!.ErrorType.ShouldBe(Failures.Damaged);
    }

    [Fact]
    public async Task Start_CallThatNamesNoInstance_SaysSo()
    {
        await FillAsync();
        await ChangeAsync("UPDATE durable_activities SET instance_id = 'sotten' WHERE instance_id = 'rotten'");

        await using var database = Open();
        await using var engine = Engine(database, Task.CompletedTask);
        await engine.StartAsync(Cancel);

        _said.ShouldContain(line => line.Contains("the call #1 of 'Answer' of 'sotten' (of which nothing is under way", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_InstanceThatIsGone_SaysSo()
    {
        await FillAsync();
        await ChangeAsync("DELETE FROM durable_instances WHERE id = 'rotten'");

        await using var database = Open();
        await using var engine = Engine(database, Task.CompletedTask);
        await engine.StartAsync(Cancel);

        _said.ShouldContain(line => line.Contains("the instance 'rotten', which has work and is not there", StringComparison.Ordinal));
    }

    /// <summary>An instance in memory hears a message that is not what was sent.</summary>
    [Fact]
    public async Task Step_MessageDamagedWhileTheInstanceIsInMemory_QuarantinesIt()
    {
        await using var database = Open();
        await using var engine = Engine(database, Task.CompletedTask, TimeProvider.System);
        await engine.StartAsync(Cancel);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Asks", RottenText, new StartOrchestrationOptions(Rotten), Cancel);
        await engine.Client.WaitForInstanceStartAsync(Rotten, Cancel);
        await engine.Writer.WriteAsync(connection =>
        {
            Advisor.Embedded.Durable.Journal.Post(connection, Rotten, new HistoryEvent(EventKind.EventRaised, Name: "go", Data: $"\"{RottenText}\""));
            return connection.Execute("UPDATE durable_inbox SET data = '\"other\"' WHERE kind = 'event-raised'");
        });
        await engine.Client.RaiseEventAsync(Rotten, "more", cancellation: Cancel);

        var ended = await engine.Client.WaitForInstanceCompletionAsync(Rotten, getInputsAndOutputs: true, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        ended.FailureDetails!.ErrorMessage.ShouldContain("a message 'event-raised' to 'rotten' in durable_inbox");
    }

    /// <summary>A journal that a build without checksums wrote, or went on with after a build that has them.</summary>
    [Theory]
    [InlineData("UPDATE durable_instances SET checksum = NULL, checksum_at = NULL, history_lines = NULL")]
    [InlineData("UPDATE durable_instances SET updated_at = updated_at + 1")]
    [InlineData("UPDATE durable_instances SET updated_at = updated_at + 1, history_lines = 3")]
    public async Task Start_RowsOfABuildWithoutChecksums_AreBelieved(string older)
    {
        await FillAsync();
        await ChangeAsync(older);
        foreach (var table in new[] { "history", "inbox", "activities", "timers" })
        {
            await ChangeAsync($"UPDATE durable_{table} SET checksum = NULL");
        }

        var (found, other) = await RunAsync();

        (found.RuntimeStatus, other.RuntimeStatus).ShouldBe((OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Completed));
    }

    [Fact]
    public async Task Start_JournalFromBeforeChecksums_IsGivenThemAndCarriedOn()
    {
        await FillAsync();
        foreach (var column in new[] { "instances DROP COLUMN history_lines", "instances DROP COLUMN checksum", "instances DROP COLUMN checksum_at", "history DROP COLUMN checksum", "inbox DROP COLUMN checksum", "activities DROP COLUMN checksum", "timers DROP COLUMN checksum" })
        {
            await ChangeAsync($"ALTER TABLE durable_{column}");
        }

        using (var before = JournalFile.Open(new DataFolder(MovedTo("journal.db"))))
        {
            before.Find(Rotten)!.Damage.ShouldBeNull();
        }

        var (found, _) = await RunAsync();

        found.ReadOutputAs<string>().ShouldBe($"{RottenText}, {RottenText}, {RottenText}");
    }

    [Theory]
    [InlineData("UPDATE durable_history SET data = '\"other\"' WHERE instance_id = 'rotten' AND seq = 1", "line 1 of the history of 'rotten'")]
    [InlineData("DELETE FROM durable_history WHERE instance_id = 'rotten' AND seq > 3", "the history of 'rotten', which has 4 of 7 lines")]
    [InlineData("UPDATE durable_instances SET input = '\"other\"' WHERE id = 'rotten'", "the row of 'rotten' in durable_instances")]
    public async Task DeployVerdict_DamagedInstance_IsNotSafe(string change, string found)
    {
        await FillAsync();
        await ChangeAsync(change);

        using var journal = JournalFile.Open(new DataFolder(MovedTo("journal.db")));
        var verdict = DeployVerdict.Over(journal, Functions(Task.CompletedTask), new ServedVersions("", VersionMatch.None), Cancel);

        var difference = verdict.Breaking.ShouldHaveSingleItem();
        (difference.Code, difference.InstanceId, difference.Expected).ShouldBe((DifferenceCode.JournalDamaged, Rotten, found));
    }

    private static IEnumerable<int> Places(byte[] content, byte[] text)
    {
        for (var at = content.AsSpan().IndexOf(text); at >= 0;)
        {
            yield return at;
            var next = content.AsSpan(at + 1).IndexOf(text);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    private SqliteDatabase Open() => new(Journal, DurableEngine.Schema);

    private DurableEngine Engine(SqliteDatabase database, Task answer, TimeProvider? time = null) =>
        new(database, Functions(answer), new DurableEngineOptions { WriteRetryDelay = TimeSpan.FromMilliseconds(20) }, time ?? _time, LoggerFactory.Create(logging => logging.AddProvider(new Said(_said))));

    private string MovedTo(string name)
    {
        File.Copy(Journal, _folder.File(name));
        return _folder.Path;
    }

    private async Task ChangeAsync(string sql)
    {
        await using var database = Open();
        await database.WriteAsync(connection => connection.Execute(sql));
    }

    /// <summary>Two instances that wait: for the result of a call that was cut off, for a timer, and with a message that nobody has taken in yet.</summary>
    private async Task FillAsync()
    {
        await using var database = Open();
        await using (var engine = Engine(database, new TaskCompletionSource().Task))
        {
            await engine.StartAsync(Cancel);
            foreach (var (id, text) in new[] { (Rotten, RottenText), (Sound, SoundText) })
            {
                await engine.Client.ScheduleNewOrchestrationInstanceAsync("Asks", text, new StartOrchestrationOptions(id), Cancel);
                while (engine.ReadHistory(id).Count < 7)
                {
                    await Task.Delay(5, Cancel);
                }
            }
        }

        await using var idle = Engine(database, Task.CompletedTask);
        await idle.Client.RaiseEventAsync(Rotten, "go", RottenText, Cancel);
        await idle.Client.RaiseEventAsync(Sound, "go", SoundText, Cancel);
    }

    /// <summary>Lets both come to their end.</summary>
    private async Task<(OrchestrationMetadata Rotten, OrchestrationMetadata Sound)> RunAsync()
    {
        await using var database = Open();
        await using var engine = Engine(database, Task.CompletedTask);
        await engine.StartAsync(Cancel);
        _time.Advance(TimeSpan.FromMinutes(10));
        return (await EndAsync(Rotten), await EndAsync(Sound));

        Task<OrchestrationMetadata> EndAsync(string id) =>
            engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    private sealed class Said(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lock (lines)
                {
                    lines.Add(formatter(state, exception));
                }
            }
        }

        public void Dispose()
        {
            // What was said is looked at afterwards.
        }
    }
}
