using Mono.Cecil;

namespace Advisor.Tests.Architecture;

/// <summary>Finds references that cross the boundaries of the product's slices.</summary>
/// <remarks>
/// The part after <c>Advisor.</c> names the slice. The kernel knows only itself; a slice knows the kernel, itself and the contracts of others;
/// the composition in the root and the adapters of Azure know all and are known to none of these.
/// </remarks>
internal static class SliceReferences
{
    private const string Root = "Advisor";

    /// <summary>"X references Y" for each pair of types that may not, in order.</summary>
    public static IReadOnlyList<string> Forbidden(IEnumerable<TypeDefinition> types) =>
    [
        .. types.Select(type => (Type: type, Slice: SliceOf(Namespace(type))))
            .Where(from => from.Slice is not (null or "" or "Azure"))
            .SelectMany(from => TypeReferences.Of(from.Type)
                .Where(to => SliceOf(Namespace(to)) is { } slice && slice != from.Slice && !IsAllowed(from.Slice!, slice, Namespace(to)))
                .Select(to => $"{TypeReferences.Outermost(from.Type).FullName} references {TypeReferences.Outermost(to).FullName}"))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsAllowed(string from, string to, string space) =>
        from != "Kernel" && (to == "Kernel" || space == $"{Root}.{to}.Contracts" || space.StartsWith($"{Root}.{to}.Contracts.", StringComparison.Ordinal));

    /// <summary>Empty for the root itself, null for what is not ours.</summary>
    private static string? SliceOf(string space) => space switch
    {
        Root => "",
        _ when space.StartsWith($"{Root}.", StringComparison.Ordinal) => space.Split('.')[1],
        _ => null,
    };

    private static string Namespace(TypeReference type) => TypeReferences.Outermost(type).Namespace;
}
