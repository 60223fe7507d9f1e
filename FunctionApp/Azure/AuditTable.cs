using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;
using Azure;
using Azure.Core;
using Azure.Data.Tables;

namespace Advisor.Azure;

/// <summary>The audit log in the table <c>AuditLogs</c> of a storage account.</summary>
/// <remarks>
/// <para>An append is one transaction over a month's partition: the entries, a row for each event's id, and the month's head replaced under the ETag it was read at. Who
/// loses reads again, so that the writers of all instances make one chain. Appends that wait in this instance go together.</para>
/// <para>A new month closes the head of the old one first, under its ETag, and links to it; nobody appends to a closed month, whatever their clock says. An event id is looked
/// for in its month and in the one before. Safe for threads.</para>
/// <para>Instances whose clocks are in different months could each begin one behind the same head. So who begins a month notes it first and looks at the notes then: behind a later
/// one it goes on there, and an earlier one that nobody has begun is fenced with a head of no entries, on which its beginner fails and looks again.</para>
/// </remarks>
public sealed class AuditTable(TableClient table, TimeProvider time) : IAuditLog, IDisposable
{
    public const string Name = "AuditLogs";

    private const string Service = "Table Storage";

    /// <summary>Writers of other instances may win as often; each time they have appended.</summary>
    private const int MaxAttempts = 60;

    /// <summary>Longest work for one transaction, retries included: it goes on when one who waits for it gives up, for others wait too.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc />
    public async Task AppendManyAsync(IReadOnlyList<AuditEvent> audited, CancellationToken cancellationToken)
    {
        foreach (var part in audited.Chunk(AuditChain.MostAtOnce))
        {
            var own = new Waiting(part);
            _waiting.Enqueue(own);
            await _turn.WaitAsync(cancellationToken);
            try
            {
                // Another may have taken these along while they waited.
                while (!own.Done.Task.IsCompleted)
                {
                    await AppendTogetherAsync();
                }
            }
            finally
            {
                _turn.Release();
            }

            await own.Done.Task;
        }
    }

    /// <inheritdoc />
    public async Task<AuditPage> QueryAsync(TenantId tenant, AuditQuery query, CancellationToken cancellationToken)
    {
        var rows = new AuditQueryRows(table, tenant, query);
        var before = rows.Before();
        return await CallAsync(async () =>
        {
            var months = await HeadsAsync(cancellationToken);
            return await rows.PageAsync(months.Select(AuditRow.ReadHead).Reverse(), before, cancellationToken);
        });
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken cancellationToken) =>
        await CallAsync(async () => (await HeadsAsync(cancellationToken)).ConvertAll(head => head.PartitionKey));

