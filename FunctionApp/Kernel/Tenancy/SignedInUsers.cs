using System.Collections.Concurrent;
using Advisor.Kernel.Records;
using Microsoft.Extensions.Logging;

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
/// tells of sign-ins only. Noting is best effort: it fails no request, keeps none waiting for long, and rests for a while after it failed; whoever came
/// meanwhile is noted with a later request.
/// </remarks>
public sealed partial class SignedInUsers(IRecordStore records, TimeProvider time, ILogger<SignedInUsers> logger) : IUserDirectory
{
    /// <summary>What a request may be kept waiting for.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>After a failure nothing is tried for so long, so that an outage does not cost each request its patience.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(TenantId Tenant, string UserId), SignedInUser> _known = new();

    /// <summary>UTC ticks until which nothing is tried; zero while the last attempt succeeded.</summary>
    private long _restsUntil;

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
        if ((_known.TryGetValue((caller.Tenant, caller.UserId), out var known) && IsSame(known, caller, now)) || Interlocked.Read(ref _restsUntil) > now.UtcTicks)
        {
            return;
        }

        using var patience = new CancellationTokenSource(s_patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            _known[(caller.Tenant, caller.UserId)] = await KeepAsync(caller, now, limit.Token);
            Interlocked.Exchange(ref _restsUntil, 0);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref _restsUntil, (now + s_rest).UtcTicks) == 0)
            {
                Log.NotNoted(logger, fault.GetType().Name);
            }
        }
    }

    private async Task<SignedInUser> KeepAsync(Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = DeterministicId.Of("user", caller.UserId);
        var stored = (await records.FindAsync(SignedInUser.Container, caller.Tenant, id, cancellationToken))?.Value;
        if (stored is not null && IsSame(stored, caller, now))
        {
            return stored;
        }

        var user = new SignedInUser(caller.UserId, caller.Email, Key(caller.Email), caller.Roles, stored?.FirstSeen ?? now, now);
        await records.PutAsync(SignedInUser.Container, caller.Tenant, id, user, null, cancellationToken);
        return user;
    }

    private static bool IsSame(SignedInUser user, Caller caller, DateTimeOffset now) =>
        user.LastSeen.UtcDateTime.Date == now.UtcDateTime.Date && user.Email == caller.Email && user.Roles.SequenceEqual(caller.Roles);

    private static Caller CallerOf(TenantId tenant, SignedInUser user) => new(tenant, user.UserId, user.Email, user.Roles);

    private static string Key(string email) => email.Trim().ToLowerInvariant();

    private static partial class Log
    {
        [LoggerMessage(EventId = 145, Level = LogLevel.Warning, Message = "Callers cannot be noted in the directory of users ({Fault}); said once until it works again")]
        public static partial void NotNoted(ILogger logger, string fault);
    }
}
