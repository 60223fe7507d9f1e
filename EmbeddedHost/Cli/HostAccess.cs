using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Cli;

/// <summary>The way to a host for the time of one command: this checkout's host when it is up, else one started for it.</summary>
internal sealed class HostAccess : IAsyncDisposable
{
    private readonly HostSession? _session;
    private readonly TemporaryToken? _token;

    private HostAccess(HostSession? session, TemporaryToken? token, AdvisorApi api, string url)
    {
        _session = session;
        _token = token;
        Api = api;
        Url = url;
    }

    public AdvisorApi Api { get; }

    /// <summary>Without a trailing slash.</summary>
    public string Url { get; }

    /// <summary>Whether the host ends with the command.</summary>
    public bool IsOwn => _session is not null;

    /// <summary>A host of the data folder, as the demo tenant's user of the role.</summary>
    public static async Task<HostAccess> OpenAsync(DataFolder folder, Role role, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var (state, taken) = await RunningHost.FindOrLockAsync(folder, console, time, cancellationToken);
        var session = taken is null
            ? null
            : await HostSession.StartAsync(folder, taken, new Uri("http://127.0.0.1:0"), logToConsole: false, cancellationToken, forOneCommand: true);
        try
        {
            var known = state?.Tokens.GetValueOrDefault(DemoTenant.Name(role));
            var temporary = known is null ? await TemporaryToken.CreateAsync(folder, role, time) : null;
            var url = session?.Url ?? state!.Url;
            return new HostAccess(session, temporary, new AdvisorApi(url, known ?? temporary!.Text, time), url);
        }
        catch when (session is not null)
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>A host that runs elsewhere.</summary>
    public static HostAccess To(Uri url, string token, TimeProvider time)
    {
        var address = url.ToString().TrimEnd('/');
        return new HostAccess(null, null, new AdvisorApi(address, token, time), address);
    }

    public async ValueTask DisposeAsync()
    {
        // The session ends last, whatever becomes of the token.
        await using var session = _session;
        await using var token = _token;
        Api.Dispose();
    }
}
