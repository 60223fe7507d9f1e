using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Tests.Deployment.Bicep;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Deployment;

/// <summary>What a compiler would say of infra/, as far as it can be said without one: the files are of the language, and what they name is there.</summary>
public sealed partial class InfrastructureTests
{
    private static readonly string[] s_functions =
    [
        "allowed", "concat", "description", "empty", "environment", "first", "flatten", "guid", "items", "json", "loadJsonContent", "loadTextContent", "map", "maxLength", "minLength", "batchSize",
        "resourceId", "string", "subscription", "subscriptionResourceId", "tenant", "toLower", "union", "uniqueString",
    ];

    private static readonly string[] s_primitives = ["string", "int", "bool", "object", "array"];

    public static TheoryData<string> Files() => [.. Infra.Paths];

    [Theory]
    [MemberData(nameof(Files))]
    public void Names_InAnExpression_AreDeclared(string path)
    {
        var file = BicepFile.Read(path);
        var declared = Declared(file).ToHashSet(StringComparer.Ordinal);
        declared.Count.ShouldBe(Declared(file).Count(), "a name is declared twice");
        file.Expressions.SelectMany(expression => expression.Free()).Where(name => !declared.Contains(name.Text)).Select(name => $"{path}:{name.Line}: {name.Text}").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Names_Declared_AreUsed(string path)
    {
        var file = BicepFile.Read(path);
        var used = file.Expressions.SelectMany(expression => expression.Free()).Select(name => name.Text).ToHashSet(StringComparer.Ordinal);
        file.Parameters.Select(parameter => parameter.Name).Concat(file.Variables.Keys).Where(name => !used.Contains(name)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void FunctionsAndTypes_Always_AreKnown(string path)
    {
        var file = BicepFile.Read(path);
        file.AllNodes.Where(node => node is { Kind: BicepKind.Call, Text.Length: > 0 } && !s_functions.Contains(node.Text)).Select(node => $"{path}:{node.Line}: {node.Text}").ShouldBeEmpty();
        file.Parameters.Select(parameter => parameter.Type.Replace("[]", "")).Where(type => !s_primitives.Contains(type) && !file.Types.Contains(type)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void FilesThatAreLoaded_Always_AreThere(string path)
    {
        foreach (var call in BicepFile.Read(path).AllNodes.Where(node => node.Kind == BicepKind.Call && node.Text.StartsWith("load", StringComparison.Ordinal)))
        {
            File.Exists(Infra.Beside(path, call.Children[0].Text)).ShouldBeTrue($"{path}:{call.Line}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Modules_Always_GetTheirParametersAndNoOthers(string path)
    {
        foreach (var module in BicepFile.Read(path).Modules)
        {
            File.Exists(Infra.Beside(path, module.Path)).ShouldBeTrue($"{path}: {module.Path}");
            var parameters = Infra.ModuleOf(path, module).Parameters;
            var given = module.Object["params"]!.Children.Select(child => child.Text).ToList();
            given.ShouldBeUnique();
            given.Except(parameters.Select(parameter => parameter.Name)).ShouldBeEmpty($"{module.Path} has no such parameter");
            parameters.Where(parameter => parameter.IsRequired).Select(parameter => parameter.Name).Except(given).ShouldBeEmpty($"{module.Path} asks for them");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void OutputsOfModules_ThatAreUsed_AreThere(string path)
    {
        var file = BicepFile.Read(path);
        foreach (var use in file.AllNodes.Where(node => node is { Kind: BicepKind.Member } && node.Children[0] is { Kind: BicepKind.Member, Text: "outputs" }))
        {
            var symbol = use.Children[0].Children[0].Text;
            var module = file.Modules.Single(module => module.Symbol == symbol);
            Infra.ModuleOf(path, module).Outputs.Keys.ShouldContain(use.Text, $"{path}:{use.Line}");
        }
    }

    [Fact]
    public void ModuleFiles_Always_AreUsed() => Infra.Paths.SelectMany(path => BicepFile.Read(path).Modules.Select(module => Infra.Beside(path, module.Path)))
        .Append(RepositoryFile.PathOf(Infra.Main)).Order(StringComparer.Ordinal).ShouldBe(Infra.Paths.Select(RepositoryFile.PathOf).Order(StringComparer.Ordinal));

    /// <summary>Of a resource, or of what it is part of, everything that is read has a name of the same version.</summary>
    [Fact]
    public void Resources_Always_HaveAWellFormedTypeOfOneVersion()
    {
        var types = Infra.Files.SelectMany(file => file.Resources).Select(resource => resource.Type).Distinct(StringComparer.Ordinal).ToList();
        types.ShouldAllBe(type => ResourceType().IsMatch(type));
        types.GroupBy(type => string.Join('/', type.Split('@')[0].Split('/').Take(2))).Where(group => group.Select(type => type.Split('@')[1]).Distinct().Count() > 1).Select(group => group.Key).ShouldBeEmpty();
        // This one has no newer version that is not a preview.
        types.Where(type => type.EndsWith("-preview", StringComparison.Ordinal)).ShouldBe(["Microsoft.Insights/diagnosticSettings@2021-05-01-preview"]);
    }

    [Fact]
    public void Parameters_OfTheDeployment_AreThoseOfTheMainFile()
    {
        var main = BicepFile.Read(Infra.Main);
        using var file = JsonDocument.Parse(RepositoryFile.Read("infra/main.parameters.json"));
        var given = file.RootElement.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name).ToList();
        given.Except(main.Parameters.Select(parameter => parameter.Name)).ShouldBeEmpty();
        main.Parameters.Where(parameter => parameter.IsRequired).Select(parameter => parameter.Name).Except(given).ShouldBeEmpty();
    }

    [Fact]
    public void Tiers_Always_HaveTheSameKeys()
    {
        var tiers = Infra.Tiers.ToDictionary(tier => tier, tier => KeysOf(Infra.Tier(tier), "").Order(StringComparer.Ordinal).ToList());
        tiers.Values.ShouldAllBe(keys => keys.SequenceEqual(tiers["dev"]));
        var used = BicepFile.Read(Infra.Main).AllNodes.Select(PathOf).OfType<string>().Where(path => path.StartsWith("size.", StringComparison.Ordinal)).Select(path => path["size.".Length..]).ToHashSet(StringComparer.Ordinal);
        tiers["dev"].Where(key => !used.Contains(key)).ShouldBeEmpty("nothing uses them");
        used.Where(path => !tiers["dev"].Any(key => key == path || key.StartsWith(path + ".", StringComparison.Ordinal))).ShouldBeEmpty("no tier has them");
    }

    /// <summary>Where the compiler is installed, it has the last word.</summary>
    [Fact]
    public async Task Compiler_WhereThereIsOne_FindsNoFault()
    {
        try
        {
            var start = new ProcessStartInfo("bicep", ["lint", RepositoryFile.PathOf(Infra.Main)]) { UseShellExecute = false, RedirectStandardError = true };
            using var bicep = Process.Start(start)!;
            (await bicep.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
            await bicep.WaitForExitAsync(TestContext.Current.CancellationToken);
            bicep.ExitCode.ShouldBe(0);
        }
        catch (Win32Exception)
        {
            Assert.Skip("The Bicep compiler is not installed; the other tests of this class say what can be said without it.");
        }
    }

    private static IEnumerable<string> Declared(BicepFile file) => file.Parameters.Select(parameter => parameter.Name).Concat(file.Variables.Keys)
        .Concat(file.Resources.Select(resource => resource.Symbol)).Concat(file.Modules.Select(module => module.Symbol));

    private static IEnumerable<string> KeysOf(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(member => KeysOf(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}"))
        : [path];

    /// <summary><c>size.app.cpu</c>; null for what is no chain of members from a name.</summary>
    private static string? PathOf(BicepNode node) => node.Kind switch
    {
        BicepKind.Name => node.Text,
        BicepKind.Member when PathOf(node.Children[0]) is { } owner => $"{owner}.{node.Text}",
        _ => null,
    };

    [GeneratedRegex(@"^Microsoft\.\w+(/\w+)+@20\d\d-\d\d-\d\d(-preview)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ResourceType();
}
