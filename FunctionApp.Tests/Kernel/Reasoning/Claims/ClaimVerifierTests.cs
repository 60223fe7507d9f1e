using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Expressions;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning.Claims;

public sealed class ClaimVerifierTests
{
    private static readonly EvaluationContext Context = new(
        Facts.ById(
            Facts.Of("frev22", 17_600_000_000, period: new Period(new DateOnly(2022, 12, 31), 12, 2022)),
            Facts.Of("frev21", 20_000_000_000, period: new Period(new DateOnly(2021, 12, 31), 12, 2021)),
            Facts.Of("fzero", 0),
            Facts.Of("fshares", 500_000_000, Unit.Shares, label: "3M shares")),
        "3M Company",
        "Form 10-K");

    [Fact]
    public void Verify_GoodClaim_RendersProseAndOrigin()
    {
        var claim = Propose("Revenue of {2} fell {0} against {1}, to {3} ({0}).", "abs(pct(f1, f2))", "period(f2)", "company()", "f1") with
        {
            Facts = new Dictionary<string, string> { ["f1"] = "frev22", ["f2"] = "frev21" },
        };

        var verified = Verify(claim).ShouldBeOfType<VerifiedClaim>();

        verified.Text.ShouldBe("Revenue of 3M Company fell 12.0 % against FY2021, to $17.6 billion (12.0 %).");
        verified.FactIds.ShouldBe(["frev22", "frev21"]);
        verified.Placeholders.Select(placeholder => placeholder.Index).ShouldBe([2, 0, 1, 3, 0]);
        verified.Placeholders.ShouldAllBe(placeholder => verified.Text.Substring(placeholder.Start, placeholder.Length) == placeholder.Text);
        verified.Placeholders[1].Value.ShouldBe(new ExpressionValue.Amount(12, Unit.Percent));
        verified.Placeholders[1].FactIds.ShouldBe(["frev22", "frev21"]);
        verified.ConstantsVersion.ShouldBe(NamedConstants.Version);
    }

    [Theory]
    [InlineData("One of the segments held in the first half; {0}.")]
    [InlineData("The second quarter was the third largest: {0}.")]
    [InlineData("No one-off effects; one-time items are excluded ({0}).")]
    [InlineData("Several quarters, most of them weak, led to {0}.")]
    [InlineData("Double-entry holds; often weighted: {0}")]
    [InlineData("Naïve café façade – “{0}”; it was net of tax…")]
    [InlineData("Coverage is {0}x, half-year basis.")]
    [InlineData("Someone listened to money that night: {0}")]
    [InlineData("Interest on {0}'s notes")]
    [InlineData("A non-cash charge: {0}/{0}")]
    public void Verify_ProseWithoutNumbers_IsAccepted(string template) =>
        Verify(Propose(template, "frev22")).ShouldBeOfType<VerifiedClaim>();

