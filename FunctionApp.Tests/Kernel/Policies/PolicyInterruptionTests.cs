using System.Net;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Kernel.Records;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Policies;

/// <summary>Changes that end in the middle: what held holds whole, or what was wanted does, and asking again does what is left and writes nothing twice.</summary>
public sealed class PolicyInterruptionTests : IAsyncLifetime
{
    private RunningAdvisor? _advisor;
    private PolicyTenant? _tenant;
    private string? _breaks;
    private bool _logBreaks;

    private PolicyTenant Tenant => _tenant!;

    public async ValueTask InitializeAsync()
    {
        _advisor = await RunningAdvisor.StartAsync(services => services
            .ReplaceInner<IRecordStore>(inner => new AroundRecords(inner, call => BreakAt($"before {call}"), call => BreakAt($"after {call}")))
            .ReplaceInner<IAuditLog>(inner => new BreakingLog(inner, this)));
        _tenant = await PolicyTenant.OnAsync(_advisor, "contoso");
        (await Tenant.PutAsync(Tenant.Alice, """{"bands": {"high": 0.9, "medium": 0.6}}""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    public ValueTask DisposeAsync() => _advisor?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("before create policies")]
    [InlineData("after create policies")]
    [InlineData("before put policies")]
    public async Task Set_BrokenOffBeforeItsEffect_IsDoneByAskingAgain(string moment)
    {
        var tag = await Tenant.TagAsync(PolicyTenant.Path);
        await ShouldBreakAsync(moment, () => Tenant.PutAsync(Tenant.Alice, PolicyTenant.Stricter, tag));
        await Tenant.ShouldHoldAsync(1, 0.9m);
        await ShouldListAsync(1);
        (await Tenant.PutAsync(Tenant.Alice, PolicyTenant.Stricter, tag)).Status.ShouldBe(HttpStatusCode.OK);
        await Tenant.ShouldHoldAsync(2, 0.95m);
        await ShouldListAsync(2, 1);
        await ShouldHaveLoggedAsync("policy.set", "policy.set");
    }

    [Fact]
    public async Task Set_BrokenOffAfterItsEffect_HoldsWholly()
    {
        var tag = await Tenant.TagAsync(PolicyTenant.Path);
        await ShouldBreakAsync("after put policies", () => Tenant.PutAsync(Tenant.Alice, PolicyTenant.Stricter, tag));
        await Tenant.ShouldHoldAsync(2, 0.95m);
        await ShouldListAsync(2, 1);
        (await Tenant.PutAsync(Tenant.Alice, PolicyTenant.Stricter, tag)).Type.ShouldBe("urn:advisor:problem:changed");
        (await Tenant.PutAsync(Tenant.Alice, PolicyTenant.Stricter)).Status.ShouldBe(HttpStatusCode.OK, "it holds already");
        await ShouldListAsync(2, 1);
        await ShouldHaveLoggedAsync("policy.set", "policy.set");
    }

    /// <summary>The version that another change followed is kept as it was, even when the change that kept it never came to hold.</summary>
    [Fact]
    public async Task Set_AnotherAfterOneThatBrokeOff_KeepsOneVersionOfEachNumber()
    {
        await ShouldBreakAsync("after create policies", () => Tenant.PutAsync(Tenant.Alice, PolicyTenant.Stricter));
        (await Tenant.PutAsync(Tenant.Bob, """{"bands": {"high": 0.97, "medium": 0.6}}""")).Status.ShouldBe(HttpStatusCode.OK);
        await Tenant.ShouldHoldAsync(2, 0.97m);
        await ShouldListAsync(2, 1);
        (await Tenant.Analyst.GetAsync($"{PolicyTenant.History}/1"))["bands"].GetProperty("high").GetDecimal().ShouldBe(0.9m);
    }

    [Fact]
    public async Task Propose_BrokenOffBeforeItsEffect_IsDoneByAskingAgain()
    {
        var tag = await Tenant.TagAsync(PolicyTenant.Path);
        await ShouldBreakAsync("before put policies", () => Tenant.PutAsync(Tenant.Alice, PolicyTenant.Looser, tag));
        (await Tenant.Analyst.GetAsync(PolicyTenant.Pending)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Tenant.PutAsync(Tenant.Alice, PolicyTenant.Looser, tag)).Status.ShouldBe(HttpStatusCode.Accepted);
        await ShouldHaveLoggedAsync("policy.set", "policy.proposed");
    }

    [Theory]
    [InlineData("approve", "before create policies", false)]
    [InlineData("approve", "after create policies", false)]
    [InlineData("approve", "before put policies", false)]
    [InlineData("approve", "after put policies", true)]
    [InlineData("reject", "before put policies", false)]
    [InlineData("reject", "after put policies", true)]
    public async Task Decide_BrokenOff_IsDoneOnceByRepeatingItUnderItsKey(string decision, string moment, bool done)
    {
        await Tenant.PutAsync(Tenant.Alice, PolicyTenant.Looser);
        var tag = await Tenant.TagAsync(PolicyTenant.Pending);
        var (version, high) = decision == "approve" ? (2, 0.8m) : (1, 0.9m);
        await ShouldBreakAsync(moment, () => Tenant.DecideAsync(Tenant.Bob, decision, tag, "decision"));
        await Tenant.ShouldHoldAsync(done ? version : 1, done ? high : 0.9m);
        (await Tenant.Analyst.GetAsync(PolicyTenant.Pending)).Status.ShouldBe(done ? HttpStatusCode.NotFound : HttpStatusCode.OK);

        var again = await Tenant.DecideAsync(Tenant.Bob, decision, tag, "decision");
        (again.Status, again["change_pending"].GetBoolean()).ShouldBe((HttpStatusCode.OK, false), again.Text);
        await Tenant.ShouldHoldAsync(version, high);
        (await Tenant.Analyst.GetAsync(PolicyTenant.Pending)).Status.ShouldBe(HttpStatusCode.NotFound);
        await ShouldHaveLoggedAsync("policy.set", "policy.proposed", decision == "approve" ? "policy.approved" : "policy.rejected");
    }

    [Fact]
    public async Task Change_LogThatCannotBeWritten_DoesNothing()
    {
        _logBreaks = true;
        (await Tenant.PutAsync(Tenant.Alice, PolicyTenant.Stricter)).Status.ShouldBe(HttpStatusCode.InternalServerError);
        (await Tenant.PutAsync(Tenant.Alice, PolicyTenant.Looser)).Status.ShouldBe(HttpStatusCode.InternalServerError);
        await Tenant.ShouldHoldAsync(1, 0.9m);
        (await Tenant.Analyst.GetAsync(PolicyTenant.Pending)).Status.ShouldBe(HttpStatusCode.NotFound);
        _logBreaks = false;
        await Tenant.PutAsync(Tenant.Alice, PolicyTenant.Looser);
        _logBreaks = true;
        foreach (var decision in new[] { "approve", "reject" })
        {
            (await Tenant.DecideAsync(Tenant.Bob, decision)).Status.ShouldBe(HttpStatusCode.InternalServerError);
        }

        await Tenant.ShouldHoldAsync(1, 0.9m);
        (await Tenant.Analyst.GetAsync(PolicyTenant.Pending)).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task ShouldBreakAsync(string moment, Func<Task<ApiAnswer>> ask)
    {
        _breaks = moment;
        (await ask()).Status.ShouldBe(HttpStatusCode.InternalServerError);
        _breaks.ShouldBeNull("it came to that moment");
    }

    private async Task ShouldListAsync(params int[] versions) =>
        (await Tenant.Analyst.GetAsync(PolicyTenant.History))["versions"].EnumerateArray().Select(version => version.GetProperty("version").GetInt32()).ShouldBe(versions);

    private async Task ShouldHaveLoggedAsync(params string[] actions) => (await Tenant.AuditAsync()).Select(entry => entry.Action).ShouldBe(actions);

    private Task BreakAt(string moment)
    {
        if (_breaks != moment)
        {
            return Task.CompletedTask;
        }

        _breaks = null;
        throw new InvalidOperationException("The process is gone.");
    }

    private sealed class BreakingLog(IAuditLog inner, PolicyInterruptionTests test) : IAuditLog
    {
        public Task AppendManyAsync(IReadOnlyList<AuditEvent> audited, CancellationToken cancellationToken) =>
            test._logBreaks && audited[0].Action.StartsWith("policy.", StringComparison.Ordinal) ? throw new InvalidOperationException("The process is gone.") : inner.AppendManyAsync(audited, cancellationToken);

        public Task<AuditPage> QueryAsync(TenantId tenant, AuditQuery query, CancellationToken cancellationToken) => inner.QueryAsync(tenant, query, cancellationToken);

        public Task<IReadOnlyList<string>> PartitionsAsync(CancellationToken cancellationToken) => inner.PartitionsAsync(cancellationToken);

        public IAsyncEnumerable<AuditEntry> ReadAsync(string partition, CancellationToken cancellationToken) => inner.ReadAsync(partition, cancellationToken);

        public Task<AuditEntry?> LastAsync(string partition, CancellationToken cancellationToken) => inner.LastAsync(partition, cancellationToken);
    }
}
