using Advisor.Kernel.LanguageModels.OpenAi;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels.OpenAi;

public sealed class RetryAfterHeaderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Retry-After", "7", 7_000)]
    [InlineData("Retry-After", " 0.25 ", 250)]
    [InlineData("Retry-After", "Mon, 05 Jan 2026 09:00:30 GMT", 30_000)]
    [InlineData("Retry-After", "Mon, 05 Jan 2026 08:00:00 GMT", 0)]
    [InlineData("retry-after-ms", "1500", 1_500)]
    [InlineData("Retry-After", "99999999999999999999", 86_400_000)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "-5", null)]
    [InlineData("Retry-After", "", null)]
    public void Read_Header_IsThePause(string name, string value, int? milliseconds) =>
        RetryAfterHeader.Read(asked => asked == name ? value : null, s_now).ShouldBe(milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null);

    [Fact]
    public void Read_BothHeaders_TheFinerCounts() => RetryAfterHeader.Read(asked => asked == "retry-after-ms" ? "10" : "60", s_now).ShouldBe(TimeSpan.FromMilliseconds(10));
}
