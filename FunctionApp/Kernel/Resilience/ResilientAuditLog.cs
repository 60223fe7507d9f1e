using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Resilience;

/// <summary>The host's audit log, called through its <see cref="Dependency"/>.</summary>
internal sealed class ResilientAuditLog(IAuditLog inner, Dependency dependency) : IAuditLog
{
    private const string Table = "audit-logs";

    public async Task AppendManyAsync(IReadOnlyList<AuditEvent> audited, CancellationToken cancellationToken) => await dependency.CallAsync(
        "append", Table,

        // An event without an id would be appended again by a retry.
        (inner, audited: audited.All(one => one.EventId is not null) ? audited : [.. audited.Select(Named)]),
        static async (call, token) =>
        {
            // A store that does not look at the token must not hold its caller longer than an attempt may last.
            await call.inner.AppendManyAsync(call.audited, token).WaitAsync(token);
            return true;
        },
        cancellationToken);

    public async Task<AuditPage> QueryAsync(TenantId tenant, AuditQuery query, CancellationToken cancellationToken) => await dependency.CallAsync(
        "query", Table, (inner, tenant, query),
        static (call, token) => new ValueTask<AuditPage>(call.inner.QueryAsync(call.tenant, call.query, token)), cancellationToken);

    public async Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken cancellationToken) => await dependency.CallAsync(
        "partitions", Table, inner, static (log, token) => new ValueTask<IReadOnlyList<string>>(log.PartitionsAsync(token)), cancellationToken);

    /// <remarks>A whole partition is read page by page by its own reader; only asking for it is guarded.</remarks>
    public IAsyncEnumerable<AuditEntry> ReadAsync(string partition, CancellationToken cancellationToken) => inner.ReadAsync(partition, cancellationToken);

    public async Task<AuditEntry?> LastAsync(string partition, CancellationToken cancellationToken) => await dependency.CallAsync(
        "last", Table, (inner, partition),
        static (call, token) => new ValueTask<AuditEntry?>(call.inner.LastAsync(call.partition, token)), cancellationToken);

    private static AuditEvent Named(AuditEvent audited) => audited.EventId is null ? audited with { EventId = Guid.CreateVersion7().ToString() } : audited;
}
