using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class EventTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_RaisedBeforeAnybodyWaits_AreKeptPerNameInOrder(bool alwaysReplay)
    {
        var functions = new DelegateFunctions().Orchestrator("Reads", async context =>
        {
            await context.WaitForExternalEvent<string>("Begin");
            var letters = new List<string>();
            for (var i = 0; i < 3; i++)
            {
                letters.Add(await context.WaitForExternalEvent<string>("LETTER"));
            }

            return string.Concat(letters) + await context.WaitForExternalEvent<int>("Number");
        });
        await using var fixture = await EngineFixture.StartAsync(functions, alwaysReplay);

        var id = await fixture.BeginAsync("Reads");
        await fixture.Client.RaiseEventAsync(id, "letter", "a", Cancel);
        await fixture.Client.RaiseEventAsync(id, "Number", 7, Cancel);
        await fixture.Client.RaiseEventAsync(id, "Letter", "b", Cancel);
        await fixture.Client.RaiseEventAsync(id, "begin", Cancel);
        await fixture.Client.RaiseEventAsync(id, "lettER", "c", Cancel);

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("abc7");
    }

    [Fact]
    public async Task WhenAny_AbandonedWait_DoesNotSwallowTheNextEvent()
    {
        var functions = new DelegateFunctions().Orchestrator("Either", async context =>
        {
            var left = context.WaitForExternalEvent<string>("Left");
            var right = context.WaitForExternalEvent<string>("Right");
            var first = await await Task.WhenAny(left, right);
            var second = await context.WaitForExternalEvent<string>("Left");
            return first + second + left.IsCompleted;
        });
        await using var fixture = await EngineFixture.StartAsync(functions);

        var id = await fixture.BeginAsync("Either");
        await fixture.Client.RaiseEventAsync(id, "Right", "r", Cancel);
        await fixture.UntilHistoryAsync(id, "event-raised");
        await fixture.Client.RaiseEventAsync(id, "Left", "l", Cancel);

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("rlFalse");
    }

    [Fact]
    public async Task CancelledWait_NextEvent_IsLostToItUnlessAnybodyWaitsAnew()
    {
        var functions = new DelegateFunctions().Orchestrator("Patient", async context =>
        {
            var given = context.WaitForExternalEvent<string>("Answer", TimeSpan.FromMinutes(1));
            await Task.WhenAny(given);
            given.IsCanceled.ShouldBeTrue();
            await context.WaitForExternalEvent<string>("Go on");
            return await context.WaitForExternalEvent<string>("Answer") + await context.WaitForExternalEvent<string>("Answer");
        });
        await using var fixture = await EngineFixture.StartAsync(functions);

        var id = await fixture.BeginAsync("Patient");
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        await fixture.UntilHistoryAsync(id, "timer-fired");
        await fixture.Client.RaiseEventAsync(id, "Answer", "lost", Cancel);
        await fixture.Client.RaiseEventAsync(id, "Go on", Cancel);
        await fixture.Client.RaiseEventAsync(id, "Answer", "heard", Cancel);
        await fixture.Client.RaiseEventAsync(id, "Answer", "!", Cancel);

        (await fixture.EndAsync(id)).ReadOutputAs<string>().ShouldBe("heard!");
    }

    [Fact]
    public async Task WaitForExternalEvent_TwoTypesForOneName_Refuses()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions().Orchestrator("Unsure", async context =>
        {
            _ = context.WaitForExternalEvent<string>("Answer");
            return await context.WaitForExternalEvent<int>("Answer");
        }));

        (await fixture.RunAsync("Unsure")).FailureDetails.ShouldNotBeNull().IsCausedBy<ArgumentException>().ShouldBeTrue();
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_Arrives()
    {
        var functions = new DelegateFunctions()
            .Orchestrator("Receiver", context => context.WaitForExternalEvent<string>("News"))
            .Orchestrator<bool>("Sender", context =>
            {
                context.SendEvent(context.GetInput<string>()!, "news", "it rains");
                context.SendEvent("nobody", "news", "unheard");
                return Task.FromResult(true);
            });
        await using var fixture = await EngineFixture.StartAsync(functions);

        var receiver = await fixture.BeginAsync("Receiver");
        await fixture.RunAsync("Sender", receiver);

        (await fixture.EndAsync(receiver)).ReadOutputAs<string>().ShouldBe("it rains");
    }

    [Fact]
    public async Task Messages_ToNoSuchInstance_AreDropped()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions());

        await fixture.Client.RaiseEventAsync("nobody", "News", 1, Cancel);
        await fixture.Client.SuspendInstanceAsync("nobody", Cancel);
        await fixture.Client.ResumeInstanceAsync("nobody", Cancel);
        await fixture.Client.TerminateInstanceAsync("nobody", Cancel);

        (await fixture.Client.GetInstanceAsync("nobody", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task RaiseEvent_InstanceThatEnded_IsDropped()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions().Orchestrator("Done", _ => Task.FromResult(1)));
        var end = await fixture.RunAsync("Done");

        await fixture.Client.RaiseEventAsync(end.InstanceId, "News", 1, Cancel);

        (await fixture.EndAsync(end.InstanceId)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task WaitForExternalEvent_PayloadOfAnotherShape_ThrowsThere()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Orchestrator("Counts", context => context.WaitForExternalEvent<int>("Number")));

        var id = await fixture.BeginAsync("Counts");
        await fixture.Client.RaiseEventAsync(id, "Number", "seven", Cancel);

        (await fixture.EndAsync(id)).FailureDetails.ShouldNotBeNull().IsCausedBy<System.Text.Json.JsonException>().ShouldBeTrue();
    }
}
