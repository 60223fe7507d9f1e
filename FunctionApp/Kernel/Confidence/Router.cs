namespace Advisor.Kernel.Confidence;

/// <summary>Facts about a claim that send it to review whatever its score. They can only make the route stricter.</summary>
public sealed record RouteOverrides
{
    /// <summary>A proof that touches a cited fact fails.</summary>
    public bool FailedProof { get; init; }

    /// <summary>The amount is over the limit of the tenant's policy.</summary>
    public bool MaterialAmount { get; init; }

    /// <summary>The source holds text that tries to instruct the reasoner.</summary>
    public bool InjectedInstruction { get; init; }

    /// <summary>Nobody could check that the numbers are where they are said to be.</summary>
    public bool UnknownGrounding { get; init; }

    /// <summary>What the signals alone say: a failed proof and unknown grounding.</summary>
    public static RouteOverrides Of(Signals signals) => new()
    {
        FailedProof = signals.Proof < Score.One,
        UnknownGrounding = signals.Grounding is null,
    };
}

public enum RouteReason
{
    HighScore,
    MediumScore,
    LowScore,
    FailedProof,
    MaterialAmount,
    InjectedInstruction,
    UnknownGrounding,
}

/// <param name="Band">Where the claim goes.</param>
/// <param name="ByScore">Where the score alone would have sent it; never stricter than <paramref name="Band"/>.</param>
/// <param name="Reasons">The score's reason first, then the overrides that apply.</param>
public sealed record Route(Band Band, Band ByScore, IReadOnlyList<RouteReason> Reasons);

/// <summary>Decides where a claim goes. Pure.</summary>
public static class Router
{
    /// <param name="score">The calibrated probability.</param>
    /// <param name="policy">The tenant's thresholds; null for the defaults.</param>
    public static Route Route(Score score, RouteOverrides overrides, BandPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        var byScore = (policy ?? BandPolicy.Default).BandOf(score);
        var reasons = new List<RouteReason>
        {
            byScore switch
            {
                Band.High => RouteReason.HighScore,
                Band.Medium => RouteReason.MediumScore,
                _ => RouteReason.LowScore,
            },
        };
        Add(overrides.FailedProof, RouteReason.FailedProof);
        Add(overrides.MaterialAmount, RouteReason.MaterialAmount);
        Add(overrides.InjectedInstruction, RouteReason.InjectedInstruction);
        Add(overrides.UnknownGrounding, RouteReason.UnknownGrounding);
        return new Route(reasons.Count > 1 ? Band.Low : byScore, byScore, reasons);

        void Add(bool applies, RouteReason reason)
        {
            if (applies)
            {
                reasons.Add(reason);
            }
        }
    }
}
