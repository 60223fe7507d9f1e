using System.Collections.Frozen;
using System.Reflection;
using System.Text;

namespace Advisor.Kernel.LanguageModels.Prompts;

/// <summary>The prompts that the product ships: <c>FunctionApp/Prompts/{name}.v{version}.md</c>, each with its schema beside it.</summary>
/// <remarks>The whole set is checked when it is made: a template that cannot be filled never gets as far as a model.</remarks>
public sealed class PromptLibrary
{
    private const string ResourcePrefix = "Advisor.Prompts.";

    private readonly FrozenDictionary<string, IReadOnlyList<PromptTemplate>> _templates;

    /// <summary>The set of the product's own assembly.</summary>
    public PromptLibrary()
        : this(Resources(typeof(PromptLibrary).Assembly))
    {
    }

    /// <param name="files">By name: <c>analyst.v1.0.0.md</c>, <c>claims.v1.json</c>.</param>
    /// <exception cref="InvalidOperationException">A template is malformed; the message names all that is wrong.</exception>
    internal PromptLibrary(IReadOnlyDictionary<string, string> files)
    {
        var faults = new List<string>();
        var templates = new List<PromptTemplate>();
        foreach (var (file, text) in files.Where(file => file.Key.EndsWith(".md", StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (PromptFile.Parse(file, text, files, faults) is { } template)
            {
                templates.Add(template);
            }
        }

        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join(' ', faults));
        }

        _templates = templates.GroupBy(template => template.Name, StringComparer.Ordinal).ToFrozenDictionary(
            group => group.Key,
            group => (IReadOnlyList<PromptTemplate>)[.. group.OrderByDescending(template => Version.Parse(template.Version))],
            StringComparer.Ordinal);
    }

    /// <summary>The versions of a prompt, the newest first; none where there is no such prompt.</summary>
    public IReadOnlyList<PromptTemplate> Versions(string name) => _templates.GetValueOrDefault(name, []);

    /// <summary>The newest version.</summary>
    /// <exception cref="KeyNotFoundException">There is no prompt of that name.</exception>
    public PromptTemplate Latest(string name) => _templates[name][0];

    /// <summary>That version, or null where there is none.</summary>
    public PromptTemplate? Find(string name, string version) => Versions(name).FirstOrDefault(template => template.Version == version);

    private static Dictionary<string, string> Resources(Assembly assembly) =>
        assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)).ToDictionary(name => name[ResourcePrefix.Length..], name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            return reader.ReadToEnd();
        });
}
