using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Kernel.Reasoning.Claims;

/// <summary>What verification gives: a claim in prose with the origin of every number, or the reasons why it is refused.</summary>
public abstract record ClaimVerdict
{
    private protected ClaimVerdict()
    {
    }
}

/// <summary>A claim whose every number was computed here from cited facts.</summary>
public sealed record VerifiedClaim : ClaimVerdict
{
    public required Claim Claim { get; init; }

    /// <summary>The prose that people read.</summary>
    public required string Text { get; init; }

    /// <summary>In the order of the prose; an expression that stands twice is here twice.</summary>
    public required IReadOnlyList<Placeholder> Placeholders { get; init; }

    /// <summary>Ids of all facts that the expressions cite, each once, in the order of the prose.</summary>
    public required IReadOnlyList<string> FactIds { get; init; }

    /// <summary><see cref="NamedConstants.Version"/> at the time of writing.</summary>
    public required string ConstantsVersion { get; init; }

    /// <summary><see cref="ProseFormat.Version"/> at the time of writing.</summary>
    public required string FormatVersion { get; init; }
}

/// <summary>A claim that is never shown as an insight; the reasoning chain keeps it with its reasons.</summary>
/// <param name="Reasons">At least one; those of the template before those of the expressions.</param>
public sealed record RejectedClaim(Claim Claim, IReadOnlyList<ClaimRejection> Reasons) : ClaimVerdict;

/// <summary>One computed piece of prose.</summary>
/// <param name="Index">Of the expression in the claim.</param>
/// <param name="Value">Exact, not rounded.</param>
/// <param name="Text">As it stands in the prose.</param>
/// <param name="FactIds">Cited facts, aliases resolved.</param>
/// <param name="Constants">Cited named constants.</param>
/// <param name="Start">First character in the prose, UTF-16 from 0.</param>
/// <param name="Length">Characters in the prose.</param>
public sealed record Placeholder(
    int Index,
    string Expression,
    ExpressionValue Value,
    string Text,
    IReadOnlyList<string> FactIds,
    IReadOnlyList<string> Constants,
    int Start,
    int Length);
