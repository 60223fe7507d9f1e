using System.Globalization;
using System.Text.Json;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Azure.Data.Tables;

namespace Advisor.Azure;

/// <summary>The rows of the table <c>AuditLogs</c>.</summary>
/// <remarks>
/// In each month's partition: an entry under <c>{timestamp}-{event_id}</c>, beside it <c>event-{event_id}</c>, by which a repeated event is found, and one
/// <c>head</c>; a month that was passed over has a head alone. In the partition <c>months</c>: a row for each month. Row keys of entries begin with a digit, those of the others with a letter.
/// </remarks>
internal static class AuditRow
{
    public const string Head = "head";

    public const string Months = "months";

    /// <summary>Behind every entry's row key, and before the others'.</summary>
    public const string EndOfEntries = ":";

    public static string KeyOfEvent(string eventId) => $"event-{eventId}";

    public static TableEntity Of(AuditEntry entry)
    {
        var row = new TableEntity(entry.PartitionKey, entry.RowKey)
        {
            ["sequence"] = entry.Sequence,
            ["time"] = AuditChain.RowsFrom(entry.Timestamp),
            ["event_id"] = entry.EventId,
            ["user_id"] = entry.UserId,
            ["action"] = entry.Action,
            ["resource"] = entry.Resource,
            ["result"] = entry.Result,
            ["details"] = JsonSerializer.Serialize(entry.Details, AdvisorJson.Options),
            ["previous_hash"] = entry.PreviousHash,
            ["hash"] = entry.Hash,
        };

        // The service keeps no nulls: a property is there or it is not.
        if (entry.Tenant is { } tenant)
        {
            row["tenant"] = tenant.Value;
        }

        if (entry.IpAddress is { } address)
        {
            row["ip_address"] = address;
        }

        return row;
    }

    /// <summary>A value that cannot have been written here becomes a detail, so that the entry is shown, and its hash does not hold.</summary>
    public static AuditEntry Read(TableEntity row)
    {
        var details = Details(row.GetString("details"));
        TenantId? tenant = null;
        if (row.GetString("tenant") is { } text && !TenantId.TryParse(text, out tenant))
        {
            details["unreadable_tenant"] = text;
        }

        return new AuditEntry(
            row.PartitionKey,
            row.RowKey,
            row.GetInt64("sequence") ?? 0,
            Time(row.GetString("time")),
            row.GetString("event_id") ?? "",
            tenant,
            row.GetString("user_id") ?? "",
            row.GetString("action") ?? "",
            row.GetString("resource") ?? "",
            row.GetString("ip_address"),
            row.GetString("result") ?? "",
            details,
            row.GetString("previous_hash") ?? "",
            row.GetString("hash") ?? "");
    }

    /// <summary>The head that names the entry as the newest of its month.</summary>
    /// <param name="closed">Whether a later month links to it already.</param>
    public static TableEntity HeadOf(AuditEntry entry, bool closed = false) => new(entry.PartitionKey, Head)
    {
        ["row"] = entry.RowKey,
        ["sequence"] = entry.Sequence,
        ["time"] = AuditChain.RowsFrom(entry.Timestamp),
        ["hash"] = entry.Hash,
        ["closed"] = closed,
    };

    /// <summary>As much of the newest entry as the next one links to.</summary>
    public static AuditEntry ReadHead(TableEntity head) => new(
        head.PartitionKey, head.GetString("row"), head.GetInt64("sequence") ?? 0, Time(head.GetString("time")), "", null, "", "", "", null, "",
        new Dictionary<string, string>(), "", head.GetString("hash"));

    /// <summary>The head of a month that is passed over: it has no entries and never will.</summary>
    public static TableEntity FenceOf(string month) => new(month, Head) { ["sequence"] = 0L, ["closed"] = true };

    public static bool IsFence(TableEntity head) => head.GetInt64("sequence") == 0;

    public static bool IsClosed(TableEntity head) => head.GetBoolean("closed") == true;

    private static DateTimeOffset Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : DateTimeOffset.MinValue;

    private static Dictionary<string, string> Details(string? text)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(text ?? "{}", AdvisorJson.Options) ?? [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, string> { ["unreadable_details"] = text! };
        }
    }
}
