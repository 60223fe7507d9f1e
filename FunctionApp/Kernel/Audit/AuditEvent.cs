using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Audit;

/// <summary>Something that was done or decided, by a person or by the product itself.</summary>
/// <param name="Tenant">Null only where nobody was signed in.</param>
/// <param name="UserId">The caller; <c>anonymous</c> where nobody was signed in, <c>advisor</c> where the product decided by itself.</param>
/// <param name="Action">What was done: <c>POST api/v1/documents/ingest</c> for a request, <c>insight.published</c> for a decision.</param>
/// <param name="Resource">What it was done to: a path without its query, or <c>insights/{id}</c>.</param>
/// <param name="IpAddress">Of the client; null for what the product did by itself.</param>
/// <param name="Result"><c>succeeded</c>, <c>refused</c>, <c>failed</c>, <c>aborted</c>, or the decision's outcome in one word.</param>
public sealed record AuditEvent(TenantId? Tenant, string UserId, string Action, string Resource, string? IpAddress, string Result)
{
    /// <summary>The user where the product itself acted.</summary>
    public const string Product = "advisor";

    /// <summary>The user where nobody was signed in.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>Deterministic for a decision, so that an activity that runs twice appends once; any text, of which the log keeps a hash. Null gives a new id.</summary>
    public string? EventId { get; init; }

    /// <summary>More to be kept, by snake_case name: <c>status</c>, <c>trace_id</c>, <c>root_hash</c>. Never document text or personal data beyond the user's id.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();

    /// <summary>A decision of the product about a resource, which it takes once: taking it again appends nothing.</summary>
    /// <param name="details">Those without a value are left out.</param>
    public static AuditEvent Decision(TenantId tenant, string action, string resource, string result, params ReadOnlySpan<(string Name, object? Value)> details)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in details)
        {
            if (value is not null)
            {
                kept[name] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!;
            }
        }

        return new AuditEvent(tenant, Product, action, resource, null, result) { EventId = $"{tenant}/{action}/{resource}", Details = kept };
    }
}
