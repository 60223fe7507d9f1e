using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.ServiceBus;

/// <summary>Random senders, receivers, deaths and clocks, by seed, on the queues and on a plain model of them.</summary>
public sealed class QueueModelTests(ITestOutputHelper output)
{
    private const int Seeds = 500;
    private const int SampleSeeds = 12;
    private const int Moves = 300;

    private static readonly string[] s_queues = ["one", "two"];

    /// <summary>The first is none at all.</summary>
    private static readonly string[] s_tenants = ["", "acme", "Beta", "ôte"];
    private static readonly QueueOptions s_options = new() { LockDuration = TimeSpan.FromSeconds(30), MaxDeliveryCount = 3, DuplicateWindow = TimeSpan.FromMinutes(2) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queues_UnderRandomMoves_DoWhatTheModelSays()
    {
        var first = TestDepth.IsSample ? TestDepth.Seed * 1_000 : 0;
        var seeds = TestDepth.IsSample ? SampleSeeds : Seeds;
        using var folder = new TemporaryFolder();
        for (var seed = first; seed < first + seeds; seed++)
        {
            List<string> moves = [];
            try
            {
                await RunAsync(new Random(seed), folder.File($"{seed}.db"), moves);
            }
            catch (ShouldAssertException different)
            {
                throw new InvalidOperationException($"Seed {seed}, after\n{string.Join('\n', moves.TakeLast(40))}\n{different.Message}", different);
            }
        }

        output.WriteLine($"{seeds} seeds from {first}, {Moves} moves each.");
    }

    private static async Task RunAsync(Random random, string file, List<string> moves)
    {
        var clock = new ManualTimeProvider();
        var model = new QueueModel(s_options);
        List<(string Queue, Guid Token)> locks = [];
        var age = 0;
        var database = new SqliteDatabase(file, "PRAGMA synchronous=OFF");
        var queues = new SqliteQueues(database, clock, _ => s_options);
        for (var move = 0; move < Moves; move++)
        {
            var queue = s_queues[random.Next(s_queues.Length)];
            var now = clock.GetUtcNow();
            var steady = new DateTimeOffset(clock.GetTimestamp(), TimeSpan.Zero);
            var (held, token) = locks.Count > 0 ? locks[random.Next(locks.Count)] : (queue, Guid.NewGuid());
            switch (random.Next(16))
            {
                case < 4:
                    var id = $"m{age}-{random.Next(40)}";
                    DateTimeOffset? at = random.Next(3) == 0 ? now.AddSeconds(random.Next(-30, 90)) : null;
                    var tenant = s_tenants[random.Next(s_tenants.Length)];
                    moves.Add($"send {id} of '{tenant}' to {queue} at {at - now}");
                    await queues.SendAsync(queue, new BusMessage(id, new byte[] { 1 }, "test", Of(tenant), at), Cancel);
                    model.Send(queue, id, tenant, at, now);
                    break;
                case < 8:
                    var passOver = random.Next(3) == 0 ? s_tenants[random.Next(s_tenants.Length)] : null;
                    moves.Add($"receive from {queue} but for '{passOver}'");
                    var received = await ReceiveAsync(queues, queue, passOver);
                    var expected = model.Receive(queue, passOver, received?.LockToken ?? Guid.Empty, now, steady);
                    (received is null ? null : ((string, int, long, DateTimeOffset)?)(received.MessageId, received.DeliveryCount, received.SequenceNumber, received.EnqueuedAt)).ShouldBe(expected);
                    if (received is not null)
                    {
                        received.LockedUntil.ShouldBe(now + s_options.LockDuration);
                        locks.Add((queue, received.LockToken));
                    }

                    break;
                case < 10:
                    moves.Add($"complete in {held}");
                    (await HeldAsync(queues.CompleteAsync(held, token))).ShouldBe(model.Complete(held, token, steady));
                    break;
                case 10:
                    moves.Add($"abandon in {held}");
                    (await HeldAsync(queues.AbandonAsync(held, token))).ShouldBe(model.Abandon(held, token, steady));
                    break;
                case 11:
                    moves.Add($"renew in {held}");
                    (await HeldAsync(queues.RenewLockAsync(held, token))).ShouldBe(model.Renew(held, token, steady));
                    break;
                case 12:
                    moves.Add($"dead-letter in {held}");
                    (await HeldAsync(queues.DeadLetterAsync(held, token, "Bad", null))).ShouldBe(model.Kill(held, token, "Bad", steady));
                    break;
                case 13:
                    var dead = model.DeadLetters(queue).Select(letter => letter.Sequence).Append(1_000_000).ToList();
                    var sequence = dead[random.Next(dead.Count)];
                    moves.Add($"resubmit {sequence} of {queue}");
                    (await queues.ResubmitAsync(queue, sequence)).ShouldBe(model.Resubmit(queue, sequence, now));
                    break;
                case 14:
                    // Whether an id is still known whose window had ended before the clock was set back, nobody promises.
                    if (random.Next(10) == 0)
                    {
                        var by = TimeSpan.FromSeconds(random.Next(2) == 0 ? -3_600 : 3_600);
                        age += by < TimeSpan.Zero ? 1 : 0;
                        moves.Add($"the clock is set by {by}");
                        clock.Set(now + by);
                        break;
                    }

                    var passed = TimeSpan.FromSeconds(random.Next(1, 45));
                    moves.Add($"{passed} pass");
                    clock.Advance(passed);
                    break;
                default:
                    moves.Add("the process ends, and another begins");
                    await database.DisposeAsync();
                    database = new SqliteDatabase(file, "PRAGMA synchronous=OFF");
                    queues = new SqliteQueues(database, clock, _ => s_options);
                    model.Reopen();
                    break;
            }

            queues.Count(queue).ShouldBe(model.Count(queue, clock.GetUtcNow(), new DateTimeOffset(clock.GetTimestamp(), TimeSpan.Zero)));
            queues.PeekDeadLetters(queue).Select(letter => (letter.MessageId, (string?)letter.Reason, letter.SequenceNumber)).ShouldBe(model.DeadLetters(queue));
        }

        await database.DisposeAsync();
    }

    private static Dictionary<string, string> Of(string tenant) => tenant.Length == 0 ? [] : new() { ["tenant"] = tenant };

    /// <summary>One look, for a receiver that has no turn for a tenant; null when there is nothing for it.</summary>
    private static async Task<LockedMessage?> ReceiveAsync(SqliteQueues queues, string queue, string? passOver)
    {
        using var looked = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        return await queues.ReceiveAsync(
            queue,
            () =>
            {
                looked.Cancel();
                return passOver;
            },
            looked.Token);
    }

    /// <summary>False when the lock was lost.</summary>
    private static async Task<bool> HeldAsync(Task settling)
    {
        try
        {
            await settling;
            return true;
        }
        catch (MessageLockLostException)
        {
            return false;
        }
    }
}
