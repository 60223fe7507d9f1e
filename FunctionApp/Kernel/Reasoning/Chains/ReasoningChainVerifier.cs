namespace Advisor.Kernel.Reasoning.Chains;

/// <summary>Recomputes the hashes of a chain.</summary>
public static class ReasoningChainVerifier
{
    /// <param name="auditedRootHash">The root hash kept apart from the chain; null checks the chain against itself only.</param>
    /// <remarks>Without the audited root, someone who rewrites a chain as a whole, hashes included, is not seen.</remarks>
    public static ChainVerdict Verify(ReasoningChain chain, string? auditedRootHash = null)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var previous = ReasoningChainBuilder.Genesis;
        for (var i = 0; i < chain.Steps.Count; i++)
        {
            var step = chain.Steps[i];
            var fault = (step.Step == i + 1, step.PreviousHash == previous, step.Hash == ChainHash.Of(step)) switch
            {
                (false, _, _) => "it does not stand in its place",
                (_, false, _) => "it does not follow the step before it",
                (_, _, false) => "its content is not what was hashed",
                _ => null,
            };
            if (fault is not null)
            {
                return new ChainVerdict.BrokenStep(i + 1, fault);
            }

            previous = step.Hash;
        }

        if (chain.RootHash != ChainHash.RootOf(chain))
        {
            return new ChainVerdict.BrokenRoot("the chain's head or its number of steps is not what was hashed");
        }

        return auditedRootHash is null || auditedRootHash == chain.RootHash
            ? new ChainVerdict.Intact(chain.RootHash)
            : new ChainVerdict.BrokenRoot("the root is not the audited one");
    }
}

/// <summary>What recomputing gives.</summary>
public abstract record ChainVerdict
{
    private ChainVerdict()
    {
    }

    public sealed record Intact(string RootHash) : ChainVerdict;

    /// <param name="Step">The first broken step by its place, from 1.</param>
    public sealed record BrokenStep(int Step, string Reason) : ChainVerdict;

    /// <summary>All steps hold, but not what encloses them.</summary>
    public sealed record BrokenRoot(string Reason) : ChainVerdict;
}
