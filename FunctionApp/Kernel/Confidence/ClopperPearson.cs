namespace Advisor.Kernel.Confidence;

/// <summary>Exact one-sided bounds for the share of errors behind a count (Clopper and Pearson, Biometrika 26, 1934): they hold at least as often as said, whatever the share.</summary>
/// <remarks>Doubles within, because the tail of a binomial over a million trials is a continued fraction of exponentials; results are rounded to nine decimals, so that last bits that differ between machines don't show.</remarks>
public static class ClopperPearson
{
    /// <summary>The largest share of errors that would still give so few with probability <c>1 - confidence</c>; 1 where all are errors, or nothing was seen.</summary>
    /// <param name="errors">From 0 to <paramref name="total"/>.</param>
    /// <param name="total">0 or more; exact to nine digits up to a million at least.</param>
    /// <param name="confidence">Of this one side, within (0,1): 0.95 for one bound, 0.975 each for a two-sided interval of 95 %.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static decimal Upper(int errors, int total, decimal confidence)
    {
        Check(errors, total, confidence);
        if (errors == total)
        {
            return 1;
        }

        var level = (double)(1 - confidence);
        return errors == 0
            ? Rounded(-Math.Exp(Math.Log(level) / total) + 1)
            : Solve(share => BinomialTail.AtMost(errors, total, share) > level);
    }

    /// <summary>The smallest share of errors that would still give so many with probability <c>1 - confidence</c>; 0 where there are no errors.</summary>
    /// <inheritdoc cref="Upper" path="/param"/>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static decimal Lower(int errors, int total, decimal confidence)
    {
        Check(errors, total, confidence);
        return errors == 0 ? 0 : 1 - Upper(total - errors, total, confidence);
    }

    private static void Check(int errors, int total, decimal confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(errors);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(errors, total);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
    }

    /// <summary>Bisection: the condition holds below the bound and not above it.</summary>
    private static decimal Solve(Func<double, bool> below)
    {
        double low = 0, high = 1;
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            (low, high) = below(middle) ? (middle, high) : (low, middle);
        }

        return Rounded((low + high) / 2);
    }

    private static decimal Rounded(double value) => decimal.Round((decimal)Math.Clamp(value, 0, 1), 9);
}

/// <summary>Chances of a binomial count.</summary>
internal static class BinomialTail
{
    // Lanczos, SIAM Journal on Numerical Analysis 1, 1964, with g = 7: relative error below 1e-13 for positive arguments.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>The chance of at most so many successes: the regularised incomplete beta function at <c>1 - share</c>, of <c>total - count</c> and <c>count + 1</c>.</summary>
    public static double AtMost(int count, int total, double share) =>
        count >= total ? 1 : share <= 0 ? 1 : share >= 1 ? 0 : Beta(total - count, count + 1.0, 1 - share, share);

    /// <summary>Continued fraction of Didonato and Morris, ACM TOMS 18, 1992, by Lentz's method, on the side where it converges at once.</summary>
    private static double Beta(double a, double b, double x, double y)
    {
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(y)));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(a, b, x) / a : 1 - (front * Fraction(b, a, y) / b);
    }

    private static double Fraction(double a, double b, double x)
    {
        const double Tiny = 1e-300;
        double c = 1, d = 1 / NotZero(1 - ((a + b) * x / (a + 1))), h = d;
        for (var m = 1; m < 100_000; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            h *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            h *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15)
            {
                break;
            }
        }

        return h;

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }

    private static double LogGamma(double x)
    {
        x -= 1;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x + i);
        }

        var t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
