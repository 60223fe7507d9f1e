using System.Globalization;
using Advisor.Kernel.Confidence;

namespace Advisor.Kernel.Policies;

/// <summary>Something that a change of policy lets through more easily, or leaves lying longer, than before.</summary>
/// <param name="Field">As the body of the policy names it: <c>bands.high</c>, <c>error_budgets.insight/trend</c>.</param>
/// <param name="From">The old value; <c>none</c> where there was none.</param>
/// <param name="To">The new value; <c>none</c> where there is none.</param>
/// <param name="Text">What that means, in a sentence.</param>
public sealed record Loosening(string Field, string From, string To, string Text);

/// <summary>What becomes looser from one policy to another. Pure.</summary>
/// <remarks>
/// A field is looser when fewer people look, or less senior ones, or later. Thresholds and budgets are compared as they come to hold for each kind that
/// either policy names, and for all others. Where the direction cannot be told from the policies alone it counts as looser: a budget in place of bands or
/// bands in place of a budget, and working hours that neither cover the former nor are gone.
/// </remarks>
public static class PolicyLoosening
{
    private const string None = "none";

    public static IReadOnlyList<Loosening> Of(PolicyTerms before, PolicyTerms after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return
        [
            .. Bands("bands", "of every kind without its own", before.Bands, after.Bands),
            .. Keys(before.BandsByKind, after.BandsByKind).SelectMany(kind => Bands($"bands_by_kind.{kind}", $"of {kind}", before.BandsFor(kind), after.BandsFor(kind))),
            .. Keys(before.ErrorBudgets, after.ErrorBudgets).SelectMany(kind => Budget(kind, before.ErrorBudgetFor(kind), after.ErrorBudgetFor(kind))),
            .. Limit("amounts.material", "goes to a person whatever its score", before.Amounts.Material, after.Amounts.Material),
            .. Limit("amounts.four_eyes", "is decided by two persons", before.Amounts.FourEyes, after.Amounts.FourEyes),
            .. Chain(before.Chain, after.Chain),
            .. Falls("sampling.high_band_rate", "The share of the high band that is reviewed blind", "errors there are found later", before.Sampling.HighBandRate, after.Sampling.HighBandRate),
            .. Falls("sampling.seeded_rate", "The share of reviews that are of items known to be wrong", "less is known of how well people look", before.Sampling.SeededRate, after.Sampling.SeededRate),
            .. Hours(before.WorkingHours, after.WorkingHours),
        ];
    }

    private static IEnumerable<string> Keys<T>(IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> after) =>
        before.Keys.Union(after.Keys).Order(StringComparer.Ordinal);

    private static IEnumerable<Loosening> Bands(string field, string of, BandPolicy before, BandPolicy after) =>
    [
        .. Falls($"{field}.high", $"The high threshold {of}", "more is released without a person", before.High, after.High),
        .. Falls($"{field}.medium", $"The medium threshold {of}", "more needs one click instead of a full review", before.Medium, after.Medium),
    ];

    private static IEnumerable<Loosening> Falls(string field, string what, string so, decimal before, decimal after)
    {
        if (after < before)
        {
            yield return new(field, Text(before), Text(after), $"{what} falls from {Text(before)} to {Text(after)}: {so}.");
        }
    }

    private static IEnumerable<Loosening> Budget(string kind, decimal? before, decimal? after)
    {
        var text = (before, after) switch
        {
            (null, { } set) => $"{kind} gets an error budget of {Text(set)}: it may release what the bands would not.",
            ({ } former, null) => $"The error budget of {kind}, {Text(former)}, is gone: the bands may release what it would not.",
            ({ } former, { } set) when set > former => $"The error budget of {kind} rises from {Text(former)} to {Text(set)}: more of what is released may be wrong.",
            ({ } former, { } set) when set < former => $"The error budget of {kind} falls from {Text(former)} to {Text(set)}: what was released under it is tested anew, and until then the bands may release what it would not.",
            _ => null,
        };
        if (text is not null)
        {
            yield return new($"error_budgets.{kind}", Text(before), Text(after), text);
        }
    }

    private static IEnumerable<Loosening> Limit(string field, string what, decimal? before, decimal? after)
    {
        if (before is { } limit && !(after <= limit))
        {
            yield return new(field, Text(before), Text(after), after is null
                ? $"The limit above which an amount {what}, {Text(limit)}, is gone."
                : $"The limit above which an amount {what} rises from {Text(limit)} to {Text(after)}.");
        }
    }

    private static IEnumerable<Loosening> Chain(IReadOnlyList<ChainStep> before, IReadOnlyList<ChainStep> after)
    {
        if (after.Count < before.Count || after[0].Rank < before[0].Rank || after[^1].Rank < before[^1].Rank)
        {
            var why = after.Count < before.Count ? "fewer are asked" : after[0].Rank < before[0].Rank ? "somebody less senior is asked first" : "somebody less senior is asked last";
            yield return new("chain", Roles(before), Roles(after), $"The chain changes from {Roles(before)} to {Roles(after)}: {why}.");
        }

        for (var i = 0; i < after.Count; i++)
        {
            // A step is compared with the one of its role, or with the one that it stands in for.
            var step = after[i];
            var former = before.FirstOrDefault(one => one.Role == step.Role)
                ?? (i < before.Count && !after.Any(one => one.Role == before[i].Role) ? before[i] : null);
            if (former is not null && step.Hours > former.Hours)
            {
                var role = Text(step);
                yield return new($"chain[{i}].hours", Text(former.Hours), Text(step.Hours), $"The {role} has {Text(step.Hours)} hours instead of {Text(former.Hours)}: what they leave lying goes on later.");
            }
        }
    }

    private static IEnumerable<Loosening> Hours(WorkingHours? before, WorkingHours? after)
    {
        if (after is not null && (before is null || !after.Covers(before)))
        {
            yield return new("working_hours", before?.ToString() ?? None, after.ToString(), before is null
                ? $"Only {after} counts for the chain: what is left lying goes on later."
                : $"Other hours count for the chain, {after} instead of {before}: some of what is left lying goes on later.");
        }
    }

    private static string Roles(IReadOnlyList<ChainStep> chain) => string.Join(", ", chain.Select(Text));

    private static string Text(ChainStep step) => step.Role.ToString().ToLowerInvariant();

    private static string Text(decimal? value) => value?.ToString("0.############################", CultureInfo.InvariantCulture) ?? None;
}
