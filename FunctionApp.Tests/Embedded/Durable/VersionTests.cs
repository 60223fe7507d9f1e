using Advisor.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class VersionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DelegateFunctions Functions => new DelegateFunctions()
        .Orchestrator("Version", context => Task.FromResult(context.Version))
        .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<string>("Version"))
        .Orchestrator("Waiting", context => context.WaitForExternalEvent<string>("Go"));

    private static DurableEngineOptions Serving(string version, VersionMatch match, VersionFailure failure = VersionFailure.Fail) =>
        new() { DefaultVersion = version, VersionMatch = match, VersionFailure = failure };

    private static Task<string> StartAsync(EngineFixture fixture, string version) =>
        fixture.Client.ScheduleNewOrchestrationInstanceAsync("Version", new StartOrchestrationOptions { Version = version }, Cancel);

    [Theory]
    [InlineData(VersionMatch.None, "9.0", true)]
    [InlineData(VersionMatch.Strict, "2.0", true)]
    [InlineData(VersionMatch.Strict, "1.9", false)]
    [InlineData(VersionMatch.Strict, "", false)]
    [InlineData(VersionMatch.CurrentOrOlder, "2.0", true)]
    [InlineData(VersionMatch.CurrentOrOlder, "1.10", true)]
    [InlineData(VersionMatch.CurrentOrOlder, "", true)]
    [InlineData(VersionMatch.CurrentOrOlder, "2.0.1", false)]
    public async Task Start_VersionOfABuild_IsServedByItsStrategy(VersionMatch match, string version, bool served)
    {
        await using var fixture = await EngineFixture.StartAsync(Functions, options: Serving("2.0", match));

        var end = await fixture.EndAsync(await StartAsync(fixture, version));

        end.RuntimeStatus.ShouldBe(served ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Failed);
        if (!served)
        {
            end.FailureDetails.ShouldNotBeNull().ErrorType.ShouldBe("VersionMismatch");
            end.FailureDetails.ErrorMessage.ShouldContain($"'{version}'");
        }
    }

    [Fact]
    public async Task Reject_NewerVersion_WaitsForTheBuildThatServesIt()
    {
        await using var fixture = await EngineFixture.StartAsync(
            Functions, options: Serving("1.0", VersionMatch.CurrentOrOlder, VersionFailure.Reject));
        var id = await StartAsync(fixture, "2.0");
        (await fixture.RunAsync("Version")).ReadOutputAs<string>().ShouldBe("1.0");
        (await fixture.Client.GetInstanceAsync(id, Cancel)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);

        fixture.Options = Serving("2.0", VersionMatch.CurrentOrOlder, VersionFailure.Reject);
        await fixture.CrashAsync();

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("2.0");
    }

    [Fact]
    public async Task Update_InstanceUnderWay_KeepsItsVersionWhileNewOnesGetTheDefault()
    {
        await using var fixture = await EngineFixture.StartAsync(
            Functions.Orchestrator("Waiting", async context =>
            {
                await context.WaitForExternalEvent<string>("Go");
                return $"{context.Version} calls {await context.CallSubOrchestratorAsync<string>("Version")}";
            }),
            options: Serving("1.0", VersionMatch.CurrentOrOlder));
        var id = await fixture.BeginAsync("Waiting");
        await fixture.Client.WaitForInstanceStartAsync(id, Cancel);

        fixture.Options = Serving("1.1", VersionMatch.CurrentOrOlder);
        await fixture.CrashAsync();
        await fixture.Client.RaiseEventAsync(id, "Go", Cancel);

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("1.0 calls 1.1");
    }

    [Fact]
    public async Task Missing_Functions_AreNamedWithTheVersion()
    {
        await using var fixture = await EngineFixture.StartAsync(
            Functions.Orchestrator("Calls", context => context.CallActivityAsync<string>("Nowhere")), options: new() { DefaultVersion = "1.1" });

        (await fixture.RunAsync("Nobody")).FailureDetails.ShouldNotBeNull().ToString()
            .ShouldBe("OrchestratorTaskNotFound: No orchestrator task named 'Nobody' with version '1.1' was found.");
        (await fixture.RunAsync("Calls")).FailureDetails.ShouldNotBeNull().InnerFailure.ShouldNotBeNull().ToString()
            .ShouldBe("ActivityTaskNotFound: No activity task named 'Nowhere' with version '1.1' was found.");
    }
}
