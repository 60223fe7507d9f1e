using Shouldly;
using Xunit;

namespace Advisor.Tests.Architecture;

/// <summary>AzureContracts holds what the solution needs and nothing else.</summary>
public sealed class ContractsMembersTests
{
    [Fact]
    public void Contracts_EveryMember_IsNeededByTheSolution()
    {
        using var contracts = SolutionAssemblies.Read(SolutionAssemblies.ContractsPath);
        UnneededMembers.Find(contracts, SolutionAssemblies.ReadUsers()).ShouldBeEmpty();
    }

    [Fact]
    public void Find_UserLeftOut_NamesWhatOnlyItNeeds()
    {
        using var contracts = SolutionAssemblies.Read(SolutionAssemblies.ContractsPath);
        var withoutTheApp = SolutionAssemblies.ReadUsers().Where(user => user.Name == "Advisor.Tests.dll").ToList();
        var found = UnneededMembers.Find(contracts, withoutTheApp);
        if (contracts.GetType("Microsoft.Azure.Functions.Worker.Builder.FunctionsApplication") is null)
        {
            Assert.Skip("AzurePackages takes the worker from its real packages.");
        }

        found.ShouldContain("Microsoft.Azure.Functions.Worker.Builder.FunctionsApplication");
        found.ShouldNotContain("Microsoft.Azure.Functions.Worker.FunctionAttribute");
    }
}
