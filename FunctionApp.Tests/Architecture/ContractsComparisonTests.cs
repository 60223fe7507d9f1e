using Mono.Cecil;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Architecture;

/// <summary>AzureContracts says the same as the real assemblies.</summary>
public sealed class ContractsComparisonTests
{
    private const string FolderVariable = "ADVISOR_REAL_AZURE_ASSEMBLIES";

    private static readonly string[] Vendors = ["Microsoft.", "Azure.", "DurableTask.", "StackExchange."];

    [Fact]
    public void Contracts_RealAssembliesAtHand_AreAlike()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Skip($"{FolderVariable} does not name a folder with the real assemblies.");
        }

        var real = Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories)
            .Where(path => Vendors.Any(vendor => Path.GetFileName(path).StartsWith(vendor, StringComparison.Ordinal)))
            .Select(SolutionAssemblies.Read)
            .ToList();
        using var contracts = Read();
        foreach (var type in SolutionAssemblies.PublicTypes(contracts).Where(type => !real.Exists(module => module.Name == Home(type.FullName))).ToList())
        {
            contracts.Types.Remove(type);
        }

        real.ShouldNotBeEmpty($"{folder} holds none of the packages that AzureContracts stands in for.");
        if (!contracts.Types.Any(type => type.IsPublic))
        {
            Assert.Skip($"AzurePackages takes from its real packages whatever {folder} holds.");
        }

        ContractsComparison.Differences(contracts, real).ShouldBeEmpty();
    }

    /// <summary>An assembly that is there whenever the type's package group is, so that a folder may hold some of the groups.</summary>
    private static string Home(string type) => type switch
    {
        _ when type.StartsWith("Azure.Messaging.ServiceBus.", StringComparison.Ordinal) => "Azure.Messaging.ServiceBus.dll",
        _ when type.StartsWith("Azure.Storage.Blobs.", StringComparison.Ordinal) => "Azure.Storage.Blobs.dll",
        _ when type.StartsWith("Azure.Storage.Sas.", StringComparison.Ordinal) => "Azure.Storage.Blobs.dll",
        _ when type.StartsWith("Microsoft.Extensions.Caching.StackExchangeRedis.", StringComparison.Ordinal) => "Microsoft.Extensions.Caching.StackExchangeRedis.dll",
        "StackExchange.Redis.AzureCacheForRedis" => "Microsoft.Azure.StackExchangeRedis.dll",
        _ when type.StartsWith("StackExchange.Redis.", StringComparison.Ordinal) => "StackExchange.Redis.dll",
        _ when type.StartsWith("Azure.Data.Tables.", StringComparison.Ordinal) => "Azure.Data.Tables.dll",
        _ when type.StartsWith("Azure.AI.FormRecognizer.", StringComparison.Ordinal) => "Azure.AI.FormRecognizer.dll",
        _ when type.StartsWith("Microsoft.DurableTask.Client.", StringComparison.Ordinal) => "Microsoft.DurableTask.Client.dll",
        _ when type.StartsWith("Microsoft.DurableTask.", StringComparison.Ordinal) => "Microsoft.DurableTask.Abstractions.dll",
        _ when type.StartsWith("DurableTask.Core.", StringComparison.Ordinal) => "DurableTask.Core.dll",
        "Microsoft.Azure.Functions.Worker.OrchestrationTriggerAttribute"
            or "Microsoft.Azure.Functions.Worker.ActivityTriggerAttribute"
            or "Microsoft.Azure.Functions.Worker.DurableClientAttribute" => "Microsoft.Azure.Functions.Worker.Extensions.DurableTask.dll",
        _ when type.StartsWith("Microsoft.Azure.Functions.Worker.ServiceBus", StringComparison.Ordinal) => "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus.dll",
        _ => "Microsoft.Azure.Functions.Worker.Core.dll",
    };

    [Fact]
    public void Differences_OfAnAssemblyWithItself_AreNone()
    {
        using var contracts = Read();
        using var same = Read();
        ContractsComparison.Differences(contracts, [same]).ShouldBeEmpty();
    }

    [Fact]
    public void Differences_ParameterRenamed_NamesTheMember() => Altered(type => type.Methods.Single(method => method.Name == "Invoke").Parameters[1].Name = "rest")
        .ShouldHaveSingleItem().ShouldContain("FunctionExecutionDelegate[1] rest");

    [Fact]
    public void Differences_MemberRemoved_NamesIt() => Altered(type => type.Methods.Clear()).ShouldHaveSingleItem().ShouldContain("has no Invoke(");

    [Fact]
    public void Differences_AbstractMemberUnknown_NamesIt() => Altered(type => type.Methods.Add(
        new MethodDefinition("Prepare", MethodAttributes.Public | MethodAttributes.Abstract | MethodAttributes.Virtual | MethodAttributes.NewSlot, type.Module.TypeSystem.Void)))
        .ShouldHaveSingleItem().ShouldContain("lacks the abstract Prepare()");

    [Fact]
    public void Differences_NullabilityDropped_NamesTheMember() => Altered(type => type.CustomAttributes.Clear()).ShouldNotBeEmpty();

    [Fact]
    public void Differences_TypeRemoved_NamesIt() => Altered(type => type.Module.Types.Remove(type))
        .ShouldHaveSingleItem().ShouldBe("Microsoft.Azure.Functions.Worker.Middleware.IFunctionsWorkerMiddleware does not exist");

    /// <summary>What the comparison says when one type of the other side is not as ours.</summary>
    private static IReadOnlyList<string> Altered(Action<TypeDefinition> alter)
    {
        using var contracts = Read();
        using var other = Read();
        var type = other.GetType("Microsoft.Azure.Functions.Worker.Middleware.IFunctionsWorkerMiddleware");
        if (type is null)
        {
            Assert.Skip("AzurePackages takes the worker from its real packages.");
        }

        alter(type);
        return ContractsComparison.Differences(contracts, [other]);
    }

    private static ModuleDefinition Read() => SolutionAssemblies.Read(SolutionAssemblies.ContractsPath);
}
