namespace Advisor.Samples.Books;

/// <summary>Amounts of one line for several periods or columns, in thousands of dollars, latest first.</summary>
internal sealed class Figures(params decimal[] values)
{
    public int Count => values.Length;

    public decimal this[int index] => values[index];

    public static Figures operator +(Figures a, Figures b) => a.With(b, (x, y) => x + y);

    public static Figures operator -(Figures a, Figures b) => a.With(b, (x, y) => x - y);

    public static Figures operator -(Figures a) => a.Select(x => -x);

    public static Figures Sum(params Figures[] lines) => lines.Aggregate((a, b) => a + b);

    public Figures With(Figures other, Func<decimal, decimal, decimal> combine) =>
        new([.. values.Zip(other.Values, combine)]);

    public Figures Select(Func<decimal, decimal> map) => new([.. values.Select(map)]);

    public Figures Take(int count) => new([.. values.Take(count)]);

    public decimal Total() => values.Sum();

    public IReadOnlyList<decimal> Values => values;
}
