using Advisor.Documents.Proofs;
using Advisor.Tests.Documents.Statements;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Proofs;

public sealed class FootingTests
{
    [Fact]
    public void Check_TotalThatFootsInBothColumns_Holds() => Outcomes(
        """
                                     2025        2024
        Raw materials              61,244      55,310
        Work in process            38,905      29,447
        Finished goods             68,225      54,895
        Total inventories         168,374     139,652
        """).ShouldBe([true, true]);

    [Fact]
    public void Check_TransposedTotalInOneColumn_FailsAndNamesIt()
    {
        var failed = Check(
            """
                                         2025        2024
            Raw materials              61,244      55,310
            Work in process            38,905      29,447
            Finished goods             68,225      54,895
            Total inventories         168,734     139,652
            """).Where(check => !check.Holds).ShouldHaveSingleItem();
        (failed.Found, failed.Expected).ShouldBe((168_734m, 168_374m));
        failed.Change.ShouldBe(new SmallestChange(ChangeKind.Transposition, "Total inventories", IsTotal: true));
    }

    [Fact]
    public void Check_NestedTotals_CountsASubtotalOnce() => Outcomes(
        """
                                     2025        2024
        Cash                          500         400
        Receivables                 1,500       1,300
        Total current assets        2,000       1,700
        Property                    3,000       2,900
        Total assets                5,000       4,600
        """).ShouldBe([true, true, true, true]);

    [Fact]
    public void Check_PartWithoutValue_ProvesNothing() => Check(
        """
                                     2025        2024
        Austria                       500         400
        Belgium                     1,500       1,300
        Cyprus                                    200
        EU total                    2,300       1,900
        """).ShouldAllBe(check => check.Holds);

    [Fact]
    public void Check_SingleColumnWithoutAnExplanation_ProvesNothing() => Check(
        """
                                     2025
        Cash                        5,312
        Receivables                 1,847
        Inventories                 2,961
        Total                       9,555
        """).ShouldBeEmpty();

    [Fact]
    public void Find_AnyTransposition_IsExplained() => Prop.ForAll(
        Gen.Choose(1_000, 999_999).Two().SelectMany(pair => Gen.Choose(0, 2).Select(at => (pair.Item1, pair.Item2, at))).ToArbitrary(),
        sample =>
        {
            var (a, b, at) = sample;
            var digits = (a + b).ToString().ToCharArray();
            (digits[at], digits[at + 1]) = (digits[at + 1], digits[at]);
            var printed = decimal.Parse(new string(digits));
            var change = SmallestChange.Find(new Addend("total", printed, 0), [new Addend("a", a, 0), new Addend("b", b, 0)], []);
            return digits[0] == '0' || (printed == a + b ? change is null : change is { Kind: ChangeKind.Transposition });
        }).QuickCheckThrowOnFailure();

    private static List<FootingCheck> Check(string listing) => Footing.Check(PrintedLine.Tables(listing).ShouldHaveSingleItem());

    private static List<bool> Outcomes(string listing) => Check(listing).ConvertAll(check => check.Holds);
}
