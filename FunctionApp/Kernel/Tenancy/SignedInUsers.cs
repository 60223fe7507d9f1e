using System.Collections.Concurrent;
using Advisor.Kernel.Records;

namespace Advisor.Kernel.Tenancy;

/// <summary>A user who has signed in, as records keep them.</summary>
/// <param name="EmailKey">The address in lower case: addresses are told apart without regard to case.</param>
/// <param name="LastSeen">UTC; to the day, not the moment.</param>
public sealed record SignedInUser(string UserId, string Email, string EmailKey, IReadOnlyList<Role> Roles, DateTimeOffset FirstSeen, DateTimeOffset LastSeen)
{
    public static RecordContainer<SignedInUser> Container { get; } = new("users");
}

/// <summary>The users of a tenant are those who have signed in, with the address and the roles of the last time.</summary>
/// <remarks>
/// Written at most once a day for a user, and at once when their address or roles change. Who has left stays until their record is deleted: the platform
/// tells of sign-ins only.
/// </remarks>
public sealed class SignedInUsers(IRecordStore records, TimeProvider time) : IUserDirectory
{
    private readonly ConcurrentDictionary<(TenantId Tenant, string UserId), SignedInUser> _known = new();

    /// <inheritdoc />
    public async Task<Caller?> FindByEmailAsync(TenantId tenant, string email, CancellationToken cancellationToken)
    {
        var query = new RecordQuery([new RecordFilter("email_key", RecordOperator.Equal, Key(email))], "last_seen", Descending: true, PageSize: 1);
        var page = await records.QueryAsync(SignedInUser.Container, tenant, query, cancellationToken);
        return page.Items is [var found] ? CallerOf(tenant, found.Value) : null;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Caller>> WithRoleAsync(TenantId tenant, Role role, CancellationToken cancellationToken)
    {
        var users = new List<Caller>();
        string? continuation = null;
        do
        {
            var page = await records.QueryAsync(SignedInUser.Container, tenant, new RecordQuery([], "email_key", PageSize: 500, Continuation: continuation), cancellationToken);
            users.AddRange(page.Items.Where(item => item.Value.Roles.Contains(role)).Select(item => CallerOf(tenant, item.Value)));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return users;
    }

    /// <inheritdoc />
    public async ValueTask NoteAsync(Caller caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var key = (caller.Tenant, caller.UserId);
        if (_known.TryGetValue(key, out var known) && IsSame(known, caller, now))
        {
            return;
        }

        var id = DeterministicId.Of("user", caller.UserId);
        var stored = (await records.FindAsync(SignedInUser.Container, caller.Tenant, id, cancellationToken))?.Value;
        if (stored is null || !IsSame(stored, caller, now))
        {
            stored = new SignedInUser(caller.UserId, caller.Email, Key(caller.Email), caller.Roles, stored?.FirstSeen ?? now, now);
            await records.PutAsync(SignedInUser.Container, caller.Tenant, id, stored, null, cancellationToken);
        }

        _known[key] = stored;
    }

    private static bool IsSame(SignedInUser user, Caller caller, DateTimeOffset now) =>
        user.LastSeen.UtcDateTime.Date == now.UtcDateTime.Date && user.Email == caller.Email && user.Roles.SequenceEqual(caller.Roles);

    private static Caller CallerOf(TenantId tenant, SignedInUser user) => new(tenant, user.UserId, user.Email, user.Roles);

    private static string Key(string email) => email.Trim().ToLowerInvariant();
}
