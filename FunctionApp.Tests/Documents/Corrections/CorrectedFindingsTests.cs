using Advisor.Documents.Contracts;
using Advisor.Documents.Corrections;
using Advisor.Documents.Proofs;
using Advisor.Documents.Statements;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Corrections;

/// <summary>What follows from a corrected fact, and what stays.</summary>
public sealed class CorrectedFindingsTests
{
    private static readonly DateTimeOffset s_at = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Period s_year = new(new DateOnly(2025, 12, 31), 12, 2025);

    [Fact]
    public void Apply_FootingThatFails_HoldsOnceTheMisreadPartIsCorrected()
    {
        var (total, one, two) = (Of("ftotal", 300, "300"), Of("fone", 100, "100"), Of("ftwo", 209, "209"));
        var corrected = CorrectedFindings.Apply(Findings([total, one, two], [Footing(total, one, two)]), [Correction("ftwo", 1, 209, 200)]);
        var proof = corrected.Proofs.ShouldHaveSingleItem();
        (proof.Outcome, proof.Expected, proof.Found, proof.Difference, proof.Explanation).ShouldBe((ProofOutcome.Holds, 300m, 300m, 0m, null));
        corrected.Corrections.ShouldBe([FactCorrection.IdOf("d", "ftwo", 1)]);
    }

    [Fact]
    public void Apply_FootingThatHolds_FailsAndNamesTheSmallestChange()
    {
        var (total, one, two) = (Of("ftotal", 300, "300"), Of("fone", 100, "100"), Of("ftwo", 200, "200"));
        var proof = CorrectedFindings.Apply(Findings([total, one, two], [Footing(total, one, two)]), [Correction("fone", 1, 100, 180)]).Proofs.ShouldHaveSingleItem();
        (proof.Outcome, proof.Difference).ShouldBe((ProofOutcome.Fails, -80m));
        proof.Explanation.ShouldNotBeNull().ShouldContain("would explain it");
    }

    [Theory]
    [InlineData("footing")]
    [InlineData("balance")]
    [InlineData("mixed_units")]
    public void Apply_ProofThatCannotBeMadeAgain_IsUnprovenWithTheReason(string kind)
    {
        // What it says of the facts as they were read does not follow from them by any rule that is known.
        var (total, one, two) = (Of("ftotal", 300, "300"), Of("fone", 100, "100"), Of("ftwo", 200, "200"));
        var proof = CorrectedFindings.Apply(Findings([total, one, two], [Footing(total, one, two) with { Kind = kind, Expected = 17 }]), [Correction("fone", 1, 100, 180)]).Proofs.ShouldHaveSingleItem();
        (proof.Outcome, proof.Expected, proof.Found, proof.Difference).ShouldBe((ProofOutcome.Unproven, null, null, null));
        proof.Explanation.ShouldNotBeNull().ShouldContain("corrected by a person");
    }

    [Fact]
    public void Apply_StaleCell_HoldsAtTheValueOfItsFormula()
    {
        var cell = Of("fcell", 90, "90");
        var stale = Footing(cell) with { Kind = "stale_value", Outcome = ProofOutcome.Fails, Expected = 95, Found = 90, Difference = -5 };
        CorrectedFindings.Apply(Findings([cell], [stale]), [Correction("fcell", 1, 90, 95)]).Proofs.ShouldHaveSingleItem().Outcome.ShouldBe(ProofOutcome.Holds);
        CorrectedFindings.Apply(Findings([cell], [stale]), [Correction("fcell", 1, 90, 94)]).Proofs.ShouldHaveSingleItem().Outcome.ShouldBe(ProofOutcome.Fails);
    }

    [Fact]
    public void Apply_MetricThatContradictedItself_HasItsNameBackOnceBothAgree()
    {
        List<Fact> printed =
        [
            Of("fa", 1000, "1,000") with { Metric = "revenue", Period = s_year, Rule = "statement/income/revenue" },
            Of("fb", 1300, "1,300") with { Metric = "revenue", Period = s_year, Rule = "statement/income/revenue" },
        ];
        List<Proof> proofs = [.. Identities.Prove(printed)];
        var read = Findings(Contradictions.Resolve(printed, proofs), proofs);
        read.Facts[1].Metric.ShouldBeNull();

        var corrected = CorrectedFindings.Apply(read, [Correction("fb", 1, 1300, 1000)]);
        corrected.Facts.ShouldAllBe(fact => fact.Metric == "revenue");
        corrected.Proofs.ShouldHaveSingleItem().Outcome.ShouldBe(ProofOutcome.Holds);
        CorrectedFindings.Apply(read, [Correction("fb", 1, 1300, 1200)]).Facts[1].Metric.ShouldBeNull();
    }

