using Advisor.Kernel.Messaging;
using Advisor.Kernel.Policies;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Verdicts;

/// <summary>The kernel's own queue of verdicts.</summary>
public static class VerdictQueues
{
    public const string Calibrations = "calibrations-queue";
}

/// <summary>There are verdicts on the kind that its calibration has not taken in.</summary>
public sealed record VerdictsGiven(string Kind);

/// <summary>Takes verdicts in, in the background: nobody waits for a fit.</summary>
public sealed class CalibrationWorker(CalibrationDesk desk, PolicyDesk policies)
{
    [Function("RecalibrateWorker")]
    public Task RecalibrateAsync([ServiceBusTrigger(VerdictQueues.Calibrations)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        message.HandleAsync<VerdictsGiven>(
            actions, async (tenant, given) => await desk.UpdateAsync(tenant, await policies.CurrentAsync(tenant, cancellationToken), given.Kind, cancellationToken), cancellationToken);
}
