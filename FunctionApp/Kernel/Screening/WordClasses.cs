namespace Advisor.Kernel.Screening;

/// <summary>A set of the grammar's classes, by number.</summary>
internal readonly record struct WordClasses(UInt128 Low, UInt128 High)
{
    /// <summary>Numbers are below this.</summary>
    public const int Most = 256;

    private const int Half = 128;

    public bool IsNone => Low == 0 && High == 0;

    /// <summary>The numbers in the set, ascending.</summary>
    public IEnumerable<int> Numbers
    {
        get
        {
            for (var rest = Low; rest != 0; rest &= rest - 1)
            {
                yield return (int)UInt128.TrailingZeroCount(rest);
            }

            for (var rest = High; rest != 0; rest &= rest - 1)
            {
                yield return Half + (int)UInt128.TrailingZeroCount(rest);
            }
        }
    }

    public static WordClasses Of(int number) => number < Half ? new(UInt128.One << number, 0) : new(0, UInt128.One << (number - Half));

    public static WordClasses operator |(WordClasses left, WordClasses right) => new(left.Low | right.Low, left.High | right.High);

    public bool Overlaps(WordClasses other) => ((Low & other.Low) | (High & other.High)) != 0;
}
