using System.Net;
using Advisor.Insights;
using Advisor.Insights.Corrections;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Documents.Contracts;
using Advisor.Tests.Documents;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Insights.Corrections;

/// <summary>Corrections after one another, and their end.</summary>
public sealed class CorrectionOrderTests
{
    [Fact]
    public async Task Correct_TheSameFactAgain_ChainsOnAndDeletionRemovesAll()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        await using var world = await CorrectionWorld.StartAsync("annual-report.pdf", ("Documents:RetentionDays", "0"));
        var (insight, fact) = await world.PickAsync();
        await world.CorrectAsync(insight, (fact.Id, fact.Value + fact.Scale));
        var next = (await world.InsightsAsync()).First(candidate => candidate.Links.ContainsKey("review") && candidate.SourceRefs.Any(source => source.FactId == fact.Id) && candidate.Verdict is null);
        var second = (await world.CorrectAsync(next, (fact.Id, fact.Value))).Single();
        (second.Version, second.Before, second.After).ShouldBe((2, fact.Value + fact.Scale, fact.Value));
        second.ReliedOn.Insights.ShouldAllBe(relying => relying.InsightId != insight.Id);
        (await world.CorrectionsAsync()).Select(correction => correction.Version).ShouldBe([2, 1]);
        (await world.FactsAsync()).Single(known => known.Id == fact.Id).Corrected!.From.ShouldBe(fact.Value + fact.Scale);

        var admin = await world.Advisor.ClientAsync(Role.Admin);
        var deleted = await admin.DeleteAsync(world.Document);
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
        deleted["removed"].GetProperty("fact_corrections").GetInt32().ShouldBe(2);
        (await world.Analyst.GetAsync($"{world.Document}/corrections")).Status.ShouldBe(HttpStatusCode.Gone);
        (await world.Records.AllAsync(FactCorrection.Container, CorrectionWorld.Tenant, [], TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await world.Records.AllAsync(CorrectionReliance.Container, CorrectionWorld.Tenant, [], TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await world.Records.AllAsync(NotificationRecord.Container, CorrectionWorld.Tenant, [], TestContext.Current.CancellationToken))
            .ShouldAllBe(item => item.Value.Notification.Kind != FactCorrected.Kind);
    }
}
