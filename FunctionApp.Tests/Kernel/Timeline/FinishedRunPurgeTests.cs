using Advisor.Kernel.Timeline;
using Advisor.Tests.Embedded;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Timeline;

public sealed class FinishedRunPurgeTests
{
    [Fact]
    public async Task Run_AtNight_PurgesEndedRunsOlderThanTheSetting()
    {
        var time = new ManualTimeProvider();
        PurgeInstancesFilter? asked = null;
        var client = new Mock<DurableTaskClient>("hub");
        client.Setup(c => c.PurgeAllInstancesAsync(It.IsAny<PurgeInstancesFilter>(), It.IsAny<CancellationToken>()))
            .Callback((PurgeInstancesFilter filter, CancellationToken _) => asked = filter)
            .ReturnsAsync(new PurgeResult(3));

        await new FinishedRunPurge(Options.Create(new RunsOptions { KeepHistoryDays = 7 }), time, NullLogger<FinishedRunPurge>.Instance)
            .RunAsync(new TimerInfo(), client.Object, TestContext.Current.CancellationToken);

        asked.ShouldNotBeNull();
        asked.CreatedTo.ShouldBe(time.GetUtcNow().AddDays(-7));
        asked.Statuses!.ShouldBe([OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated]);
    }
}
