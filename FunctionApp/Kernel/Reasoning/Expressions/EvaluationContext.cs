namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>All that an expression can see.</summary>
/// <param name="Facts">By <see cref="Fact.Id"/>.</param>
/// <param name="Company">Name of the reporting company as printed; null where it is not known.</param>
/// <param name="Form">Name of the document's form ("Form 10-K"); null where it is not known.</param>
public sealed record EvaluationContext(IReadOnlyDictionary<string, Fact> Facts, string? Company = null, string? Form = null)
{
    /// <summary>Short names that a claim gives to facts; they come before ids.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The id that a name in an expression stands for: the alias's target, else the name itself.</summary>
    public string Resolve(string name) => Aliases.TryGetValue(name, out var id) ? id : name;

    internal Fact? Find(string name) => Facts.TryGetValue(Resolve(name), out var fact) ? fact : null;
}
