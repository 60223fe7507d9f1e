using System.Globalization;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Kernel.Reasoning.Claims.Meaning;

/// <summary>Tells those who write claims what they may write, from the code that judges it.</summary>
public static class ClaimLanguage
{
    private static readonly string[] s_ofText = ["period", "label", "company", "form"];

    private static readonly (string Form, string Says)[] s_forms =
    [
        ("f1", "the value of a line in its period"),
        ("abs(f1)", "the size of an outflow that is printed negative"),
        ("pct(later, earlier)", "change of one line between two periods of the same length, in percent"),
        ("later - earlier", "the same change as an amount"),
        ("cagr(first, last, years(first, last))", "compound growth of one line a year"),
        ("share(f1, f2)", "one line as a percentage of another of the same period"),
        ("ratio(f1, f2)", "one line as a multiple of another of the same period"),
        ("ratio(f1, f2) * days.year", "a balance in days of a yearly flow"),
        ("f1 - f2", "what one line has over another of the same period"),
        ("period(f1)", "the name of a fact's period"),
        ("label(f1)", "the printed name of a fact's line"),
        ("company()", "the company's name"),
        ("form()", "the name of the document's form"),
    ];

    /// <summary>The forms that an expression of a proposed claim may have.</summary>
    public static IReadOnlyList<string> Forms { get; } = [.. s_forms.Select(form => form.Form)];

    /// <summary>The forms with what they say, in one line.</summary>
    public static string Described { get; } = string.Join("; ", s_forms.Select(form => $"{form.Form} is {form.Says}"));

    /// <summary>Functions of the language that no proposed claim may use: what they compute has no sentence.</summary>
    public static IReadOnlyList<string> Refused { get; } =
        [.. ExpressionFunctions.Names.Where(name => !s_ofText.Contains(name) && !s_forms.Any(form => form.Form.Contains(name + "(", StringComparison.Ordinal)))];

    /// <summary>The numbers that may be typed in expressions, in one line.</summary>
    public static string Literals { get; } = string.Join(", ", ExpressionParser.AllowedLiterals.Select(literal => literal.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The named constants that a proposed claim may cite, in one line.</summary>
    public static string Constants { get; } =
        string.Join(", ", NamedConstants.All.Where(constant => s_forms.Any(form => form.Form.Contains(constant.Name, StringComparison.Ordinal))).Select(constant => constant.Name));
}
