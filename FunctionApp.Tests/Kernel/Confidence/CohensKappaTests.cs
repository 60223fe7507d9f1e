using Advisor.Kernel.Confidence;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Confidence;

public sealed class CohensKappaTests
{
    /// <summary>Two pathologists on 118 slides, the example of Agresti, Categorical Data Analysis (2nd ed., 2002), section 10.5: 0.493 with a standard error of 0.057.</summary>
    [Fact]
    public void Of_PublishedTable_GivesPublishedFigures()
    {
        int[][] table = [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]];

        var kappa = CohensKappa.Of(from i in Enumerable.Range(0, 4) from j in Enumerable.Range(0, 4) from n in Enumerable.Range(0, table[i][j]) select (i, j))!;

        kappa.Count.ShouldBe(118);
        kappa.Kappa.ShouldBe(0.493m, 0.0005m);
        kappa.StandardError.ShouldBe(0.057m, 0.0005m);
    }

    [Fact]
    public void Of_FullAgreement_IsOneWithoutError() =>
        CohensKappa.Of([("right", "right"), ("wrong", "wrong"), ("right", "right")]).ShouldBe(new CohensKappa(1, 0, 1, 0.555556m, 3));

    [Fact]
    public void Of_OneWhoAlwaysSaysYes_IsZero() =>
        CohensKappa.Of([("right", "right"), ("wrong", "right"), ("right", "right"), ("wrong", "right")])!.Kappa.ShouldBe(0);

    [Fact]
    public void Of_FullDisagreement_IsBelowZero() =>
        CohensKappa.Of([("right", "wrong"), ("wrong", "right")])!.Kappa.ShouldBe(-1);

    [Fact]
    public void Of_NothingToTellChanceFrom_IsUndefined()
    {
        CohensKappa.Of(Array.Empty<(string, string)>()).ShouldBeNull();
        CohensKappa.Of([("right", "right"), ("right", "right")]).ShouldBeNull();
    }
}
