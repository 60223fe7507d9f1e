using Advisor.Documents.Statements;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Statements;

public sealed class StatementTitleTests
{
    [Theory]
    [InlineData("CONSOLIDATED BALANCE SHEETS", StatementKind.BalanceSheet)]
    [InlineData("Condensed Consolidated Balance Sheets (Unaudited)", StatementKind.BalanceSheet)]
    [InlineData("Consolidated Statement of Financial Position", StatementKind.BalanceSheet)]
    [InlineData("Statements of Consolidated Financial Condition", StatementKind.BalanceSheet)]
    [InlineData("CONSOLIDATED STATEMENTS OF INCOME", StatementKind.Income)]
    [InlineData("Consolidated Statements of Operations and Comprehensive Income (Loss)", StatementKind.Income)]
    [InlineData("Condensed Consolidated Statement of Earnings", StatementKind.Income)]
    [InlineData("Income statement", StatementKind.Income)]
    [InlineData("INCOME STATEMENTS", StatementKind.Income)]
    [InlineData("Consolidated Statements of Cash Flows (continued)", StatementKind.CashFlow)]
    [InlineData("CASH FLOWS STATEMENTS", StatementKind.CashFlow)]
    [InlineData("Consolidated Statements of Income (in millions, except per share data)", StatementKind.Income)]
    public void Of_Title_IsRecognised(string line, StatementKind expected) => StatementTitle.Of(line).ShouldBe(expected);

    [Theory]
    [InlineData("Consolidated Balance Sheets 53")]
    [InlineData("Consolidated Statements of Cash Flows ............ 37")]
    [InlineData("Consolidated Balance Sheets and Notes to Consolidated Financial Statements.")]
    [InlineData("Unaudited Pro Forma Condensed Combined Statement of Income")]
    [InlineData("Consolidated Statements of Comprehensive Income")]
    [InlineData("CONSOLIDATED STATEMENTS OF STOCKHOLDERS’ EQUITY")]
    [InlineData("Consolidated Statements of Cash Flows Reconciliation")]
    [InlineData("Statements of Income. These contracts reduce the impact of currency exchange rate movements")]
    [InlineData("Consolidated Statements of Operations Data:")]
    [InlineData("Item 9.01 Financial Statements and Exhibits")]
    [InlineData("Consolidated Balance Sheets as of December 2, 2022 and December 3, 2021 were as follows:")]
    public void Of_MentionOrLookAlike_IsNone(string line) => StatementTitle.Of(line).ShouldBeNull();
}
