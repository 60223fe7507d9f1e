using System.Text.Json;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class ScoreTests
{
    [Theory]
    [InlineData(-0.0001)]
    [InlineData(1.0001)]
    public void New_OutsideOfRange_Throws(double value) => Should.Throw<ArgumentOutOfRangeException>(() => new Score((decimal)value));

    [Fact]
    public void Clamp_AnyNumber_IsAScore()
    {
        Score.Clamp(-5).ShouldBe(Score.Zero);
        Score.Clamp(5).ShouldBe(Score.One);
        Score.Clamp(0.5m).Value.ShouldBe(0.5m);
    }

    [Fact]
    public void Json_IsAPlainNumber()
    {
        JsonSerializer.Serialize(new Score(0.925m), AdvisorJson.Options).ShouldBe("0.925");
        JsonSerializer.Deserialize<Score>("0.925", AdvisorJson.Options).ShouldBe(new Score(0.925m));
        JsonSerializer.Deserialize<Score?>("null", AdvisorJson.Options).ShouldBeNull();
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("-0.1")]
    [InlineData("\"0.5\"")]
    [InlineData("null")]
    [InlineData("1e99")]
    public void Json_NoScore_IsRefused(string json) => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Score>(json, AdvisorJson.Options));
}