    [Theory]
    [InlineData("Revenue fell 12 against {0}", "digit_in_template")]
    [InlineData("Form 10-K says {0}", "digit_in_template")]
    [InlineData("In FY2022 {0}", "digit_in_template")]
    [InlineData("Fell ５ to {0}", "digit_in_template")]
    [InlineData("Fell ٣ to {0}", "digit_in_template")]
    [InlineData("Fell 𝟓 to {0}", "digit_in_template")]
    [InlineData("Fell x² to {0}", "digit_in_template")]
    [InlineData("Fell ½ to {0}", "digit_in_template")]
    [InlineData("Fell ⑤ to {0}", "digit_in_template")]
    [InlineData("Tier Ⅷ {0}", "digit_in_template")]
    [InlineData("Fell 五 to {0}", "foreign_character")]
    [InlineData("Fell twenty to {0}", "number_word")]
    [InlineData("Fell twenty-one to {0}", "number_word")]
    [InlineData("Fell by FIVE to {0}", "number_word")]
    [InlineData("Nearly a million more than {0}", "number_word")]
    [InlineData("{0} million", "number_word")]
    [InlineData("{0}bn", "number_word")]
    [InlineData("Fifty percent above {0}", "number_word")]
    [InlineData("Fell one percent to {0}", "number_word")]
    [InlineData("Revenue doubled to {0}", "number_word")]
    [InlineData("Twice {0}", "number_word")]
    [InlineData("Halved to {0}", "number_word")]
    [InlineData("Fell by half to {0}", "number_word")]
    [InlineData("A third of {0}", "number_word")]
    [InlineData("Two thirds of {0}", "number_word")]
    [InlineData("A tenfold rise to {0}", "number_word")]
    [InlineData("A dozen times {0}", "number_word")]
    [InlineData("Level III assets of {0}", "number_word")]
    [InlineData("Fell tеn to {0}", "foreign_character")]
    [InlineData("Fell t\u200Bwenty to {0}", "foreign_character")]
    [InlineData("Fell t\u00ADwenty to {0}", "foreign_character")]
    [InlineData("Fell t\u0332en to {0}", "foreign_character")]
    [InlineData("Fell ｔｅｎ to {0}", "foreign_character")]
    [InlineData("Fell \uD83D to {0}", "foreign_character")]
    [InlineData("Fell 📉 to {0}", "foreign_character")]
    [InlineData("Fell some % to {0}", "unit_in_template")]
    [InlineData("${0}", "unit_in_template")]
    [InlineData("-{0}", "glued_placeholder")]
    [InlineData("Fell to −{0}", "glued_placeholder")]
    [InlineData("Fell to − {0}", "glued_placeholder")]
    [InlineData("In Q{0}", "glued_placeholder")]
    [InlineData("{0}k", "glued_placeholder")]
    [InlineData("{0} m", "glued_placeholder")]
    [InlineData("{0} percent", "glued_placeholder")]
    [InlineData("{0} per cent", "glued_placeholder")]
    [InlineData("{0}{0}", "glued_placeholder")]
    [InlineData("{0}.{0}", "glued_placeholder")]
    [InlineData("{0},{0}", "glued_placeholder")]
    [InlineData("Fell {0} and {", "malformed_placeholder")]
    [InlineData("Fell {0} and }", "malformed_placeholder")]
    [InlineData("Fell {0} and {x}", "malformed_placeholder")]
    [InlineData("Fell {0} and {}", "malformed_placeholder")]
    [InlineData("Fell {{0}}", "malformed_placeholder")]
    [InlineData("Fell {00}", "malformed_placeholder")]
    [InlineData("Fell { 0}", "malformed_placeholder")]
    [InlineData("Fell {0} and {1}", "missing_expression")]
    [InlineData("Fell", "unused_expression")]
    [InlineData("", "empty_template")]
    [InlineData("  ", "empty_template")]
    public void Verify_BadTemplate_IsRejectedWithTheReason(string template, string code)
    {
        var rejected = Verify(Propose(template, "frev22")).ShouldBeOfType<RejectedClaim>();

        rejected.Reasons.Select(reason => reason.Code).ShouldContain(code);
        rejected.Reasons.ShouldAllBe(reason => reason.Message.Length > 0);
    }

