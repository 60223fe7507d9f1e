namespace Advisor.Kernel.Reasoning.Claims;

/// <summary>What a reasoner proposes: prose whose every number is an expression over cited facts.</summary>
/// <remarks>
/// JSON: <c>{"template": "Revenue fell {0} against {1}", "expressions": ["abs(pct(f1, f2))", "period(f2)"], "facts": {"f1": "f8a2", "f2": "f93c"}, "type": "trend"}</c>.
/// Nothing in it is trusted before <see cref="ClaimVerifier"/> has accepted it.
/// </remarks>
public sealed record Claim
{
    /// <summary>Prose with placeholders <c>{0}</c>, <c>{1}</c>..., each the index of an expression. No other digit, number word or brace.</summary>
    public required string Template { get; init; }

    /// <summary>One for each index; each is used at least once.</summary>
    public required IReadOnlyList<string> Expressions { get; init; }

    /// <summary>Alias to fact id; empty when the expressions cite ids directly.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Kind of insight, snake_case: <c>anomaly</c>, <c>trend</c>, <c>risk</c>...</summary>
    public required string Type { get; init; }
}
