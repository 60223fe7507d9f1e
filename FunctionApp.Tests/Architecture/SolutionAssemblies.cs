using Mono.Cecil;

namespace Advisor.Tests.Architecture;

/// <summary>The compiled assemblies of the solution, read as metadata.</summary>
internal static class SolutionAssemblies
{
    private static readonly string Folder = AppContext.BaseDirectory;

    public static string ContractsPath => Path.Combine(Folder, "AzureContracts.dll");

    /// <summary>Every assembly of ours beside the contracts; the benchmarks are there only where they have been built.</summary>
    public static IReadOnlyList<ModuleDefinition> ReadUsers()
    {
        var beside = new[] { "Advisor.FunctionApp.dll", "Advisor.EmbeddedHost.dll", "Advisor.Tests.dll" }.Select(name => Path.Combine(Folder, name));
        return [.. beside.Append(Benchmarks()).Where(File.Exists).Select(Read)];
    }

    /// <summary>Reads a module; references to others are looked for beside this assembly and in the running framework.</summary>
    public static ModuleDefinition Read(string path)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(path));
        resolver.AddSearchDirectory(Folder);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location));
        return ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver, InMemory = true });
    }

    /// <summary>Public or nested-public types, with those nested in them.</summary>
    public static IEnumerable<TypeDefinition> PublicTypes(ModuleDefinition module) =>
        module.GetTypes().Where(type => type.IsPublic || (type.IsNestedPublic && type.DeclaringType.IsPublic));

    private static string Benchmarks()
    {
        // bin/{configuration}/{framework} of this project, and the same of its neighbour.
        var output = new DirectoryInfo(Folder.TrimEnd(Path.DirectorySeparatorChar));
        var solution = output.Parent?.Parent?.Parent?.Parent?.FullName ?? Folder;
        return Path.Combine(solution, "Benchmarks", "bin", output.Parent?.Name ?? string.Empty, output.Name, "Advisor.Benchmarks.dll");
    }
}
