namespace Advisor.Kernel.Reasoning;

/// <summary>What a value counts. Values of different units never mix in an expression, except by ratio.</summary>
public enum Unit
{
    /// <summary>Money in <see cref="Fact.Currency"/>.</summary>
    Currency,

    /// <summary>Money in <see cref="Fact.Currency"/> for one share.</summary>
    CurrencyPerShare,

    /// <summary>A percentage; the value 12.5 means 12.5 %.</summary>
    Percent,

    Shares,

    /// <summary>A plain number: a ratio, a count, an index.</summary>
    Number,
}

/// <summary>How the printed text was obtained.</summary>
public enum ReadingMethod
{
    TextLayer,
    Ocr,
    NativeCell,
    Service,

    /// <summary>A person looked at the place and said what stands there.</summary>
    Person,
}

/// <summary>One value read from a source, with all that is needed to check it.</summary>
public sealed record Fact
{
    /// <summary>Deterministic for the document and place, so reading again gives the same id; <c>f</c> followed by letters and digits.</summary>
    public required string Id { get; init; }

    /// <summary>Canonical metric, snake_case (<c>revenue</c>); null when only the printed label is known.</summary>
    public string? Metric { get; init; }

    /// <summary>The label as printed.</summary>
    public required string Label { get; init; }

    public Period? Period { get; init; }

    /// <summary>Scale applied, sign rule applied: 1,234 printed "in millions" is 1234000000; (5) is -5. Percentages stay as printed: 12.5 for 12.5 %.</summary>
    public required decimal Value { get; init; }

    public required Unit Unit { get; init; }

    /// <summary>ISO 4217; null where the unit is not money or the currency is not printed.</summary>
    public string? Currency { get; init; }

    /// <summary>Multiplier that was printed and has been applied: 1, 1000, 1000000 or 1000000000.</summary>
    public decimal Scale { get; init; } = 1;

    /// <summary>Exactly as printed, without the currency sign when that stands apart.</summary>
    public required string Printed { get; init; }

    public required SourceRef Source { get; init; }

    public required ReadingMethod ReadBy { get; init; }

    /// <summary>Reading confidence in [0,1]; null is unknown, and counts as its documented prior, never as 1.</summary>
    public decimal? Confidence { get; init; }

    /// <summary>The name of the rule that made the fact: <c>statement/income/revenue</c>, <c>table/cell</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>Set where a person corrected the value; <see cref="Printed"/> and <see cref="Source"/> stay as read. Null for a value as read.</summary>
    public CorrectedValue? Corrected { get; init; }
}
