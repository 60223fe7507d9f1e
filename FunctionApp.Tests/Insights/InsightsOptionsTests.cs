using Advisor.Tests.Documents.EndToEnd;
using Xunit;

namespace Advisor.Tests.Insights;

public sealed class InsightsOptionsTests
{
    [Theory]
    [InlineData("HighBand", "0.49", "Insights:HighBand must be from 0.5 to 1.")]
    [InlineData("HighBand", "1.01", "Insights:HighBand must be from 0.5 to 1.")]
    [InlineData("HighBand", "0.6", "Insights:MediumBand must be below Insights:HighBand.")]
    [InlineData("MediumBand", "0", "Insights:MediumBand must be above 0 and below 1.")]
    [InlineData("MediumBand", "1", "Insights:MediumBand must be above 0 and below 1.")]
    [InlineData("MediumBand", "0.85", "Insights:MediumBand must be below Insights:HighBand.")]
    [InlineData("MaxPerAnalysis", "0", "Insights:MaxPerAnalysis must be from 1 to 500.")]
    [InlineData("MaxPerAnalysis", "501", "Insights:MaxPerAnalysis must be from 1 to 500.")]
    [InlineData("ModelPrompt", "9.0.0", "Insights:ModelPrompt must be one of 1.0.0, 1.1.0.")]
    [InlineData("ModelPassages", "21", "Insights:ModelPassages must be from 0 to 20.")]
    [InlineData("ModelPassageTokens", "199", "Insights:ModelPassageTokens must be from 200 to 100,000.")]
    [InlineData("ModelFactTokens", "499", "Insights:ModelFactTokens must be from 500 to 100,000.")]
    public Task Start_InvalidValue_FailsWithItsMessage(string name, string value, string message) => RefusedStart.ShouldSayAsync($"Insights:{name}", value, message);
}
