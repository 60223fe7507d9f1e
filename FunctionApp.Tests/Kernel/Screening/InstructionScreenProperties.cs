using System.Text;
using Advisor.Kernel.Screening;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Screening;

/// <summary>What holds of the screen whatever the text.</summary>
public sealed class InstructionScreenProperties
{
    private const string Latin = "aceiopsxyj";
    private const string Cyrillic = "асеіорѕхуј";

    /// <summary>Filler of a report, one line: nothing in it begins an order.</summary>
    private const string Filler = "Net sales rose by 4.1 percent to 120.5 million in the period, while costs of goods sold fell to 80.2 million.\n";

    private static readonly Gen<string> s_orders = Gen.Elements<string>([.. Orders.All.Select(row => row.Data).Where(text => !text.Contains("://", StringComparison.Ordinal))]);

    [Fact]
    public void Look_AnyText_EndsAndPointsInsideInOrder() => Prop.ForAll(
        Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), s_orders, Gen.Choose(0, 0xFFFF).Select(code => ((char)code).ToString()), Gen.Elements("=", "<|", "![", "\\u00", "&#", "@", "!", "+", "\t", "\n"))
            .ArrayOf().Select(parts => string.Concat(parts)).ToArbitrary(),
        text =>
        {
            var last = 0;
            foreach (var finding in InstructionScreen.Look(text))
            {
                finding.Start.ShouldBeGreaterThanOrEqualTo(last);
                finding.Length.ShouldBeGreaterThan(0);
                last = finding.Start + finding.Length;
                last.ShouldBeLessThanOrEqualTo(text.Length);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Look_OrderInAnyCase_IsFound() => IsFound(static (text, random) => string.Concat(text.Select(letter => random.Next(2) == 0 ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter))));

    [Fact]
    public void Look_OrderWithInvisibleCharacters_IsFound() => IsFound(static (text, random) => string.Concat(text.Select(letter => random.Next(3) == 0 ? letter + "\u200B" : letter.ToString())));

    [Fact]
    public void Look_OrderInLookAlikeLetters_IsFound() => IsFound(static (text, random) => string.Concat(text.Select(letter =>
        Latin.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var at && random.Next(2) == 0 ? Cyrillic[at] : letter)));

    [Fact]
    public void Look_OrderAnywhereInALongText_IsFoundThereAndNothingElse() => Prop.ForAll(
        (from order in s_orders from before in Gen.Choose(0, 1_200) from after in Gen.Choose(0, 600) select (order, before, after)).ToArbitrary(),
        item =>
        {
            var text = new StringBuilder().Insert(0, Filler, item.before).Append(item.order).Append('\n').Insert(item.before * Filler.Length + item.order.Length + 1, Filler, item.after).ToString();
            var findings = InstructionScreen.Look(text);
            findings.ShouldNotBeEmpty(item.order);
            findings.ShouldAllBe(finding => finding.Start >= item.before * Filler.Length && finding.Start < (item.before * Filler.Length) + item.order.Length);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Look_LongHarmlessText_FindsNothingHoweverItIsCut() => Prop.ForAll(
        Gen.Elements<string>([.. LookAlikes.All.Select(row => row.Data)]).ArrayOf(400).ToArbitrary(),
        lines => InstructionScreen.Look(string.Join(".\n\n" + Filler + Filler + Filler + Filler, lines)).ShouldBeEmpty()).Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    private static void IsFound(Func<string, Random, string> disguise) => Prop.ForAll(
        s_orders.Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(),
        item =>
        {
            var text = disguise(item.Item1, new Random(item.Item2));
            InstructionScreen.Look(text).ShouldNotBeEmpty(text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