    [Fact]
    public void Apply_OnePerson_IsSeenButNotAgreed()
    {
        var fact = Of("fa", 10, "10") with { ReadBy = ReadingMethod.NativeCell, Confidence = 1 };
        var read = Findings([fact], []) with { Grounding = new Dictionary<string, bool> { ["fa"] = false }, Agreement = new Dictionary<string, bool> { ["fa"] = true } };
        var corrected = CorrectedFindings.Apply(read, [Correction("fa", 1, 10, 12)]);
        (corrected.Grounding["fa"], corrected.Agreement.ContainsKey("fa")).ShouldBe((true, false));
        (corrected.Facts[0].ReadBy, corrected.Facts[0].Confidence, corrected.Facts[0].Printed).ShouldBe((ReadingMethod.Person, null, "10"));
    }

    [Theory]
    [InlineData(12, true)]
    [InlineData(13, false)]
    public void Apply_TwoPersonsOneAfterTheOther_AgreeWhereTheyGiveOneValue(decimal second, bool agreed)
    {
        var corrected = CorrectedFindings.Apply(Findings([Of("fa", 10, "10")], []), [Correction("fa", 1, 10, 12), Correction("fa", 2, 12, second) with { By = ["another"] }]);
        corrected.Agreement.ContainsKey("fa").ShouldBe(agreed);
        (corrected.Facts[0].Value, corrected.Facts[0].Corrected!.Version, corrected.Facts[0].Corrected!.From).ShouldBe((second, 2, 12m));
    }

    [Fact]
    public void Apply_Ledger_HasTheCorrectedAmountInItsPlace()
    {
        List<Fact> amounts = [Of("fa", 10, "10") with { Rule = "ledger/amount" }, Of("fb", 20, "20") with { Rule = "ledger/amount" }];
        CorrectedFindings.Apply(Findings(amounts, []) with { Ledger = ["10", "20"] }, [Correction("fb", 1, 20, 21.5m)]).Ledger.ShouldBe(["10", "21.5"]);
    }

    [Fact]
    public void Apply_FactThatIsNotThere_ChangesNothing()
    {
        var read = Findings([Of("fa", 10, "10")], []);
        CorrectedFindings.Apply(read, [Correction("fgone", 1, 1, 2)]).ShouldBeSameAs(read);
    }

    private static DocumentFindings Findings(IReadOnlyList<Fact> facts, IReadOnlyList<Proof> proofs) =>
        new("d", "d.pdf", null, null, true, facts, proofs, new Dictionary<string, bool>(), new Dictionary<string, bool>(), [], "1");

    private static Fact Of(string id, decimal value, string printed) => new()
    {
        Id = id, Label = id, Value = value, Unit = Unit.Currency, Printed = printed, Source = new SourceRef("d", "d.pdf", 1), ReadBy = ReadingMethod.TextLayer, Rule = "table/cell",
    };

    private static Proof Footing(Fact total, params Fact[] parts)
    {
        var expected = parts.Sum(part => part.Value);
        return new Proof
        {
            Id = "p1", Kind = "footing", Statement = "It is the sum of the rows above it", Outcome = total.Value == expected ? ProofOutcome.Holds : ProofOutcome.Fails,
            Expected = expected, Found = total.Value, Difference = total.Value - expected, Tolerance = 0, FactIds = [total.Id, .. parts.Select(part => part.Id)], Cells = [], Explanation = "before",
        };
    }

    private static FactCorrection Correction(string fact, int version, decimal before, decimal after) =>
        new(FactCorrection.IdOf("d", fact, version), "d", fact, version, before, after, "", null, ["person"], s_at.AddMinutes(version), $"r{version}", null);
}
