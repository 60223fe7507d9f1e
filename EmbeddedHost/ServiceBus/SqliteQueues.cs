using System.Collections.Concurrent;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.ServiceBus;

/// <summary>Queues with the semantics of Service Bus, in one SQLite file used by one host at a time.</summary>
/// <remarks>
/// At least once: the tenants that have messages take turns, and each one's messages come in order of sequence number. Who is a message's
/// tenant its property of that name says. A message is delivered under a lock, and again when the lock ends, is abandoned, or the host is killed; after <see cref="QueueOptions.MaxDeliveryCount"/> deliveries it is dead-lettered. Every change is on disk when its
/// task completes. Opening the file ends the locks of the process that had it before. A clock that is set, back or forward, ends no lock early and has no message wait
/// longer than it was to. A queue exists as soon as it is named.
/// Safe for use by many threads.
/// </remarks>
public sealed class SqliteQueues : IMessageBus, IQueueDepths
{
    /// <summary>Largest body, that of a standard Service Bus namespace: bigger content goes to a blob or record, its id into the message.</summary>
    public const int MaxBodyBytes = 256 * 1024;

    // https://www.sqlite.org/rescode.html
    private const int Corrupt = 11;

    /// <summary>Timers go by a clock of their own: one that is set is noticed so long afterwards.</summary>
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromMinutes(1);

    private readonly SqliteDatabase _database;
    private readonly TimeProvider _time;
    private readonly Func<string, QueueOptions> _options;
    private readonly long _openedUtc;
    private readonly long _openedAt;
    private readonly ConcurrentDictionary<string, QueueSignal> _signals = new(StringComparer.Ordinal);

    /// <param name="options">The rules of a queue by its name; null gives every queue the defaults.</param>
    public SqliteQueues(SqliteDatabase database, TimeProvider time, Func<string, QueueOptions>? options = null)
    {
        var defaults = new QueueOptions();
        _database = database;
        _time = time;
        _options = options ?? (_ => defaults);
        (_openedUtc, _openedAt) = (time.GetUtcNow().UtcTicks, time.GetTimestamp());
        database.Define(QueueTable.Schema);
        database.WriteAsync(QueueTable.Upgrade).GetAwaiter().GetResult();
        Interrupted = WriteAsync(QueueTable.Open).GetAwaiter().GetResult();
    }

    /// <summary>The messages that the process before this one had in hand when it ended: none after an orderly stop.</summary>
    internal IReadOnlyList<(string Queue, long Sequence)> Interrupted { get; }

    private QueueTime Now => new(_time.GetUtcNow().UtcTicks, _openedUtc + _time.GetElapsedTime(_openedAt).Ticks);

    /// <inheritdoc />
    public Task SendAsync(string queue, BusMessage message, CancellationToken cancellationToken) =>
        SendAsync(queue, [message], cancellationToken);

    /// <inheritdoc />
    public async Task SendAsync(string queue, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        foreach (var message in messages)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(message.MessageId, nameof(messages));
            if (message.Body.Length > MaxBodyBytes)
            {
                throw new ArgumentException(
                    $"The message '{message.MessageId}' has {message.Body.Length} bytes, more than the {MaxBodyBytes} that a queue takes.", nameof(messages));
            }
        }

