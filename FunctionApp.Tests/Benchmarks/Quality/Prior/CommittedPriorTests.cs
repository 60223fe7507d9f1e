using Advisor.Benchmarks.Quality.Prior;
using Advisor.Kernel.Confidence;
using Advisor.Tests.Documents;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Benchmarks.Quality.Prior;

/// <summary>The committed prior is what the command fits, and nothing that was typed.</summary>
public sealed class CommittedPriorTests
{
    [Fact]
    public void Version_OfTheCommittedPrior_FollowsFromItsContent()
    {
        var committed = CalibrationPrior.Committed;

        CalibrationPrior.Of(committed.FittedOn, committed.ReadBy, committed.Data, committed.Curve).Version.ShouldBe(committed.Version);
        CalibrationPrior.Of(committed.FittedOn.AddDays(1), committed.ReadBy, committed.Data, committed.Curve).Version.ShouldBe(committed.Version);
        CalibrationPrior.Of(committed.FittedOn, committed.ReadBy, committed.Data, new CalibrationCurve.Platt(1, 0)).Version.ShouldNotBe(committed.Version);
        CalibrationPrior.Of(committed.FittedOn, committed.ReadBy, [.. committed.Data.Skip(1)], committed.Curve).Version.ShouldNotBe(committed.Version);
    }

    [Theory]
    [InlineData("tables")]
    [InlineData("reports")]
    [InlineData("workbooks")]
    public void Data_OfTheCommittedPrior_IsTheDataThatIsThere(string set) =>
        PriorSource.HashOf(Evals.Folder(set)).ShouldBe(CalibrationPrior.Committed.Data.Single(data => data.Name == set).Sha256);

    [Fact]
    public async Task Fit_AllLabels_IsTheCommittedPrior()
    {
        Assert.SkipWhen(TestDepth.IsSample, $"Recognises some 120 pages, which takes minutes; {TestDepth.Variable}=all does it.");
        SystemTool.Require("tesseract", "tesseract-ocr");
        List<string> folders = [Evals.Folder("tables"), Evals.Folder("reports"), Evals.Folder("workbooks")];
        var data = Path.GetDirectoryName(folders[0])!;
        var labelled = await Labelling.RunAsync(data, null, null, TextWriter.Null, TestContext.Current.CancellationToken);
        var committed = CalibrationPrior.Committed;
        Assert.SkipUnless(labelled.ReadBy.SequenceEqual(committed.ReadBy), $"Read by {string.Join(", ", labelled.ReadBy)}; the prior was fitted on what {string.Join(", ", committed.ReadBy)} read, and another version may read a scan otherwise.");

        PriorCommand.Fit(data, labelled).ShouldBeSameAs(committed);
    }

    /// <summary>What needs no recognition, in every run: the sets whose figures do not hang on scans.</summary>
    [Fact]
    public async Task Label_Workbooks_CountsAsCommitted()
    {
        var data = Path.GetDirectoryName(Evals.Folder("workbooks"))!;
        var labelled = await Labelling.RunAsync(data, document => document.EndsWith(".xlsx", StringComparison.Ordinal), null, TextWriter.Null, TestContext.Current.CancellationToken);

        PriorSource.Of(data, labelled).ShouldHaveSingleItem().ShouldBe(CalibrationPrior.Committed.Data.Single(set => set.Name == "workbooks"));
    }
}
