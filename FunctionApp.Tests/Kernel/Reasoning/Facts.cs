using Advisor.Kernel.Reasoning;

namespace Advisor.Tests.Kernel.Reasoning;

/// <summary>Facts for tests, without the parts a test does not care for.</summary>
internal static class Facts
{
    public static Fact Of(string id, decimal value, Unit unit = Unit.Currency, string? currency = "USD", string label = "Revenue", Period? period = null) => new()
    {
        Id = id,
        Label = label,
        Period = period,
        Value = value,
        Unit = unit,
        Currency = unit is Unit.Currency or Unit.CurrencyPerShare ? currency : null,
        Printed = value.ToString(),
        Source = new SourceRef("d1", "report.pdf", Page: 1),
        ReadBy = ReadingMethod.TextLayer,
        Rule = "test",
    };

    public static IReadOnlyDictionary<string, Fact> ById(params IEnumerable<Fact> facts) => facts.ToDictionary(fact => fact.Id);
}
