using System.Text.Json;
using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>What was read of a page is the same after it was stored.</summary>
public sealed class StoredReadingTests
{
    [Fact]
    public void Serialize_PageOfWords_ComesBackTheSame()
    {
        var page = new PageReading(3, 612, 792.5, ReadingMethod.Ocr,
        [
            new Word("Total", 72, 100.05, 95.25, 110.1),
            new Word("\"1,234\"\\ é 数", 0, -0.01, 99999.99, 0.29, 0.915),
        ]);

        var stored = JsonSerializer.Serialize(page, AdvisorJson.Options);
        var again = JsonSerializer.Deserialize<PageReading>(stored, AdvisorJson.Options)!;

        stored.ShouldContain("""["Total",7200,10005,9525,11010]""");
        again.Words.ShouldBe(page.Words);
        (again.Number, again.Width, again.Height, again.ReadBy).ShouldBe((page.Number, page.Width, page.Height, page.ReadBy));
    }

    [Fact]
    public void Serialize_PageThatAServiceRead_ComesBackTheSame()
    {
        var page = new PageReading(1, 792, 612, ReadingMethod.Service, [new Word("1,234", 72, 80, 95.25, 90, 0.98)], 0.0175)
        {
            Engine = "document-intelligence prebuilt-layout 2023-07-31",
            Turn = 1,
            Cells = [new Box(70.12m, 78m, 120m, 95.5m)],
        };

        var again = JsonSerializer.Deserialize<PageReading>(JsonSerializer.Serialize(page, AdvisorJson.Options), AdvisorJson.Options)!;

        (again.ReadBy, again.Skew, again.Engine, again.Turn).ShouldBe((page.ReadBy, page.Skew, page.Engine, page.Turn));
        again.Cells.ShouldBe(page.Cells);
    }

    /// <summary>Readings that lie in the store since before engines were named.</summary>
    [Fact]
    public void Deserialize_PageOfAnOlderReader_IsReadAsItWas()
    {
        var page = JsonSerializer.Deserialize<PageReading>("""{"number":1,"width":612,"height":792,"read_by":"ocr","words":[["Total",1,2,3,4,0.9]],"skew":0.01}""", AdvisorJson.Options)!;

        (page.ReadBy, page.Skew, page.Engine, page.Turn, page.Cells).ShouldBe((ReadingMethod.Ocr, 0.01, null, 0, null));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""["Total",1,2,3]""")]
    [InlineData("""["Total",1,2,3,4,0.5,6]""")]
    [InlineData("[null,1,2,3,4]")]
    public void Deserialize_NotAWord_Throws(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Word>(json, AdvisorJson.Options));
}
