using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Records;

namespace Advisor.Documents;

/// <summary>A company that documents are of.</summary>
/// <param name="Id">Follows from the tenant and the normalised name.</param>
/// <param name="Name">As first met.</param>
/// <param name="Documents">How many documents are of it now, at least one.</param>
/// <param name="LatestPeriod">The latest period that any of them prints a metric for.</param>
public sealed record CompanyRecord(string Id, string Name, int Documents, Period? LatestPeriod)
{
    /// <summary>The name as lists look for it and order by it.</summary>
    public string SearchName => Name.ToLowerInvariant();

    public static RecordContainer<CompanyRecord> Container { get; } = new("companies");
}
