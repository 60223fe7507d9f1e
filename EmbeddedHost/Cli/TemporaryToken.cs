using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Cli;

/// <summary>A token of the demo tenant for the time of one command; revoked when disposed.</summary>
internal sealed class TemporaryToken : IAsyncDisposable
{
    /// <summary>Bounds what a killed command leaves behind.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(4);

    private readonly AuditedTokens _tokens;
    private readonly IssuedToken _issued;

    private TemporaryToken(AuditedTokens tokens, IssuedToken issued)
    {
        _tokens = tokens;
        _issued = issued;
    }

    /// <summary>The token itself.</summary>
    public string Text => _issued.Text;

    /// <summary>Makes a token in the folder, whether or not a host runs on it.</summary>
    public static async Task<TemporaryToken> CreateAsync(DataFolder folder, Role role, TimeProvider time)
    {
        var tokens = AuditedTokens.Open(folder, time);
        try
        {
            return new TemporaryToken(tokens, await tokens.CreateAsync(DemoTenant.Caller(role), Lifetime));
        }
        catch
        {
            await tokens.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tokens.RevokeAsync(_issued.Token.Caller.Tenant, _issued.Token.Id);
        await _tokens.DisposeAsync();
    }
}
