using System.Text.Json;
using Advisor.Tests.Deployment.Bicep;

namespace Advisor.Tests.Deployment;

/// <summary>The files of infra/.</summary>
internal static class Infra
{
    public const string Main = "infra/main.bicep";

    public static IReadOnlyList<string> Tiers { get; } = ["dev", "test", "prod"];

    /// <summary>Paths from the root.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        .. Directory.EnumerateFiles(RepositoryFile.PathOf("infra"), "*.bicep", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Evals.RepositoryRoot, path).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal),
    ];

    public static IEnumerable<BicepFile> Files => Paths.Select(BicepFile.Read);

    /// <summary>The names that code and cloud share.</summary>
    public static JsonElement Names { get; } = Json("infra/names.json");

    public static JsonElement Tier(string tier) => Json($"infra/tiers/{tier}.json");

    public static BicepFile Module(string name) => BicepFile.Read($"infra/modules/{name}.bicep");

    public static BicepFile ModuleOf(string path, BicepModule module) =>
        BicepFile.Read(Path.GetRelativePath(Evals.RepositoryRoot, Beside(path, module.Path)).Replace(Path.DirectorySeparatorChar, '/'));

    /// <summary>The full path of a file that another names.</summary>
    public static string Beside(string path, string relative) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(RepositoryFile.PathOf(path))!, relative));

    private static JsonElement Json(string path)
    {
        using var file = JsonDocument.Parse(RepositoryFile.Read(path));
        return file.RootElement.Clone();
    }
}
