using System.Globalization;
using System.Text;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Advisor.Embedded.Durable;

internal sealed partial class EmbeddedDurableClient
{
    private const int PurgeBatch = 100;

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var instance = journal.FindInstance(instanceId);
        return Task.FromResult(instance is null ? null : ToMetadata(instance, getInputsAndOutputs));
    }

    /// <summary>The instances that match, oldest first. The continuation token is opaque and stays valid while instances come and go.</summary>
    /// <exception cref="ArgumentException">The continuation token is not one of ours; thrown while enumerating.</exception>
    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new OrchestrationQuery();
        var selected = new InstanceFilter(
            query.CreatedFrom?.UtcDateTime, query.CreatedTo?.UtcDateTime, query.Statuses?.ToArray(), query.InstanceIdPrefix, (query as TaggedOrchestrationQuery)?.Tag);
        return Pageable.Create<OrchestrationMetadata>((token, pageSize, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var size = Math.Max(1, pageSize ?? query.PageSize);
            var found = journal.List(selected, ReadToken(token ?? query.ContinuationToken), size + 1);
            var page = found.Take(size).Select(instance => ToMetadata(instance, query.FetchInputsAndOutputs)).ToList();
            return Task.FromResult(new Page<OrchestrationMetadata>(page, found.Count > size ? WriteToken(found[size - 1]) : null));
        });
    }

    /// <summary>Purges an instance that has ended. One that is under way, or is not there, counts as none purged, as the client's contract has it.</summary>
    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var purged = await writer.WriteAsync(connection => Purge(connection, [instanceId], options is { Recursive: true }));
        purged.ForEach(waiters.Changed);
        return new PurgeResult(purged.Count, isComplete: true);
    }

    /// <summary>Purges ended instances that match, in small transactions so that nobody waits long for the journal.</summary>
    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var statuses = (filter.Statuses ?? Enum.GetValues<OrchestrationRuntimeStatus>()).Where(Instance.IsFinal).ToArray();
        var selected = new InstanceFilter(filter.CreatedFrom?.UtcDateTime, filter.CreatedTo?.UtcDateTime, statuses, null, null);
        var begun = time.GetTimestamp();
        var count = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = journal.List(selected, null, PurgeBatch);
            if (batch.Count == 0)
            {
                return new PurgeResult(count, isComplete: true);
            }

            if (filter.Timeout is { } limit && time.GetElapsedTime(begun) >= limit)
            {
                return new PurgeResult(count, isComplete: false);
            }

            var purged = await writer.WriteAsync(connection => Purge(connection, batch.Select(instance => instance.Id), options is { Recursive: true }));
            purged.ForEach(waiters.Changed);
            count += purged.Count;
        }
    }

    private static List<string> Purge(Microsoft.Data.Sqlite.SqliteConnection connection, IEnumerable<string> ids, bool recursive)
    {
        List<string> purged = [];
        var left = new Stack<string>(ids);
        while (left.TryPop(out var id))
        {
            if (Journal.FindInstance(connection, id) is not { IsFinished: true })
            {
                continue;
            }

            if (recursive)
            {
                Journal.Children(connection, id).ForEach(left.Push);
            }

            Journal.Remove(connection, id);
            purged.Add(id);
        }

        return purged;
    }

    private static string WriteToken(Instance last) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.Ticks}|{last.Id}")));

    private static (DateTime, string)? ReadToken(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split('|', 2) is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && at <= DateTime.MaxValue.Ticks)
        {
            return (new DateTime(at, DateTimeKind.Utc), id);
        }

        throw new ArgumentException("The continuation token is not one that a query returned.", nameof(token));
    }
}
