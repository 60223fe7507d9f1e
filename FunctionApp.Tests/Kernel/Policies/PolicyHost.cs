using System.Net;
using System.Text;
using Advisor.Embedded.Identity;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Policies;

/// <summary>One host for tests that each have a tenant of their own.</summary>
public sealed class PolicyHost : IAsyncLifetime
{
    private RunningAdvisor? _advisor;
    private int _tenants;

    public async ValueTask InitializeAsync() => _advisor = await RunningAdvisor.StartAsync();

    public ValueTask DisposeAsync() => _advisor?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal Task<PolicyTenant> TenantAsync() => PolicyTenant.OnAsync(_advisor!, $"tenant-{Interlocked.Increment(ref _tenants)}");
}

/// <summary>A tenant with two administrators, a CFO and an analyst.</summary>
internal sealed class PolicyTenant(RunningAdvisor advisor, TenantId tenant)
{
    public const string Path = "/api/v1/policy";
    public const string Pending = $"{Path}/pending";
    public const string History = $"{Path}/history";

    /// <summary>A change that loosens, as a body.</summary>
    public const string Looser = """{"bands": {"high": 0.8, "medium": 0.6}}""";

    /// <summary>A change that tightens, as a body.</summary>
    public const string Stricter = """{"bands": {"high": 0.95, "medium": 0.6}}""";

    public TenantId Id => tenant;

    public ApiClient Alice { get; private set; } = null!;

    public ApiClient Bob { get; private set; } = null!;

    public ApiClient Cfo { get; private set; } = null!;

    public ApiClient Analyst { get; private set; } = null!;

    public PolicyDesk Desk => advisor.Services.GetRequiredService<PolicyDesk>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PolicyTenant> OnAsync(RunningAdvisor advisor, string name)
    {
        var tenant = new PolicyTenant(advisor, new TenantId(name));
        await tenant.SignInAsync();
        return tenant;
    }

    /// <summary>Credentials end with the hours; whoever lets days pass signs in anew.</summary>
    public async Task SignInAsync() =>
        (Alice, Bob, Cfo, Analyst) = (await ClientAsync("alice", Role.Admin), await ClientAsync("bob", Role.Admin), await ClientAsync("carla", Role.Cfo), await ClientAsync("dan", Role.Analyst));

    public async Task<ApiClient> ClientAsync(string user, params Role[] roles)
    {
        var issued = await advisor.Services.GetRequiredService<ApiTokens>().CreateAsync(new Caller(tenant, user, $"{user}@{tenant}.example", roles), TimeSpan.FromHours(2));
        return advisor.Stranger(issued.Text);
    }

    /// <summary>Sends the default policy with a change; on what is there, unless the test says otherwise.</summary>
    public async Task<ApiAnswer> PutAsync(ApiClient by, string change, string? ifMatch = null) => await SendAsync(by, HttpMethod.Put, Path, PolicyJson.Body(change), ifMatch ?? await TagAsync(Path));

    /// <summary>Approves or rejects what is pending.</summary>
    /// <param name="ifMatch">What is pending now, where the test does not say.</param>
    public async Task<ApiAnswer> DecideAsync(ApiClient by, string decision, string? ifMatch = null, string? key = null) =>
        await SendAsync(by, HttpMethod.Post, $"{Pending}/{decision}", null, ifMatch ?? await TagAsync(Pending), key);

    public async Task<string> TagAsync(string path) => (await Analyst.GetAsync(path)).Headers.ETag?.ToString() ?? "\"none\"";

    public static Task<ApiAnswer> SendAsync(ApiClient by, HttpMethod method, string path, string? body, string? ifMatch, string? key = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in new[] { ("If-Match", ifMatch), ("Idempotency-Key", key) })
        {
            if (!string.IsNullOrEmpty(value))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return by.SendAsync(request);
    }

    /// <summary>The version and the high threshold that hold, by the API and by the desk.</summary>
    public async Task ShouldHoldAsync(int version, decimal high)
    {
        var shown = await Analyst.GetAsync(Path);
        shown.Status.ShouldBe(HttpStatusCode.OK, shown.Text);
        (shown["version"].GetInt32(), shown["bands"].GetProperty("high").GetDecimal()).ShouldBe((version, high));
        var held = await Desk.CurrentAsync(tenant, Cancel);
        (held.Version, held.Bands.High).ShouldBe((version, high));
    }

    /// <summary>What the audit log has of the tenant's policy, oldest first: action and user.</summary>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync()
    {
        var page = await advisor.Services.GetRequiredService<IAuditLog>().QueryAsync(tenant, new AuditQuery(ResourcePrefix: "policy"), Cancel);
        return [.. page.Entries.Reverse()];
    }
}
