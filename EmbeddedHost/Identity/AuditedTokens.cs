using Advisor.Embedded.Storage;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Identity;

/// <summary>API tokens made and revoked from the command line of this machine, each with its audit entry.</summary>
/// <remarks>The user of the entries is <c>cli/{account}</c>: the account of the operating system that ran the command.</remarks>
internal sealed class AuditedTokens(ApiTokens tokens, IAuditLog log) : IAsyncDisposable
{
    /// <summary>Opens the folder's tokens and its audit log, whether or not a host runs on it; both close with the result.</summary>
    public static AuditedTokens Open(DataFolder folder, TimeProvider time)
    {
        var identity = new SqliteDatabase(folder.Identity, "");
        var audit = new SqliteDatabase(folder.Audit, "");
        return new AuditedTokens(new ApiTokens(identity, time), new SqliteAuditLog(audit, time)) { _opened = [identity, audit] };
    }

    private IReadOnlyList<SqliteDatabase> _opened = [];

    /// <summary>The tokens, to read.</summary>
    public ApiTokens Tokens => tokens;

    /// <summary>Makes a token. When its entry cannot be written the call fails, and with it goes the token's text: nobody can use it.</summary>
    public async Task<IssuedToken> CreateAsync(Caller caller, TimeSpan lifetime)
    {
        var issued = await tokens.CreateAsync(caller, lifetime);
        await log.AppendAsync(Event(caller.Tenant, "token.created", issued.Token), CancellationToken.None);
        return issued;
    }

    /// <summary>Refuses the token from now on, and then says so: a token that must go does not wait for the log.</summary>
    /// <returns>False when the tenant has no token of that id.</returns>
    public async Task<bool> RevokeAsync(TenantId tenant, string id)
    {
        if (!await tokens.RevokeAsync(tenant, id))
        {
            return false;
        }

        var token = tokens.List(tenant).Single(token => token.Id == id);
        await log.AppendAsync(Event(tenant, "token.revoked", token), CancellationToken.None);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _opened)
        {
            await database.DisposeAsync();
        }
    }

    private static AuditEvent Event(TenantId tenant, string action, ApiToken token) =>
        AuditEvent.Decision(
            tenant, action, $"tokens/{token.Id}", "succeeded",
            ("owner", token.Caller.UserId),
            ("roles", string.Join(',', token.Caller.Roles).ToLowerInvariant()),
            ("expires_at", token.ExpiresAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture)))
        with { UserId = $"cli/{Environment.UserName}" };
}
