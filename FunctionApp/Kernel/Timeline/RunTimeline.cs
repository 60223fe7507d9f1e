using System.Globalization;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Telemetry;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Timeline;

/// <summary>The stored log of runs, which outlives the durable history.</summary>
/// <remarks>
/// A run's events stand in pages of <see cref="PageSize"/>, each one record. An append rewrites the last page under its ETag, so that
/// sequence numbers have no gaps and a reader who has seen number n has seen all before it. Appending the same key again changes nothing.
/// </remarks>
public sealed class RunTimeline(IRecordStore records, TimeProvider time)
{
    /// <summary>Events in one stored page.</summary>
    public const int PageSize = 200;

    private const int MaxAttempts = 50;

    private static readonly RecordContainer<Page> s_pages = new("timeline");

    /// <summary>What to append.</summary>
    /// <param name="Key">Deterministic within the run: <c>step/item</c>.</param>
    public sealed record Entry(string Key, TimelineEventType Type, string Step, string? Agent = null, long? ElapsedMs = null, object? Payload = null);

    public Task AppendAsync(TenantId tenant, string runId, Entry entry, CancellationToken cancellationToken) =>
        AppendAsync(tenant, runId, [entry], cancellationToken);

    /// <summary>Appends the entries whose keys are new, in one write.</summary>
    public async Task AppendAsync(TenantId tenant, string runId, IReadOnlyList<Entry> entries, CancellationToken cancellationToken)
    {
        Spans.Tag(tenant, runId);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAppendAsync(tenant, runId, entries, cancellationToken);
                return;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Another step of the run appended first: read its page and try again.
            }
        }
    }

    /// <summary>Events after a sequence number, in order; at most one stored page at a time.</summary>
    /// <param name="after">0 from the beginning.</param>
    public async Task<IReadOnlyList<TimelineEvent>> ReadAsync(TenantId tenant, string runId, int after, CancellationToken cancellationToken)
    {
        var page = await records.FindAsync(s_pages, tenant, PageId(runId, after / PageSize), cancellationToken);
        return page is null ? [] : [.. page.Value.Events.Where(stored => stored.Seq > after).Select(stored => stored.ToEvent(runId))];
    }

    private async Task TryAppendAsync(TenantId tenant, string runId, IReadOnlyList<Entry> entries, CancellationToken cancellationToken)
    {
        var number = 0;
        var current = await records.FindAsync(s_pages, tenant, PageId(runId, number), cancellationToken);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (current is not null)
        {
            known.UnionWith(current.Value.Events.Select(stored => stored.Key));
            if (current.Value.Events.Count < PageSize)
            {
                break;
            }

            current = await records.FindAsync(s_pages, tenant, PageId(runId, ++number), cancellationToken);
        }

        var events = current?.Value.Events.ToList() ?? [];
        var room = PageSize - events.Count;
        var fresh = entries.Where(entry => known.Add(entry.Key)).ToList();
        if (fresh.Count == 0)
        {
            return;
        }

        var seq = (number * PageSize) + events.Count;
        var now = time.GetUtcNow();
        events.AddRange(fresh.Take(room).Select(entry => new StoredEvent(
            ++seq, entry.Key, entry.Type, entry.Step, entry.Agent, now, entry.ElapsedMs,
            entry.Payload is null ? null : JsonSerializer.SerializeToElement(entry.Payload, AdvisorJson.Options))));
        var page = new Page(runId, events);
        if (current is null)
        {
            await records.CreateAsync(s_pages, tenant, PageId(runId, number), page, cancellationToken);
        }
        else
        {
            await records.PutAsync(s_pages, tenant, PageId(runId, number), page, current.ETag, cancellationToken);
        }

        if (fresh.Count > room)
        {
            await TryAppendAsync(tenant, runId, [.. fresh.Skip(room)], cancellationToken);
        }
    }

    private static string PageId(string runId, int number) => $"{runId}-{number.ToString("D5", CultureInfo.InvariantCulture)}";

    private sealed record Page(string RunId, IReadOnlyList<StoredEvent> Events);

    private sealed record StoredEvent(
        int Seq, string Key, TimelineEventType Type, string Step, string? Agent, DateTimeOffset Ts, long? ElapsedMs, JsonElement? Payload)
    {
        public TimelineEvent ToEvent(string runId) => new(runId, Seq, Type, Step, Agent, Ts, ElapsedMs, Payload);
    }
}
