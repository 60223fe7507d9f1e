namespace Advisor.Samples.Ledger;

/// <summary>Reproducible random draws (SplitMix64), the same on every runtime.</summary>
internal sealed class Draws(ulong seed)
{
    private ulong state = seed;

    /// <returns>Uniform in [0, 1).</returns>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Below(int limit) => (int)(Uniform() * limit);

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A normal draw by Box and Muller's method.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>An amount in cents' precision whose logarithm is normal; a spread over 1.2 keeps first digits close to Benford's law.</summary>
    public decimal Amount(double median, double spread) =>
        Math.Max(1.01m, Math.Round((decimal)(median * Math.Exp(spread * Normal())), 2));

    private ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
