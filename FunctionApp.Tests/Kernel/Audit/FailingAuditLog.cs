using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;

namespace Advisor.Tests.Kernel.Audit;

/// <summary>A log whose disk is full while <see cref="Fails"/> is set.</summary>
internal sealed class FailingAuditLog(IAuditLog inner) : IAuditLog
{
    private volatile bool _fails;

    public bool Fails
    {
        get => _fails;
        set => _fails = value;
    }

    public Task AppendManyAsync(IReadOnlyList<AuditEvent> audited, CancellationToken cancellationToken) =>
        _fails ? Task.FromException(new IOException("The disk is full.")) : inner.AppendManyAsync(audited, cancellationToken);

    public Task<AuditPage> QueryAsync(TenantId tenant, AuditQuery query, CancellationToken cancellationToken) => inner.QueryAsync(tenant, query, cancellationToken);

    public Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken cancellationToken) => inner.PartitionsAsync(cancellationToken);

    public IAsyncEnumerable<AuditEntry> ReadAsync(string partition, CancellationToken cancellationToken) => inner.ReadAsync(partition, cancellationToken);

    public Task<AuditEntry?> LastAsync(string partition, CancellationToken cancellationToken) => inner.LastAsync(partition, cancellationToken);
}
