namespace Advisor.Tests.Deployment.Bicep;

internal enum BicepKind
{
    Object,

    /// <summary>Text is the key, the one child its value.</summary>
    Property,
    Array,

    /// <summary>Text is without quotes; children are what is interpolated.</summary>
    Text,

    /// <summary>A number, true, false or null.</summary>
    Literal,
    Name,

    /// <summary>Text is the member, the one child what has it.</summary>
    Member,

    /// <summary>Text is the function, empty for a method's call; children are the arguments.</summary>
    Call,

    /// <summary>Text holds the local names, separated by spaces; the last child sees them, those before it do not.</summary>
    Local,

    /// <summary>Operators, indexes, parentheses, conditions.</summary>
    Other,
}

/// <summary>A part of an expression.</summary>
internal sealed record BicepNode(BicepKind Kind, string Text, IReadOnlyList<BicepNode> Children, int Line)
{
    public BicepNode? this[string key] => Children.FirstOrDefault(child => child.Kind == BicepKind.Property && child.Text == key)?.Children[0];

    /// <summary>This and everything below.</summary>
    public IEnumerable<BicepNode> All() => Children.SelectMany(child => child.All()).Prepend(this);

    /// <summary>Names that are used and not declared within.</summary>
    public IEnumerable<BicepNode> Free() => Kind switch
    {
        BicepKind.Name => [this],
        BicepKind.Local => [.. Children.SkipLast(1).SelectMany(child => child.Free()), .. Children[^1].Free().Where(name => !Text.Split(' ').Contains(name.Text))],
        _ => Children.SelectMany(child => child.Free()),
    };
}
