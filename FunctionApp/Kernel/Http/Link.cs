namespace Advisor.Kernel.Http;

/// <summary>A link to a related resource, as <c>_links</c> holds them by relation.</summary>
/// <param name="Href">Path from the root.</param>
public sealed record Link(string Href);
