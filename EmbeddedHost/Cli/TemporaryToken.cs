using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Cli;

/// <summary>A token of the demo tenant for the time of one command; revoked when disposed.</summary>
internal sealed class TemporaryToken : IAsyncDisposable
{
    /// <summary>Bounds what a killed command leaves behind.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(4);

    private readonly SqliteDatabase _database;
    private readonly ApiTokens _tokens;
    private readonly IssuedToken _issued;

    private TemporaryToken(SqliteDatabase database, ApiTokens tokens, IssuedToken issued)
    {
        _database = database;
        _tokens = tokens;
        _issued = issued;
    }

    /// <summary>The token itself.</summary>
    public string Text => _issued.Text;

    /// <summary>Makes a token in the folder, whether or not a host runs on it.</summary>
    public static async Task<TemporaryToken> CreateAsync(DataFolder folder, Role role, TimeProvider time)
    {
        var database = new SqliteDatabase(folder.Identity, "");
        try
        {
            var tokens = new ApiTokens(database, time);
            return new TemporaryToken(database, tokens, await tokens.CreateAsync(DemoTenant.Caller(role), Lifetime));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tokens.RevokeAsync(_issued.Token.Caller.Tenant, _issued.Token.Id);
        await _database.DisposeAsync();
    }
}