        await WriteAsync(connection =>
        {
            foreach (var message in messages)
            {
                QueueTable.Send(connection, queue, message, _options(queue), Now.Utc);
            }

            return messages.Count;
        });
        Signal(queue).Pulse();
    }

    /// <summary>The oldest message of the tenant whose turn it is, locked; waits, without polling, until there is one.</summary>
    /// <returns>Null when <paramref name="cancellationToken"/> ends the waiting. A message already locked is always returned.</returns>
    public Task<LockedMessage?> ReceiveAsync(string queue, CancellationToken cancellationToken) => ReceiveAsync(queue, () => null, cancellationToken);

    /// <param name="passOver">Asked at each look: a tenant that is to get no turn now. When its answer changes, <see cref="LookAgain"/> is to be called.</param>
    internal async Task<LockedMessage?> ReceiveAsync(string queue, Func<string?> passOver, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            // Taken before looking, so that a message sent after the look ends the wait.
            var signal = Signal(queue).Next;
            var (message, next) = await WriteAsync(connection => QueueTable.Receive(connection, queue, _options(queue), Now, passOver()));
            if (message is not null)
            {
                return message;
            }

            await WaitAsync(signal, next, cancellationToken);
        }

        return null;
    }

    /// <summary>Has those who wait on a queue look whether there is a message for them.</summary>
    internal void LookAgain(string queue) => Signal(queue).Pulse();

    /// <summary>The oldest message of the tenant whose turn it is, locked, or null when none is ready now.</summary>
    public async Task<LockedMessage?> TryReceiveAsync(string queue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await WriteAsync(connection => QueueTable.Receive(connection, queue, _options(queue), Now, passOver: null))).Message;
    }

    /// <summary>This message, locked, out of its turn; null when it is not ready.</summary>
    internal Task<LockedMessage?> ReceiveAsync(string queue, long sequenceNumber) =>
        WriteAsync(connection => QueueTable.Receive(connection, queue, sequenceNumber, _options(queue), Now));

    /// <summary>Removes the message: its work is done.</summary>
    /// <exception cref="MessageLockLostException">The lock is no longer held.</exception>
    public Task CompleteAsync(string queue, Guid lockToken) =>
        SettleAsync(queue, lockToken, WriteAsync(connection => QueueTable.Complete(connection, queue, lockToken, Now)));

    /// <summary>Gives the message back at its place, to be delivered again at once.</summary>
    /// <exception cref="MessageLockLostException">The lock is no longer held.</exception>
    public async Task AbandonAsync(string queue, Guid lockToken)
    {
        await SettleAsync(queue, lockToken, WriteAsync(connection => QueueTable.Abandon(connection, queue, lockToken, _options(queue), Now)));
        Signal(queue).Pulse();
    }

    /// <summary>Sets the message aside, for a person to look at.</summary>
    /// <exception cref="MessageLockLostException">The lock is no longer held.</exception>
    public Task DeadLetterAsync(string queue, Guid lockToken, string reason, string? description) =>
        SettleAsync(queue, lockToken, WriteAsync(connection => QueueTable.Kill(connection, queue, lockToken, reason, description, Now)));

    /// <summary>How long a lock of this queue lasts unless it is renewed.</summary>
    internal TimeSpan LockDuration(string queue) => _options(queue).LockDuration;

    /// <summary>Extends the lock to its full duration from now.</summary>
    /// <returns>When it now ends, UTC.</returns>
    /// <exception cref="MessageLockLostException">The lock is no longer held.</exception>
    public async Task<DateTimeOffset> RenewLockAsync(string queue, Guid lockToken)
    {
        var options = _options(queue);
        var began = default(QueueTime);
        await SettleAsync(queue, lockToken, WriteAsync(connection => QueueTable.Renew(connection, queue, lockToken, options, began = Now)));
        return new DateTimeOffset(began.Utc, TimeSpan.Zero) + options.LockDuration;
    }

    /// <summary>The counts of a queue; reads its index, so it takes longer on a long backlog.</summary>
    public QueueCounts Count(string queue) => _database.Read(connection => QueueTable.Count(connection, queue, Now));

    /// <inheritdoc />
    public QueueDepth? DepthOf(string queue)
    {
        var counts = Count(queue);
        return new QueueDepth(counts.Ready, counts.Locked, counts.Scheduled, counts.DeadLettered);
    }

    /// <summary>The queues that hold a message in any state, by name.</summary>
    public IReadOnlyList<string> ListQueues() => _database.Read(QueueTable.Queues);

    /// <summary>The oldest dead letters of a queue, by sequence number.</summary>
    public IReadOnlyList<DeadLetter> PeekDeadLetters(string queue, int most = 100) =>
        _database.Read(connection => QueueTable.DeadLetters(connection, queue, most));

    /// <summary>Puts a dead letter at the end of its queue with a delivery count of zero and a new sequence number, whatever its id.</summary>
    /// <returns>False when the queue has no dead letter of that sequence number (any more).</returns>
    public async Task<bool> ResubmitAsync(string queue, long sequenceNumber)
    {
        var found = await WriteAsync(connection => QueueTable.Resubmit(connection, queue, sequenceNumber, Now.Utc));
        Signal(queue).Pulse();
        return found;
    }

    /// <summary>Does the work, and once more where SQLite finds its indexes at odds with the messages: both can be mended.</summary>
    private async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            return await _database.WriteAsync(work);
        }
        catch (StorageUnavailableException fault) when (fault.InnerException is SqliteException { SqliteErrorCode: Corrupt })
        {
            return await _database.WriteAsync(connection =>
            {
                QueueTable.Mend(connection, Now.Utc);
                return work(connection);
            });
        }
    }

    private static async Task SettleAsync(string queue, Guid lockToken, Task<bool> settled)
    {
        if (!await settled)
        {
            throw new MessageLockLostException(queue, lockToken);
        }
    }

    private async Task WaitAsync(Task signal, TimeSpan? next, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = next is { } left
            // Timers count whole milliseconds: one more makes sure that the message is due when it rings.
            ? TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, s_longestSleep.Ticks)) + TimeSpan.FromMilliseconds(1)
            : Timeout.InfiniteTimeSpan;
        await Task.WhenAny(signal, Task.Delay(wait, _time, ended.Token));
        await ended.CancelAsync();
    }

    private QueueSignal Signal(string queue) => _signals.GetOrAdd(queue, _ => new QueueSignal());

    /// <summary>Wakes all who wait on a queue to look again.</summary>
    private sealed class QueueSignal
    {
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Next => Volatile.Read(ref _next).Task;

        public void Pulse() =>
            Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
