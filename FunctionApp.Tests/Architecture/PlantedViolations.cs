// Code that breaks the rules on purpose, so that the tests of the architecture can be seen to fail. Nothing runs it.

using Advisor.Documents;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Records;

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
