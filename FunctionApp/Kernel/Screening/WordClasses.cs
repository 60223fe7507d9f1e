namespace Advisor.Kernel.Screening;

/// <summary>A set of the grammar's classes, by number.</summary>
internal readonly record struct WordClasses
{
    /// <summary>Numbers are below this.</summary>
    public const int Most = 4 * Part;

    private const int Part = 128;

    private readonly UInt128 _a, _b, _c, _d;

    private WordClasses(UInt128 a, UInt128 b, UInt128 c, UInt128 d) => (_a, _b, _c, _d) = (a, b, c, d);

    public bool IsNone => (_a | _b | _c | _d) == 0;

    /// <summary>The numbers in the set, ascending.</summary>
    public IEnumerable<int> Numbers => NumbersOf(_a, 0).Concat(NumbersOf(_b, Part)).Concat(NumbersOf(_c, 2 * Part)).Concat(NumbersOf(_d, 3 * Part));

    public static WordClasses Of(int number)
    {
        var one = UInt128.One << (number % Part);
        return (number / Part) switch { 0 => new(one, 0, 0, 0), 1 => new(0, one, 0, 0), 2 => new(0, 0, one, 0), _ => new(0, 0, 0, one) };
    }

    private static IEnumerable<int> NumbersOf(UInt128 part, int first)
    {
        for (var rest = part; rest != 0; rest &= rest - 1)
        {
            yield return first + (int)UInt128.TrailingZeroCount(rest);
        }
    }

    public static WordClasses operator |(WordClasses left, WordClasses right) => new(left._a | right._a, left._b | right._b, left._c | right._c, left._d | right._d);

    public bool Overlaps(WordClasses other) => ((_a & other._a) | (_b & other._b) | (_c & other._c) | (_d & other._d)) != 0;
}
