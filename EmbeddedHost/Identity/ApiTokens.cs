using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Microsoft.Data.Sqlite;

namespace Advisor.Embedded.Identity;

/// <summary>What is known of a token; its text is known only to whom it was given.</summary>
/// <param name="Id">Names the token in lists and when revoking it; no secret.</param>
/// <param name="ExpiresAt">UTC; from that moment on the token is refused.</param>
/// <param name="RevokedAt">UTC; null while it is not revoked.</param>
public sealed record ApiToken(string Id, Caller Caller, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>A token just made. <paramref name="Text"/> cannot be had again.</summary>
public sealed record IssuedToken(string Text, ApiToken Token);

/// <summary>API tokens of the embedded host: 256 random bits each, of which only the SHA-256 hash is stored.</summary>
/// <remarks>
/// A plain hash suffices because the secret is random and long; a slow one protects only guessable passwords. Tokens are looked up by
/// their hash, so the time taken tells nothing about the stored ones. Several processes may use the file at once. Safe for many threads.
/// </remarks>
public sealed class ApiTokens
{
    /// <summary>What every token's text begins with, so that people and secret scanners recognise one.</summary>
    public const string Prefix = "adv_";

    private const int SecretBytes = 32;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS api_tokens(
            hash TEXT PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            tenant TEXT NOT NULL,
            user_id TEXT NOT NULL,
            email TEXT NOT NULL,
            roles TEXT NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            revoked INTEGER) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS api_tokens_tenant ON api_tokens(tenant, created);
        """;

    private const string Columns = "id, tenant, user_id, email, roles, created, expires, revoked";

    private readonly SqliteDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Creates the table where it is missing; the database may hold other tables too.</summary>
    public ApiTokens(SqliteDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
        database.Define(Schema);
    }

    /// <summary>Makes a token for the caller, durably.</summary>
    /// <param name="lifetime">Positive.</param>
    public async Task<IssuedToken> CreateAsync(Caller caller, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        ArgumentException.ThrowIfNullOrWhiteSpace(caller.UserId, nameof(caller));
        ArgumentOutOfRangeException.ThrowIfZero(caller.Roles.Count, nameof(caller));
        var text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = _time.GetUtcNow().ToUniversalTime();
        var id = "t" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var token = new ApiToken(id, caller, now, now + lifetime, RevokedAt: null);
        await _database.WriteAsync(connection => connection.Run(
            $"INSERT INTO api_tokens(hash, {Columns}) VALUES(@hash, @id, @tenant, @user, @email, @roles, @created, @expires, NULL)",
            ("@hash", Hash(text)),
            ("@id", token.Id),
            ("@tenant", caller.Tenant.Value),
            ("@user", caller.UserId),
            ("@email", caller.Email),
            ("@roles", JsonSerializer.Serialize(caller.Roles, AdvisorJson.Options)),
            ("@created", token.CreatedAt.UtcTicks),
            ("@expires", token.ExpiresAt.UtcTicks)));
        return new IssuedToken(text, token);
    }

    /// <summary>The tenant's tokens, or those of all tenants, tenant by tenant; expired and revoked ones included, oldest first.</summary>
    public IReadOnlyList<ApiToken> List(TenantId? tenant) => _database.Read(connection => tenant is { } one
        ? connection.Rows(ReadToken, $"SELECT {Columns} FROM api_tokens WHERE tenant = @tenant ORDER BY created, id", ("@tenant", one.Value))
        : connection.Rows(ReadToken, $"SELECT {Columns} FROM api_tokens ORDER BY tenant, created, id"));

    /// <summary>Refuses the token from now on. Revoking again changes nothing.</summary>
    /// <returns>False when the tenant has no token of that id.</returns>
    public async Task<bool> RevokeAsync(TenantId tenant, string id) => await _database.WriteAsync(connection => connection.Run(
        "UPDATE api_tokens SET revoked = COALESCE(revoked, @now) WHERE tenant = @tenant AND id = @id",
        ("@now", _time.GetUtcNow().UtcTicks), ("@tenant", tenant.Value), ("@id", id))) == 1;

    /// <summary>The caller a token stands for; null when it is unknown, expired or revoked.</summary>
    public Caller? Authenticate(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var found = _database.Read(connection => connection.Rows(
            ReadToken, $"SELECT {Columns} FROM api_tokens WHERE hash = @hash", ("@hash", Hash(text))));
        return found is [{ RevokedAt: null } token] && token.ExpiresAt > _time.GetUtcNow() ? token.Caller : null;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static ApiToken ReadToken(SqliteDataReader row) => new(
        row.GetString(0),
        new Caller(
            new TenantId(row.GetString(1)),
            row.GetString(2),
            row.GetString(3),
            JsonSerializer.Deserialize<IReadOnlyList<Role>>(row.GetString(4), AdvisorJson.Options)!),
        Time(row.GetInt64(5)),
        Time(row.GetInt64(6)),
        row.IsDBNull(7) ? null : Time(row.GetInt64(7)));

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