    [Theory]
    [InlineData("fnone", "unknown_fact")]
    [InlineData("frev22 + fshares", "unit_mismatch")]
    [InlineData("frev22 / fzero", "division_by_zero")]
    [InlineData("frev22 * 3", "literal_not_allowed")]
    [InlineData("100", "cites_nothing")]
    [InlineData("", "syntax")]
    [InlineData("frev22 / frev22 * 12 * 4", "independent_of_facts")]
    [InlineData("ratio(frev22, frev22)", "independent_of_facts")]
    [InlineData("frev22 - frev22", "independent_of_facts")]
    [InlineData("frev22 * 0", "independent_of_facts")]
    [InlineData("round(frev22 / frev22 * 365, 0) - 12", "independent_of_facts")]
    [InlineData("altman.safe * 100", "independent_of_facts")]
    [InlineData("ratio(frev22, frev21) + frev22 / frev22 * 12 * 4", "independent_of_facts")]
    [InlineData("ratio(frev22, frev21) + altman.safe / altman.safe", "independent_of_facts")]
    [InlineData("years(frev21, frev22) * 365", "independent_of_facts")]
    public void Verify_BadExpression_IsRejectedWithTheReason(string expression, string code)
    {
        var rejected = Verify(Propose("Fell to {0}", expression)).ShouldBeOfType<RejectedClaim>();

        rejected.Reasons.ShouldHaveSingleItem().Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("frev22")]
    [InlineData("-frev22")]
    [InlineData("fzero")]
    [InlineData("pct(frev22, frev21)")]
    [InlineData("round(ratio(frev22, frev21), 0)")]
    [InlineData("max(frev22, frev21)")]
    [InlineData("min(frev22, frev21)")]
    [InlineData("max(frev22 - frev21, fzero)")]
    [InlineData("frev22 / fshares")]
    [InlineData("altman.safe")]
    [InlineData("-beneish.threshold")]
    [InlineData("altman.sales * ratio(frev22, frev21)")]
    [InlineData("years(frev21, frev22)")]
    [InlineData("cagr(frev21, frev22, years(frev21, frev22))")]
    public void Verify_NumberOfTheFacts_IsAccepted(string expression) =>
        Verify(Propose("It comes to {0}", expression)).ShouldBeOfType<VerifiedClaim>();

    [Theory]
    [InlineData("f1", "fnone")]
    [InlineData("x", "frev22")]
    [InlineData("f1", null)]
    public void Verify_BadAlias_IsRejected(string alias, string? id)
    {
        var claim = Propose("Fell to {0}", "frev22") with { Facts = new Dictionary<string, string> { [alias] = id! } };

        Verify(claim).ShouldBeOfType<RejectedClaim>().Reasons.ShouldHaveSingleItem().Code.ShouldBe("bad_alias");
    }

    [Fact]
    public void Verify_SeveralFaults_AreAllNamed() =>
        Verify(Propose("Fell 12 to twenty {0} {5}", "fnone", "frev22")).ShouldBeOfType<RejectedClaim>()
            .Reasons.Select(reason => reason.Code).ShouldBe(["digit_in_template", "digit_in_template", "number_word", "missing_expression", "unused_expression", "unknown_fact"]);

    [Fact]
    public void Verify_TooMuch_IsRejected()
    {
        Verify(Propose(new string('a', 1001))).ShouldBeOfType<RejectedClaim>().Reasons.ShouldHaveSingleItem().Code.ShouldBe("too_long");
        Verify(Propose("a", [.. Enumerable.Repeat("frev22", 33)])).ShouldBeOfType<RejectedClaim>().Reasons.ShouldHaveSingleItem().Code.ShouldBe("too_long");
    }

    [Fact]
    public void Verify_ClaimFromJson_ReadsTheDocumentedForm()
    {
        const string json = """{"template": "Revenue fell {0} against {1}", "expressions": ["abs(pct(f1, f2))", "period(f2)"], "facts": {"f1": "frev22", "f2": "frev21"}, "type": "trend"}""";

        var claim = JsonSerializer.Deserialize<Claim>(json, AdvisorJson.Options)!;

        Verify(claim).ShouldBeOfType<VerifiedClaim>().Text.ShouldBe("Revenue fell 12.0 % against FY2021");
    }

    [Fact]
    public void Verify_ClaimWithNulls_DoesNotThrow()
    {
        const string json = """{"template": "Revenue fell", "expressions": null, "facts": null, "type": "trend"}""";

        Verify(JsonSerializer.Deserialize<Claim>(json, AdvisorJson.Options)!).ShouldBeOfType<VerifiedClaim>();
    }