    /// <inheritdoc />
    public async IAsyncEnumerable<AuditEntry> ReadAsync(string partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = $"PartitionKey eq {AuditQueryRows.Quoted(partition)} and RowKey lt {AuditQueryRows.Quoted(AuditRow.EndOfEntries)}";
        await using var rows = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await CallAsync(() => rows.MoveNextAsync().AsTask()))
        {
            yield return AuditRow.Read(rows.Current);
        }
    }

    /// <inheritdoc />
    public Task<AuditEntry?> LastAsync(string partition, CancellationToken cancellationToken) => CallAsync(async () =>
        await FindAsync(partition, AuditRow.Head, cancellationToken) is { } head && !AuditRow.IsFence(head) && await FindAsync(partition, head.GetString("row"), cancellationToken) is { } last
            ? AuditRow.Read(last)
            : null);

    public void Dispose() => _turn.Dispose();

    /// <summary>A client whose own repetitions are few and quick: the product's own follow, and see all callers.</summary>
    internal static TableClient Connect(AuditTableOptions options, TokenCredential credential) => new(
        options.ServiceUri!, Name, credential,
        new TableClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(1), NetworkTimeout = TimeSpan.FromSeconds(4) } });

    /// <summary>Appends those that wait, as many as go into a transaction.</summary>
    private async Task AppendTogetherAsync()
    {
        var taken = new List<Waiting>();
        while (_waiting.TryPeek(out var next) && taken.Sum(one => one.Events.Count) + next.Events.Count <= AuditChain.MostAtOnce)
        {
            _waiting.TryDequeue(out _);
            taken.Add(next);
        }

        try
        {
            using var patience = new CancellationTokenSource(s_patience);
            await CallAsync(async () =>
            {
                await AppendAsync([.. taken.SelectMany(one => one.Events)], patience.Token);
                return true;
            });
            taken.ForEach(one => one.Done.SetResult());
        }
        catch (OperationCanceledException fault)
        {
            taken.ForEach(one => one.Done.SetException(new TimeoutException("The audit log did not take entries in time.", fault)));
        }
        catch (Exception fault)
        {
            taken.ForEach(one => one.Done.SetException(fault));
        }
    }

    private async Task AppendAsync(List<AuditEvent> events, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await TryAppendAsync(events, null, cancellationToken))
                {
                    return;
                }
            }
            catch (RequestFailedException fault) when (fault.Status is 409 or 412 && attempt < MaxAttempts)
            {
                // Another instance appended first.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 5 * Math.Min(attempt, 10))), cancellationToken);
            }
        }
    }

    /// <param name="events">What is appended, or was before, is taken out.</param>
    /// <param name="notBefore">The month that somebody else is about to begin; null for none.</param>
    /// <returns>False where the rest belongs into another month.</returns>
    private async Task<bool> TryAppendAsync(List<AuditEvent> events, DateTimeOffset? notBefore, CancellationToken cancellationToken)
    {
        var heads = await HeadsAsync(cancellationToken, most: 2);
        var head = heads.LastOrDefault();
        var newest = head is null ? null : AuditRow.ReadHead(head);
        var added = await NotThereAsync(events, heads, cancellationToken);
        var now = time.GetUtcNow();
        if (head is not null && AuditRow.IsClosed(head) && string.CompareOrdinal(AuditChain.PartitionOf(now), head.PartitionKey) <= 0)
        {
            now = FirstOf(head.PartitionKey).AddMonths(1);
        }

        now = notBefore > now ? notBefore.Value : now;
        var entries = new List<AuditEntry>();
        foreach (var one in added)
        {
            var entry = AuditChain.Link(one, entries.LastOrDefault() ?? newest, now);
            if (entries.Count > 0 && entry.PartitionKey != entries[0].PartitionKey)
            {
                break;
            }

            entries.Add(entry);
        }

        if (entries.Count == 0)
        {
            return true;
        }

        var month = entries[0].PartitionKey;
        if (month != head?.PartitionKey && await BeginMonthAsync(month, head, newest, cancellationToken) is { } later)
        {
            return await TryAppendAsync(events, FirstOf(later), cancellationToken);
        }

        var actions = entries.SelectMany(entry => new[]
        {
            new TableTransactionAction(TableTransactionActionType.Add, AuditRow.Of(entry)),
            new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(month, AuditRow.KeyOfEvent(entry.EventId)) { ["row"] = entry.RowKey }),
        });
        var moved = AuditRow.HeadOf(entries[^1]);
        actions = actions.Append(month == head?.PartitionKey
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, moved, head.ETag)
            : new TableTransactionAction(TableTransactionActionType.Add, moved));
        await table.SubmitTransactionAsync(actions, cancellationToken);
        events.Clear();
        events.AddRange(added.Skip(entries.Count));
        return events.Count == 0;
    }

    /// <summary>Closes the month before, so that nobody appends behind the hash that the new one links to, and sees that no other month is begun behind it.</summary>
    /// <returns>A later month that somebody else begins, which is then the one to append to; null where there is none.</returns>
    private async Task<string?> BeginMonthAsync(string month, TableEntity? head, AuditEntry? newest, CancellationToken cancellationToken)
    {
        if (head is not null && !AuditRow.IsClosed(head))
        {
            await table.UpdateEntityAsync(AuditRow.HeadOf(newest!, closed: true), head.ETag, TableUpdateMode.Replace, cancellationToken);
        }

        await table.UpsertEntityAsync(new TableEntity(AuditRow.Months, month), TableUpdateMode.Replace, cancellationToken);
        var others = (await MonthsAsync(cancellationToken)).FindAll(other => other != month && string.CompareOrdinal(other, head?.PartitionKey) > 0);
        if (others.Find(other => string.CompareOrdinal(other, month) > 0) is { } later)
        {
            return later;
        }

        foreach (var earlier in others)
        {
            // Where somebody has begun it meanwhile, this fails like any write that came too late, and what is there is read again.
            if (await FindAsync(earlier, AuditRow.Head, cancellationToken) is not { } begun || !AuditRow.IsFence(begun))
            {
                await table.SubmitTransactionAsync([new TableTransactionAction(TableTransactionActionType.Add, AuditRow.FenceOf(earlier))], cancellationToken);
            }
        }

        return null;
    }

    /// <summary>The events that are neither in these months nor twice among themselves.</summary>
    private async Task<List<AuditEvent>> NotThereAsync(List<AuditEvent> events, List<TableEntity> heads, CancellationToken cancellationToken)
    {
        var asked = events.Select(AuditChain.StoredIdOf).OfType<string>().Distinct(StringComparer.Ordinal)
            .SelectMany(id => heads.Select(head => (Id: id, Found: FindAsync(head.PartitionKey, AuditRow.KeyOfEvent(id), cancellationToken))))
            .ToList();
        await Task.WhenAll(asked.Select(one => one.Found));
        var there = asked.Where(one => one.Found.Result is not null).Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        return events.FindAll(one => AuditChain.StoredIdOf(one) is not { } id || there.Add(id));
    }

    /// <summary>The heads of the months that hold entries, oldest first.</summary>
    /// <param name="most">Of the newest months only so many.</param>
    private async Task<List<TableEntity>> HeadsAsync(CancellationToken cancellationToken, int most = int.MaxValue)
    {
        var months = await MonthsAsync(cancellationToken);

        // One month more: the newest may have been noted by someone who has not appended yet. All where even that is not enough.
        var near = most == int.MaxValue ? months : months[^Math.Min(months.Count, most + 1)..];
        var heads = await HeadsOfAsync(near, cancellationToken);
        if (heads.Count < most && near.Count < months.Count)
        {
            heads = await HeadsOfAsync(months, cancellationToken);
        }

        return heads.Count > most ? heads[^most..] : heads;
    }

    private async Task<List<TableEntity>> HeadsOfAsync(IEnumerable<string> months, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(months.Select(month => FindAsync(month, AuditRow.Head, cancellationToken)))).OfType<TableEntity>().Where(head => !AuditRow.IsFence(head))];

    /// <summary>The months that were noted, oldest first; not each has been begun.</summary>
    private async Task<List<string>> MonthsAsync(CancellationToken cancellationToken)
    {
        var months = new List<string>();
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{AuditRow.Months}'", cancellationToken: cancellationToken))
        {
            months.Add(row.RowKey);
        }

        months.Sort(StringComparer.Ordinal);
        return months;
    }

    private async Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private static DateTimeOffset FirstOf(string month) => DateTimeOffset.ParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            throw new InvalidOperationException($"Table Storage has no table '{Name}': deploy it (docs/azure.md).", fault);
        }
        catch (RequestFailedException fault) when (fault.Status is 409 or 412)
        {
            throw new AzureServiceException(Service, fault.Status, "too many writers", fault);
        }
        catch (Exception fault) when (AzureFaults.IsKnown(fault))
        {
            throw AzureFaults.Of(Service, fault);
        }
    }

    private sealed record Waiting(IReadOnlyList<AuditEvent> Events)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
