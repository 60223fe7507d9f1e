using System.Globalization;
using System.Text.Json;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Azure.Data.Tables;

namespace Advisor.Azure;

/// <summary>Reads a tenant's history newest first, out of a table that gives rows oldest first only.</summary>
/// <remarks>It looks at windows of time, from the newest back, each twice as long as the one before, so that what it reads stays near what it gives.</remarks>
internal sealed class AuditQueryRows(TableClient table, TenantId tenant, AuditQuery query)
{
    private static readonly TimeSpan s_firstWindow = TimeSpan.FromHours(1);

    private readonly string _fingerprint = ContinuationToken.Fingerprint(
        "audit", tenant, new RecordQuery([new RecordFilter(JsonSerializer.Serialize(query with { Continuation = null, PageSize = 1 }, AdvisorJson.Options), RecordOperator.Equal, false)]));

    /// <summary>Entries from here on were given by earlier pages, or are not asked for; null where there is no such bound.</summary>
    /// <exception cref="InvalidContinuationException">The continuation is malformed or belongs to another query.</exception>
    public DateTimeOffset? Before()
    {
        if (query.Continuation is not { } token)
        {
            return query.To;
        }

        return long.TryParse(ContinuationToken.Read(token, _fingerprint).Id, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new DateTimeOffset(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero)
            : throw new InvalidContinuationException();
    }

    /// <param name="months">Heads of the months that hold entries, newest first.</param>
    public async Task<AuditPage> PageAsync(IEnumerable<AuditEntry> months, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        var found = new List<AuditEntry>();
        foreach (var newest in months)
        {
            var upper = Earlier(newest.Timestamp.AddTicks(1), before);
            var first = DateTimeOffset.ParseExact(newest.PartitionKey, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            var lowest = query.From is { } from && from > first ? from : first;
            for (var window = s_firstWindow; upper > lowest && found.Count <= query.PageSize; window *= 2)
            {
                var lower = upper - lowest > window ? upper - window : lowest;
                found.AddRange(await WindowAsync(newest.PartitionKey, lower, upper, cancellationToken));
                upper = lower;
            }
        }

        return found.Count <= query.PageSize
            ? new AuditPage(found, null)
            : new AuditPage(
                found[..query.PageSize],
                ContinuationToken.Write(_fingerprint, order: null, found[query.PageSize - 1].Timestamp.UtcTicks.ToString(CultureInfo.InvariantCulture)));
    }

    private async Task<List<AuditEntry>> WindowAsync(string month, DateTimeOffset from, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var conditions = new List<string>
        {
            $"PartitionKey eq {Quoted(month)}",
            $"RowKey ge {Quoted(AuditChain.RowsFrom(from))}",
            $"RowKey lt {Quoted(AuditChain.RowsFrom(before))}",
            $"tenant eq {Quoted(tenant.Value)}",
        };
        AddWhere("user_id", query.UserId);
        AddWhere("action", query.Action);
        AddWhere("result", query.Result);
        var entries = new List<AuditEntry>();
        await foreach (var row in table.QueryAsync<TableEntity>(string.Join(" and ", conditions), cancellationToken: cancellationToken))
        {
            var entry = AuditRow.Read(row);
            if (query.ResourcePrefix is null || entry.Resource.StartsWith(query.ResourcePrefix, StringComparison.Ordinal))
            {
                entries.Add(entry);
            }
        }

        entries.Reverse();
        return entries;

        void AddWhere(string property, string? value)
        {
            if (value is not null)
            {
                conditions.Add($"{property} eq {Quoted(value)}");
            }
        }
    }

    /// <summary>Text in a filter: a quote within it is doubled.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other is { } given && given < one ? given : one;
}