    [Fact]
    public void ReEvaluate_AfterStoring_IsTheSame()
    {
        var verified = Verify(Propose("Fell {0} to {1} of {2}", "pct(frev22, frev21)", "frev22", "label(fshares)")).ShouldBeOfType<VerifiedClaim>();

        var stored = JsonSerializer.Deserialize<VerifiedClaim>(JsonSerializer.Serialize(verified, AdvisorJson.Options), AdvisorJson.Options)!;

        ClaimVerifier.ReEvaluate(stored, Context).ShouldBeOfType<Reevaluation.Same>();
    }

    [Fact]
    public void ReEvaluate_FactChanged_Differs()
    {
        var verified = Verify(Propose("Revenue was {0}", "frev22")).ShouldBeOfType<VerifiedClaim>();
        var corrected = new EvaluationContext(Facts.ById(Facts.Of("frev22", 18_000_000_000)));

        ClaimVerifier.ReEvaluate(verified, corrected).ShouldBeOfType<Reevaluation.Differs>().Now.Text.ShouldBe("Revenue was $18.0 billion");
    }

    [Fact]
    public void ReEvaluate_FactChangedBelowRounding_Differs()
    {
        var verified = Verify(Propose("Revenue was {0}", "frev22")).ShouldBeOfType<VerifiedClaim>();
        var corrected = new EvaluationContext(Facts.ById(Facts.Of("frev22", 17_600_000_001)));

        ClaimVerifier.ReEvaluate(verified, corrected).ShouldBeOfType<Reevaluation.Differs>();
    }

    [Fact]
    public void ReEvaluate_ProseTamperedWith_Differs()
    {
        var verified = Verify(Propose("Revenue was {0}", "frev22")).ShouldBeOfType<VerifiedClaim>();

        ClaimVerifier.ReEvaluate(verified with { Text = "Revenue was $27.6 billion" }, Context).ShouldBeOfType<Reevaluation.Differs>();
    }

    [Fact]
    public void ReEvaluate_FactGone_Fails()
    {
        var verified = Verify(Propose("Revenue was {0}", "frev22")).ShouldBeOfType<VerifiedClaim>();

        ClaimVerifier.ReEvaluate(verified, new EvaluationContext(Facts.ById())).ShouldBeOfType<Reevaluation.Fails>();
    }

    [Fact]
    public void Verify_AnyAcceptedTemplate_HasDigitsOnlyInPlaceholders()
    {
        var pieces = Gen.Elements("Revenue ", "fell ", "{0}", " to ", "{1}", "twenty ", "5", "½", "one of ", " ", ".", "-", "{", "}", "é", "ten", "of ten ", "million", "IV ");
        var near = Gen.ListOf(pieces).Select(string.Concat);
        var any = ArbMap.Default.GeneratorFor<string?>().Select(text => text ?? "");
        Prop.ForAll(Gen.OneOf(near, any).ToArbitrary(), template =>
        {
            var claim = Propose(template, "frev22", "period(frev21)");
            return Verify(claim) switch
            {
                VerifiedClaim verified => OutsideOf(verified).All(c => !char.IsNumber(c)) && ClaimVerifier.ReEvaluate(verified, Context) is Reevaluation.Same,
                RejectedClaim rejected => rejected.Reasons.Count > 0,
                _ => false,
            };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    [Fact]
    public void Verify_WorstExpressions_TakeNoLongerThanASecondEach()
    {
        var claim = Propose("It comes to {0}", string.Join('/', Enumerable.Repeat("fshares", 256)));
        var start = TimeProvider.System.GetTimestamp();

        Verify(claim);

        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Schema_IsJson() => JsonDocument.Parse(ClaimSchema.Json).RootElement.GetProperty("properties").TryGetProperty("claims", out _).ShouldBeTrue();

    private static string OutsideOf(VerifiedClaim verified) =>
        verified.Placeholders.Reverse().Aggregate(verified.Text, (text, placeholder) => text.Remove(placeholder.Start, placeholder.Length));

    private static Claim Propose(string template, params string[] expressions) => new() { Template = template, Expressions = expressions, Type = "trend" };

    private static ClaimVerdict Verify(Claim claim) => ClaimVerifier.Verify(claim, Context);
}
