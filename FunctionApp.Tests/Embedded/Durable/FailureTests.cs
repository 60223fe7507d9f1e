using Advisor.Embedded.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class FailureTests
{
    private static DelegateFunctions Broken => new DelegateFunctions()
        .Activity<string, string>("Break", (string what) => throw new InvalidOperationException(what, new TimeoutException("the disk sleeps")));

    [Fact]
    public async Task Await_FailedActivity_ThrowsWithItsDetails()
    {
        TaskFailedException? seen = null;
        await using var fixture = await EngineFixture.StartAsync(Broken.Orchestrator("Catch", async context =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Break", "no ink");
            }
            catch (TaskFailedException failed)
            {
                seen = failed;
                return "caught";
            }
        }));

        var end = await fixture.RunAsync("Catch");

        end.ReadOutputAs<string>().ShouldBe("caught");
        seen.ShouldNotBeNull().TaskName.ShouldBe("Break");
        seen.TaskId.ShouldBe(0);
        seen.FailureDetails.ErrorType.ShouldBe("System.InvalidOperationException");
        seen.FailureDetails.ErrorMessage.ShouldBe("no ink");
        seen.FailureDetails.IsCausedBy<InvalidOperationException>().ShouldBeTrue();
        seen.FailureDetails.IsCausedBy<SystemException>().ShouldBeTrue();
        seen.FailureDetails.IsCausedBy<ArgumentException>().ShouldBeFalse();
        seen.FailureDetails.InnerFailure.ShouldNotBeNull().IsCausedBy<TimeoutException>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_FailureThroughChildAndParent_KeepsEveryLevel(bool alwaysReplay)
    {
        await using var fixture = await EngineFixture.StartAsync(
            Broken
                .Orchestrator("Child", context => context.CallActivityAsync<string>("Break", "no ink"))
                .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<string>("Child")),
            alwaysReplay);

        var end = await fixture.RunAsync("Parent");

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        var parent = end.FailureDetails.ShouldNotBeNull();
        parent.IsCausedBy<TaskFailedException>().ShouldBeTrue();
        parent.ErrorMessage.ShouldStartWith("Task 'Child' (#0) failed with an unhandled exception: Task 'Break' (#0) failed");
        var child = parent.InnerFailure.ShouldNotBeNull();
        child.IsCausedBy<TaskFailedException>().ShouldBeTrue();
        var activity = child.InnerFailure.ShouldNotBeNull();
        activity.ErrorMessage.ShouldBe("no ink");
        activity.InnerFailure.ShouldNotBeNull().ErrorMessage.ShouldBe("the disk sleeps");
    }

    [Fact]
    public async Task Run_MissingActivity_FailsAndIsNotRetried()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions().Orchestrator(
            "Calls", context => context.CallActivityAsync<string>("Nowhere", 1, new TaskOptions(new RetryPolicy(5, TimeSpan.FromSeconds(1))))));

        var end = await fixture.RunAsync("Calls");

        end.FailureDetails.ShouldNotBeNull().InnerFailure.ShouldNotBeNull().ToString()
            .ShouldBe("ActivityTaskNotFound: No activity task named 'Nowhere' was found.");
    }

    [Fact]
    public async Task Run_MissingOrchestrator_FailsWithItsName()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions());

        var end = await fixture.RunAsync("Nowhere");

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails.ShouldNotBeNull().ToString().ShouldBe("OrchestratorTaskNotFound: No orchestrator task named 'Nowhere' was found.");
    }

    [Fact]
    public async Task Run_FailedCallWrappedInAnotherException_KeepsItsTextAlone()
    {
        await using var fixture = await EngineFixture.StartAsync(Broken.Orchestrator<string>("Wraps", async context =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Break", "no ink");
            }
            catch (TaskFailedException failed)
            {
                throw new FormatException("not printed", failed);
            }
        }));

        var failure = (await fixture.RunAsync("Wraps")).FailureDetails.ShouldNotBeNull();

        failure.ToString().ShouldBe("System.FormatException: not printed");
        var call = failure.InnerFailure.ShouldNotBeNull();
        call.ToString().ShouldBe("Microsoft.DurableTask.TaskFailedException: Task 'Break' (#0) failed with an unhandled exception: no ink");
        call.InnerFailure.ShouldNotBeNull().ErrorType.ShouldBe("DurableTask.Core.Exceptions.TaskFailedException");
        call.InnerFailure.InnerFailure.ShouldBeNull();
    }

    [Fact]
    public async Task Run_GenericException_IsNamedWithItsArguments()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Orchestrator<string>("Throws", _ => throw new OddException<int>("odd")));

        var end = await fixture.RunAsync("Throws");

        end.FailureDetails.ShouldNotBeNull().ErrorType.ShouldBe(typeof(OddException<int>).FullName);
        end.FailureDetails.IsCausedBy<OddException<int>>().ShouldBeTrue();
        end.SerializedOutput.ShouldBe($"{typeof(OddException<int>).FullName}: odd");
    }

    [Fact]
    public async Task Run_OrchestratorThatThrowsAtOnce_Fails()
    {
        await using var fixture = await EngineFixture.StartAsync(new DelegateFunctions()
            .Orchestrator<string>("Throws", _ => throw new FormatException("bad plan")));

        var end = await fixture.RunAsync("Throws");

        end.FailureDetails.ShouldNotBeNull().ToString().ShouldBe("System.FormatException: bad plan");
        fixture.Engine.ReadHistory(end.InstanceId)[^1].Kind.ShouldBe(EventKind.Failed);
    }

    [Fact]
    public async Task CallActivity_OptionsAsInput_Refuses()
    {
        await using var fixture = await EngineFixture.StartAsync(Broken.Orchestrator(
            "Mixed", context => context.CallActivityAsync<string>("Break", (object)new TaskOptions())));

        (await fixture.RunAsync("Mixed")).FailureDetails.ShouldNotBeNull().IsCausedBy<ArgumentException>().ShouldBeTrue();
    }

    private sealed class OddException<T>(string message) : Exception(message)
    {
        public T? Value { get; }
    }
}
