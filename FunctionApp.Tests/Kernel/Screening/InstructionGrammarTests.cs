using Advisor.Kernel.Screening;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Screening;

public sealed class InstructionGrammarTests
{
    [Fact]
    public void Default_EveryFamilyButConcealment_HasAStrongRule() => InstructionGrammar.Default.Rules.Where(rule => rule.Kind is null).Select(rule => rule.Family).Distinct()
        .ShouldBe(Enum.GetValues<InstructionFamily>().Except([InstructionFamily.Concealment]), ignoreOrder: true);

    [Fact]
    public void Parse_RuleNamesNoClass_SaysWhich() =>
        Should.Throw<FormatException>(() => InstructionGrammar.Parse("version: 1.0.0\nclasses:\n  lead: please\nrules:\n  override:\n    strong:\n      - 'ignore lead'\n"))
            .Message.ShouldBe("The rule 'ignore lead' names 'ignore', which is no class; a single word is written '=ignore'.");

    [Fact]
    public void Rules_NoneIsLongerThanTheMatcherHolds() => InstructionGrammar.Default.Rules.ShouldAllBe(rule => rule.Elements.Count <= 12);
}
