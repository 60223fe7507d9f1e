using System.Net;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded;
using Advisor.Tests.Kernel.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Tenancy;

/// <summary>A host whose users are those who have signed in, and whose record store goes away.</summary>
public sealed class SignedInUsersOutageTests
{
    [Fact]
    public async Task Health_WhileTheRecordStoreIsAway_AnswersEveryCallerAndTheyAreNotedWhenItIsBack()
    {
        var (outage, clock) = (new Outage(), new ManualTimeProvider());
        await using var advisor = await RunningAdvisor.StartAsync(
            options => options with
            {
                TimeProvider = clock,
                ConfigureServices = services =>
                {
                    options.ConfigureServices?.Invoke(services);
                    outage.Register(services);
                    services.AddSingleton<IUserDirectory, SignedInUsers>();
                },
            },
            ("Resilience:Records:MaxRetries", "0"));
        var (first, second) = (await advisor.ClientAsync(Role.Operator), await advisor.ClientAsync(Role.Admin));
        var began = outage.BeginAt("find users");
        foreach (var client in new[] { first, second, first })
        {
            var health = await client.GetAsync("/health/dependencies");
            health.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            health["dependencies"].EnumerateArray().Single(one => one.GetProperty("name").GetString() == "records").GetProperty("status").GetString().ShouldBe("unhealthy", health.Text);
        }

        began.IsCompleted.ShouldBeTrue();
        (await first.GetAsync("/health")).Status.ShouldBe(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromSeconds(11));
        await second.GetAsync("/health/dependencies");
        advisor.Complaints.Lines.Where(line => line.Contains("cannot be noted", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldNotContain("@");

        outage.End();
        clock.Advance(TimeSpan.FromMinutes(2));
        (await first.GetAsync("/health/dependencies")).Status.ShouldBe(HttpStatusCode.OK);
        var noted = await advisor.Services.GetRequiredService<IRecordStore>().QueryAsync(
            SignedInUser.Container, new TenantId(RunningAdvisor.Tenant), new RecordQuery([]), TestContext.Current.CancellationToken);
        noted.Items.ShouldHaveSingleItem().Value.UserId.ShouldBe($"operator@{RunningAdvisor.Tenant}");
    }
}
