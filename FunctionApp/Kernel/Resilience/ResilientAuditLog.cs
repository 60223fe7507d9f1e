using Advisor.Kernel.Audit;

namespace Advisor.Kernel.Resilience;

/// <summary>The host's audit log, called through its <see cref="Dependency"/>.</summary>
internal sealed class ResilientAuditLog(IAuditLog inner, Dependency dependency) : IAuditLog
{
    public async Task AppendAsync(AuditEvent audited, CancellationToken cancellationToken) => await dependency.CallAsync(
        "append", "audit-logs",

        // An event without an id would be appended again by a retry.
        (inner, audited: audited.EventId is null ? audited with { EventId = Guid.CreateVersion7().ToString() } : audited),
        static async (call, token) =>
        {
            await call.inner.AppendAsync(call.audited, token);
            return true;
        },
        cancellationToken);
}
