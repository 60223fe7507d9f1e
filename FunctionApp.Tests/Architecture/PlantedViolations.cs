// Code that breaks the rules on purpose, so that the tests of the architecture can be seen to fail. Nothing runs it.

using Advisor.Documents;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Records;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Advisor.Kernel.Planted
{
    /// <summary>The kernel knows a slice, if only inside a lambda.</summary>
    internal static class KernelThatKnowsDocuments
    {
        public static Func<object, bool> Ask { get; } = thing => thing is DocumentRecord;
    }

    /// <summary>The kernel knows a slice's contracts.</summary>
    internal sealed record KernelThatKnowsContracts(IReadOnlyList<IngestionSummary> Ingestions);
}

namespace Advisor.Insights.Planted
{
    /// <summary>A slice knows another's inside, as an argument of a generic method.</summary>
    internal static class InsightsThatKnowDocuments
    {
        public static object? Make() => Activator.CreateInstance<DocumentsOptions>();
    }

    /// <summary>What is allowed: the other's contracts, and the kernel.</summary>
    internal sealed record InsightsThatKnowContracts(DocumentFindings Findings, IRecordStore Records);
}

namespace Advisor.Tests.Architecture.Planted
{
    internal static class OrchestratorsThatCannotReplay
    {
        public static async Task ReadsTheClockAfterAwaitingAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("Read");
            context.SetCustomStatus(DateTime.UtcNow);
        }

        public static Task DrawsInALambdaAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
            Task.WhenAll(new[] { 1, 2 }.Select(_ => context.CallActivityAsync("Read", Guid.NewGuid())));

        public static Task WaitsInAMethodItCallsAsync([OrchestrationTrigger] TaskOrchestrationContext context) => WaitAsync(context.CurrentUtcDateTime);

        public static async Task ReadsARecordAsync([OrchestrationTrigger] TaskOrchestrationContext context, IRecordStore records) =>
            await records.FindAsync(DocumentRecord.Container, default, context.InstanceId, default);

        public static async Task KeepsTheRulesAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            context.SetCustomStatus(context.CurrentUtcDateTime);
            await context.CallActivityAsync("Read", context.NewGuid());
        }

        private static async Task WaitAsync(DateTime since)
        {
            await Task.Yield();
            await Task.Delay(since.Second);
        }
    }
}
