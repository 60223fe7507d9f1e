using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Timeline;

/// <summary>Settings of runs in general, section <c>Runs</c>.</summary>
public sealed class RunsOptions
{
    /// <summary>Days for which the durable history of a finished run is kept. Its timeline, chain and records stay.</summary>
    [Range(1, 3650, ErrorMessage = "Runs:KeepHistoryDays must be from 1 to 3650.")]
    public int KeepHistoryDays { get; set; } = 30;
}

/// <summary>Removes the durable history of runs that ended long ago, every night.</summary>
public sealed partial class FinishedRunPurge(IOptions<RunsOptions> options, TimeProvider time, ILogger<FinishedRunPurge> logger)
{
    private static readonly OrchestrationRuntimeStatus[] s_ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    [Function(nameof(FinishedRunPurge))]
    public async Task RunAsync([TimerTrigger("0 30 3 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var filter = new PurgeInstancesFilter(CreatedFrom: DateTimeOffset.UnixEpoch, CreatedTo: time.GetUtcNow().AddDays(-options.Value.KeepHistoryDays), Statuses: s_ended);
        var purged = await client.PurgeAllInstancesAsync(filter, cancellationToken);
        Log.Purged(logger, purged.PurgedInstanceCount, options.Value.KeepHistoryDays);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "Purged the history of {Count} runs that ended over {Days} days ago")]
        public static partial void Purged(ILogger logger, int count, int days);
    }
}
