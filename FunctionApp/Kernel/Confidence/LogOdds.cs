using Advisor.Kernel.Reasoning;

namespace Advisor.Kernel.Confidence;

/// <summary>Probabilities as log-odds, in decimals so that a stored score recomputes to the digit.</summary>
internal static class LogOdds
{
    /// <summary>Nothing is held for surer than 0.99 or less sure than 0.01 before combination: one signal must not outweigh all others.</summary>
    public const decimal Least = 0.01m;

    public static decimal Of(decimal probability)
    {
        var p = Math.Clamp(probability, Least, 1 - Least);
        return DecimalMath.Ln(p / (1 - p));
    }

    /// <summary>The probability of some log-odds, rounded to six decimals.</summary>
    public static Score ToScore(decimal logOdds) => logOdds switch
    {
        > 60 => Score.One,
        < -60 => Score.Zero,
        _ => Score.Clamp(decimal.Round(1 / (1 + DecimalMath.Exp(-logOdds)), 6)),
    };
}
