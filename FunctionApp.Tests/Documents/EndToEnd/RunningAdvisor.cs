using Advisor.Embedded;
using Advisor.Embedded.Identity;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>The whole product on a free port, with a data folder that goes when it goes.</summary>
public sealed class RunningAdvisor : IAsyncDisposable
{
    public const string Tenant = "northwind";

    private static readonly (string Name, string? Value)[] s_unlimited = [("RateLimit:PerSecond", "1000000"), ("RateLimit:Burst", "1000000")];

    private readonly AdvisorHost _host;
    private readonly List<ApiClient> _clients = [];

    private RunningAdvisor(AdvisorHost host, string dataFolder, Complaints complaints)
    {
        Complaints = complaints;
        _host = host;
        DataFolder = dataFolder;
    }

    public string DataFolder { get; }

    public Uri Url => _host.Url;

    public IServiceProvider Services => _host.Services;

    /// <summary>What the host logged at warning or above, so far.</summary>
    public Complaints Complaints { get; }

    /// <summary>Files of all blobs: originals, readings and findings of all tenants; without the outbox.</summary>
    public IReadOnlyList<string> Blobs =>
        [.. Files("blobs").Except(Outbox)];

    /// <summary>Files of notifications that went to the outbox.</summary>
    public IReadOnlyList<string> Outbox => Files("blobs/outbox");

    /// <summary>Starts the product; unless a setting says otherwise, callers are not limited in their rate.</summary>
    public static Task<RunningAdvisor> StartAsync(params (string Name, string? Value)[] settings) => StartAsync(options => options, settings);

    /// <param name="time">The host's clock; credentials expire by it too.</param>
    public static Task<RunningAdvisor> StartAsync(TimeProvider time, params (string Name, string? Value)[] settings) =>
        StartAsync(options => options with { TimeProvider = time }, settings);

    /// <param name="configure">Registrations after the host's own.</param>
    public static Task<RunningAdvisor> StartAsync(Action<IServiceCollection> configure, params (string Name, string? Value)[] settings) => StartAsync(
        options => options with
        {
            ConfigureServices = services =>
            {
                options.ConfigureServices?.Invoke(services);
                configure(services);
            },
        },
        settings);

    /// <param name="configure">Changes how the host starts: its functions, its services.</param>
    public static async Task<RunningAdvisor> StartAsync(Func<AdvisorHostOptions, AdvisorHostOptions> configure, params (string Name, string? Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("advisor-end-to-end-").FullName;
        try
        {
            var complaints = new Complaints();
            var host = await AdvisorHost.StartAsync(configure(new AdvisorHostOptions
            {
                DataFolder = folder,
                Url = "http://127.0.0.1:0",
                LogToConsole = false,
                ConfigureServices = services => services.AddSingleton<ILoggerProvider>(complaints),
                Settings = s_unlimited.Concat(settings).GroupBy(setting => setting.Name).ToDictionary(setting => setting.Key, setting => setting.Last().Value),
            }), CancellationToken.None);
            return new RunningAdvisor(host, folder, complaints);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A caller with a token of its own; closed with the host.</summary>
    public Task<ApiClient> ClientAsync(Role role, string tenant = Tenant) => ClientAsync(role.ToString().ToLowerInvariant(), tenant, [role]);

    /// <summary>A caller whom no function refuses for a missing role.</summary>
    public Task<ApiClient> ClientOfEveryRoleAsync(string tenant = Tenant) => ClientAsync("all", tenant, Enum.GetValues<Role>());

    private async Task<ApiClient> ClientAsync(string user, string tenant, IReadOnlyList<Role> roles)
    {
        var caller = new Caller(new TenantId(tenant), $"{user}@{tenant}", $"{user}@{tenant}.example", roles);
        var token = await Services.GetRequiredService<ApiTokens>().CreateAsync(caller, TimeSpan.FromHours(2));
        return Keep(new ApiClient(Url, token.Text));
    }

    public ApiClient Stranger(string? token = null) => Keep(new ApiClient(Url, token));

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _host.DisposeAsync();
        Directory.Delete(DataFolder, recursive: true);
    }

    private string[] Files(string folder) =>
        Directory.Exists(Path.Combine(DataFolder, folder)) ? Directory.GetFiles(Path.Combine(DataFolder, folder), "*", SearchOption.AllDirectories) : [];

    private ApiClient Keep(ApiClient client)
    {
        lock (_clients)
        {
            _clients.Add(client);
        }

        return client;
    }
}
