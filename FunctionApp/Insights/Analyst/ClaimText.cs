using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Advisor.Kernel.Reasoning;

namespace Advisor.Insights.Analyst;

/// <summary>An expression of the claim language, as it stands in a hole of a <see cref="ClaimText"/>.</summary>
public readonly record struct Hole(string Expression);

/// <summary>Builds a claim's template and expressions from an interpolated string whose holes are expressions over facts.</summary>
/// <remarks><c>$"{Label(a)} rose {Change(a, b)}"</c> gives the template <c>{0} rose {1}</c>; text in the holes is refused by the compiler, so no number can be typed.</remarks>
[InterpolatedStringHandler]
public sealed partial class ClaimText
{
    private readonly StringBuilder _template;
    private readonly List<string> _expressions;

    public ClaimText(int literalLength, int formattedCount)
    {
        _template = new StringBuilder(literalLength + (formattedCount * 3));
        _expressions = new List<string>(formattedCount);
    }

    public string Template => _template.ToString();

    public IReadOnlyList<string> Expressions => _expressions;

    /// <summary>Goes on with another text.</summary>
    public void Append(ClaimText other)
    {
        var offset = _expressions.Count;
        _template.Append(Placeholder().Replace(other.Template, placeholder => string.Create(CultureInfo.InvariantCulture, $"{{{int.Parse(placeholder.Groups["index"].ValueSpan, CultureInfo.InvariantCulture) + offset}}}")));
        _expressions.AddRange(other._expressions);
    }

    public void AppendLiteral(string literal) => _template.Append(literal);

    public void AppendFormatted(Hole hole)
    {
        _template.Append('{').Append(_expressions.Count).Append('}');
        _expressions.Add(hole.Expression);
    }

    /// <summary>Words that code chose among a fixed few ("rose", "fell"); they hold no number.</summary>
    public void AppendFormatted(Verb verb) => _template.Append(verb.Text);

    [GeneratedRegex(@"\{(?<index>[0-9]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}

/// <summary>A word or phrase of the analyst's own.</summary>
public readonly record struct Verb(string Text);

/// <summary>The holes that the analyst's claims are made of.</summary>
public static class Holes
{
    public static Hole Value(Fact fact) => new(fact.Id);

    public static Hole Size(Fact fact) => new($"abs({fact.Id})");

    public static Hole Label(Fact fact) => new($"label({fact.Id})");

    /// <summary>"at" for a balance, "in" for a flow.</summary>
    public static Verb In(Fact fact) => new(fact.Period is { Months: 0 } ? "at" : "in");

    public static Hole Period(Fact fact) => new($"period({fact.Id})");

    /// <summary>Size of the change of a against b, in percent.</summary>
    public static Hole Change(Fact a, Fact b) => new($"abs(pct({a.Id}, {b.Id}))");

    /// <summary>a as a percentage of b.</summary>
    public static Hole Share(Fact a, Fact b) => new($"share({a.Id}, {b.Id})");

    public static Hole Ratio(Fact a, Fact b) => new($"ratio({a.Id}, {b.Id})");

    public static Hole Sum(IEnumerable<Fact> facts) => new($"sum({string.Join(", ", facts.Select(fact => fact.Id))})");

    public static Hole Raw(string expression) => new(expression);
}
