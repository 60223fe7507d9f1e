using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;
namespace Advisor.Tests.Insights.Corrections;
public sealed class ExploreTests
{
    [Theory]
    [InlineData("quarterly-workbook.xlsx")]
    [InlineData("annual-report.pdf")]
    public async Task Look(string sample)
    {
        await using var world = await CorrectionWorld.StartAsync(sample);
        var proofs = await world.ProofsAsync();
        var text = new System.Text.StringBuilder();
        foreach (var insight in await world.InsightsAsync())
        {
            text.AppendLine($"{insight.Band} {insight.Type} {insight.Rule} conf {insight.Confidence} | {insight.Summary}");
            foreach (var s in insight.SourceRefs) { text.AppendLine($"     {s.FactId} {s.Printed} p{s.Page} {s.Sheet}!{s.Cell} proofs: {string.Join(';', proofs.Where(p => p.FactIds.Contains(s.FactId)).Select(p => p.Kind + p.Outcome))}"); }
        }
        File.WriteAllText($"/tmp/explore-{sample}.txt", text.ToString());
    }
}
