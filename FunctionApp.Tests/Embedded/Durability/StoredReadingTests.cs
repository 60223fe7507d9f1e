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

    [Theory]
    [InlineData("{}")]
    [InlineData("""["Total",1,2,3]""")]
    [InlineData("""["Total",1,2,3,4,0.5,6]""")]
    [InlineData("[null,1,2,3,4]")]
    public void Deserialize_NotAWord_Throws(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Word>(json, AdvisorJson.Options));
}
