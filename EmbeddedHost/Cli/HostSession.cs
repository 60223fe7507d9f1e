using System.Net;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Embedded.Cli;

/// <summary>A host run by this process on a data folder that it has locked.</summary>
internal sealed class HostSession : IAsyncDisposable
{
    private static readonly Dictionary<string, string?> s_none = [];
    private static readonly Dictionary<string, string?> s_unlimited = new() { ["RateLimit:PerSecond"] = "1000000", ["RateLimit:Burst"] = "1000000" };

    private readonly DataFolder _folder;
    private readonly DataFolderLock _lock;
    private readonly AdvisorHost _host;

    private HostSession(DataFolder folder, DataFolderLock folderLock, AdvisorHost host)
    {
        _folder = folder;
        _lock = folderLock;
        _host = host;
    }

    /// <summary>Where the host listens, without a trailing slash.</summary>
    public string Url => _host.Url.ToString().TrimEnd('/');

    /// <summary>Starts a host, on another free port when the wanted one is taken. Owns the lock from now on, also when starting fails.</summary>
    /// <param name="forOneCommand">Nobody but this process will call it, so calls are not limited in their rate.</param>
    public static async Task<HostSession> StartAsync(
        DataFolder folder, DataFolderLock folderLock, Uri url, bool logToConsole, CancellationToken cancellationToken, bool forOneCommand = false)
    {
        try
        {
            var options = new AdvisorHostOptions { DataFolder = folder.Path, Url = url.ToString(), LogToConsole = logToConsole, Settings = forOneCommand ? s_unlimited : s_none };
            AdvisorHost host;
            try
            {
                host = await AdvisorHost.StartAsync(options, cancellationToken);
            }
            catch (IOException fault) when (fault.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
            {
                var free = new UriBuilder(url) { Port = 0, Host = IPAddress.Loopback.ToString() };
                host = await AdvisorHost.StartAsync(options with { Url = free.ToString() }, cancellationToken);
            }

            return new HostSession(folder, folderLock, host);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>New tokens of the demo tenant, one for each role.</summary>
    public Task<IReadOnlyDictionary<string, string>> IssueDemoTokensAsync() =>
        DemoTenant.IssueTokensAsync(new AuditedTokens(_host.Services.GetRequiredService<ApiTokens>(), _host.Services.GetRequiredService<IAuditLog>()));

    /// <summary>Tells the other commands of this checkout where the host is; undone when the session ends.</summary>
    public HostState Publish(IReadOnlyDictionary<string, string> tokens, DateTimeOffset now)
    {
        var state = new HostState(Environment.ProcessId, Url, now, tokens);
        state.Write(_folder);
        return state;
    }

    /// <summary>Completes when the process is asked to end (Ctrl+C, SIGTERM) or <paramref name="cancellationToken"/> is cancelled.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _host.WaitForShutdownAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Asked to end: that is what was waited for.
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First, so that nobody turns to a host that is about to stop.
        HostState.Delete(_folder);
        try
        {
            await _host.DisposeAsync();
        }
        finally
        {
            _lock.Dispose();
        }
    }
}
