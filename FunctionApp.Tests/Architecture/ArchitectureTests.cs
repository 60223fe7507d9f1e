using Mono.Cecil;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Architecture;

/// <summary>What may know what, read from the compiled product.</summary>
public sealed class ArchitectureTests
{
    private static readonly ModuleDefinition s_product = SolutionAssemblies.Read(typeof(Composition).Assembly.Location);
    private static readonly ModuleDefinition s_tests = SolutionAssemblies.Read(typeof(ArchitectureTests).Assembly.Location);

    [Fact]
    public void Product_KernelAndSlices_KnowOnlyContracts()
    {
        s_product.GetTypes().Count(type => type.Namespace.StartsWith("Advisor.Kernel.", StringComparison.Ordinal)).ShouldBeGreaterThan(50);
        SliceReferences.Forbidden(s_product.GetTypes()).ShouldBeEmpty();
    }

    [Fact]
    public void Forbidden_PlantedReferences_NamesEachOfThem() =>
        SliceReferences.Forbidden(s_tests.GetTypes().Where(type => TypeReferences.Outermost(type).Namespace is "Advisor.Kernel.Planted" or "Advisor.Insights.Planted")).ShouldBe(
        [
            "Advisor.Insights.Planted.InsightsThatKnowDocuments references Advisor.Documents.DocumentsOptions",
            "Advisor.Kernel.Planted.KernelThatKnowsContracts references Advisor.Documents.Contracts.IngestionSummary",
            "Advisor.Kernel.Planted.KernelThatKnowsDocuments references Advisor.Documents.DocumentRecord",
        ]);

    [Fact]
    public void Product_Sockets_AreOpenedInOnePlace()
    {
        var users = s_product.GetTypes()
            .Where(type => TypeReferences.Of(type).Any(used => used.Namespace == "System.Net.Sockets"))
            .Select(type => TypeReferences.Outermost(type).FullName)
            .Distinct()
            .Where(name => !name.StartsWith("Advisor.Azure.", StringComparison.Ordinal) && !name.StartsWith("Advisor.Kernel.Http.", StringComparison.Ordinal));
        users.ShouldBe(["Advisor.Documents.RemoteDocuments"]);
    }
}
