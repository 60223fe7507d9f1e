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

    /// <summary>At or above the threshold of the error budget: released, whatever its band.</summary>
    WithinBudget,

    /// <summary>Of the high band, but below the threshold of the error budget.</summary>
    BelowBudgetThreshold,

    /// <summary>Of the high band, but nothing of its kind is released: scores no longer rank, or errors have risen.</summary>
    AutomationStopped,
}

/// <param name="Band">Where the claim goes.</param>
/// <param name="ByScore">Where the score alone would have sent it, by the bands or the error budget; never stricter than <paramref name="Band"/>.</param>
/// <param name="Reasons">The score's reason first, then the overrides that apply.</param>
public sealed record Route(Band Band, Band ByScore, IReadOnlyList<RouteReason> Reasons);

/// <summary>Decides where a claim goes. Pure.</summary>
public static class Router
{
    /// <param name="score">The calibrated probability.</param>
    /// <param name="policy">The tenant's thresholds; null for the defaults.</param>
    public static Route Route(Score score, RouteOverrides overrides, BandPolicy? policy = null) =>
        Route(score, Score.Zero, overrides, RoutingTerms.Of(policy ?? BandPolicy.Default));

    /// <param name="score">The calibrated probability: what the bands ask.</param>
    /// <param name="raw">The score before calibration: what an error budget asks.</param>
    public static Route Route(Score score, Score raw, RouteOverrides overrides, RoutingTerms terms)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        ArgumentNullException.ThrowIfNull(terms);
        var (byScore, reason) = ByScore(score, raw, terms);
        var reasons = new List<RouteReason> { reason };
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

    /// <summary>A budget that releases takes the place of the high band; one that has not come so far leaves the bands; one that has stopped leaves them without the high one.</summary>
    private static (Band Band, RouteReason Reason) ByScore(Score score, Score raw, RoutingTerms terms)
    {
        var band = terms.Bands.BandOf(score);
        return (terms.Budget?.Status, band) switch
        {
            (AutomationStatus.Releasing, _) when raw >= terms.Budget!.Threshold => (Band.High, RouteReason.WithinBudget),
            (AutomationStatus.Releasing, Band.High) => (Band.Medium, RouteReason.BelowBudgetThreshold),
            (AutomationStatus.NotRanking or AutomationStatus.Drifted, Band.High) => (Band.Medium, RouteReason.AutomationStopped),
            (_, Band.High) => (band, RouteReason.HighScore),
            (_, Band.Medium) => (band, RouteReason.MediumScore),
            _ => (band, RouteReason.LowScore),
        };
    }
}
