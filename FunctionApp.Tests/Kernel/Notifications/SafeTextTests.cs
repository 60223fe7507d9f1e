using Advisor.Kernel.Notifications;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("Revenue rose 12.5 % to $4.2 billion.", "Revenue rose 12.5 % to $4.2 billion.")]
    [InlineData("a\r\nBcc: b@c.example", "a Bcc: b@c.example")]
    [InlineData("a\u2028b\u2029c\u0085d\u0000e", "a b c d e")]
    [InlineData("  a \t b  ", "a b")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe")]
    [InlineData("\u2066a\u2069\u200F\uFEFF\u200Bb\u00AD", "ab")]
    [InlineData("naïve — 東京 🏦", "naïve — 東京 🏦")]
    [InlineData("\r\n", "")]
    public void Clean_TextOfOthers_IsOneVisibleLine(string text, string clean) => SafeText.Clean(text).ShouldBe(clean);

    // An attribute cannot hold half a character.
    [Fact]
    public void Clean_HalfACharacter_IsReplaced() => SafeText.Clean("a\uD800b").ShouldBe("a\uFFFDb");

    [Theory]
    [InlineData("a", 1_000, 1_000)]
    [InlineData("a", 1_001, 1_000)]
    [InlineData("🏦", 501, 999)]
    public void Clean_LongText_IsCutAtAWholeCharacter(string part, int times, int length)
    {
        var clean = SafeText.Clean(string.Concat(Enumerable.Repeat(part, times)));
        clean.Length.ShouldBe(length);
        clean.EndsWith('…').ShouldBe(part.Length * times > SafeText.MaxLength);
        clean.ShouldNotContain("\uFFFD");
    }

    [Theory]
    [InlineData("see https://evil.example/pay", "see https:\u2060//evil.\u2060example/pay")]
    [InlineData("www.evil.example", "www.\u2060evil.\u2060example")]
    [InlineData("mail cfo@evil.example now", "mail cfo@\u2060evil.\u2060example now")]
    [InlineData("http://10.0.0.1/", "http:\u2060//10.0.0.1/")]
    [InlineData("cfo@[10.0.0.1]", "cfo@\u2060[10.0.0.1]")]
    [InlineData("Revenue rose 12.5 % to $4.2 billion. Costs fell.", "Revenue rose 12.5 % to $4.2 billion. Costs fell.")]
    public void Unlinked_Addresses_AreBrokenForPrograms(string text, string unlinked) => SafeText.Unlinked(text).ShouldBe(unlinked);
}
