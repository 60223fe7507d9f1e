using Advisor.Documents.Sheets;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Reading.Sheets;

public sealed class SheetFactsTests
{
    /// <summary>A cell in a table of thousands of dollars, whose format says that it is none.</summary>
    [Theory]
    [InlineData("0.0\"x\"", "5.085", Unit.Number, "5.085", "5.1x")]
    [InlineData("0\" days\"", "31", Unit.Number, "31", "31 days")]
    [InlineData("0\" bp\";(0\" bp\")", "-25", Unit.Number, "-25", "(25 bp)")]
    [InlineData("0.0%", "0.125", Unit.Percent, "12.5", "12.5%")]
    [InlineData("#,##0", "861", Unit.Currency, "861000", "861")]
    [InlineData("$#,##0.0\" mn\"", "861", Unit.Currency, "861000", "$861.0 mn")]
    public void OfCell_Format_DecidesWhatIsCounted(string format, string stored, Unit unit, string value, string displayed)
    {
        var file = new XlsxFile();
        var style = file.Format(format);
        var cell = file.Sheet("S", $"<row r=\"1\"><c r=\"A1\" s=\"{style}\"><v>{stored}</v></c></row>").Read().Sheets[0]["A1"]!;
        cell.Displayed.ShouldBe(displayed);
        var fact = new SheetFacts("d", "book.xlsx").OfCell("S", cell, "Net debt to EBITDA", 1_000, "USD", null);
        (fact.Unit, fact.Value).ShouldBe((unit, decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));
        (fact.Currency, fact.Scale).ShouldBe(unit == Unit.Currency ? ("USD", 1_000m) : (null, 1m));
    }
}
