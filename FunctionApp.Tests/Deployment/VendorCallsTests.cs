using Mono.Cecil;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Deployment;

/// <summary>docs/azure-calls.md against the compiled adapters: what they call of a vendor's package stands there, with where it was checked.</summary>
public sealed class VendorCallsTests
{
    private const string Page = "docs/azure-calls.md";

    private static readonly string[] s_vendors = ["Azure.", "Microsoft.Azure.", "Microsoft.Extensions.Caching.StackExchangeRedis", "StackExchange.", "AzureContracts"];

    [Fact]
    public void Adapters_EveryVendorCall_HasALine()
    {
        var lines = RepositoryFile.Read(Page).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBeGreaterThan(40);
        var calls = Calls().ToList();
        calls.Count.ShouldBeGreaterThan(100);
        calls.Where(call => !lines.Exists(line => line.Split('|')[1].Contains($"`{call.Type}", StringComparison.Ordinal) && line.Split('|')[2].Contains(call.Member, StringComparison.Ordinal)))
            .Select(call => $"{call.Type}.{call.Member}").Distinct().Order(StringComparer.Ordinal).ShouldBeEmpty(Page);
    }

    private static IEnumerable<(string Type, string Member)> Calls()
    {
        using var module = ModuleDefinition.ReadModule(typeof(Composition).Assembly.Location);
        return
        [
            .. module.GetTypes().Where(type => Outermost(type).Namespace == "Advisor.Azure").SelectMany(type => type.Methods).Where(method => method.HasBody)
                .SelectMany(method => method.Body.Instructions).Select(instruction => instruction.Operand).OfType<MethodReference>()
                .Where(called => s_vendors.Any(vendor => called.DeclaringType.GetElementType().Scope.Name.StartsWith(vendor, StringComparison.Ordinal)))
                .Select(called => (called.DeclaringType.GetElementType().Name.Split('`')[0], NameOf(called.Name))),
        ];
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static string NameOf(string method) => method is "get_Item" or "set_Item" ? "indexer"
        : method is "GetEnumerator" or "GetAsyncEnumerator" ? "enumeration"
        : method.StartsWith("get_", StringComparison.Ordinal) || method.StartsWith("set_", StringComparison.Ordinal) ? method[4..]
        : method == ".ctor" ? "ctor"
        : method;
}
