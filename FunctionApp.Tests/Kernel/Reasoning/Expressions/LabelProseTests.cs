using Advisor.Kernel.Reasoning.Expressions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reasoning.Expressions;

public sealed class LabelProseTests
{
    [Theory]
    [InlineData("Trade receivables, net of allowances for doubtful accounts of $23 and of $16, respectively", "Trade receivables")]
    [InlineData("Accounts receivable, net of allowance for credit losses of $4,312 and $2,986", "Accounts receivable")]
    [InlineData("Treasury stock, at cost (139 and 126 shares, respectively)", "Treasury stock, at cost")]
    [InlineData("Receivables net of $ 23", "Receivables net of")]
    [InlineData("Total net revenue", "Total net revenue")]
    [InlineData("3M Health Care", "3M Health Care")]
    [InlineData("401(k) plan", "401(k) plan")]
    [InlineData("Notes due 2024", "Notes due 2024")]
    [InlineData("12.5", "This row")]
    [InlineData("", "")]
    public void Of_Label_HoldsNoAmount(string label, string prose) => LabelProse.Of(label).ShouldBe(prose);
}
