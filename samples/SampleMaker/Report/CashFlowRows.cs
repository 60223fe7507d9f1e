using Advisor.Samples.Books;
using Advisor.Samples.Typesetting;

namespace Advisor.Samples.Report;

internal static class CashFlowRows
{
    public static Row[] All() =>
    [
        Rows.Head("Cash flows from operating activities:"),
        Rows.First("Net income (loss)", Income.Net),
        Rows.Head("Adjustments to reconcile net income (loss) to net cash provided by operating activities:") with { Indent = 1 },
        Rows.Item("Depreciation and amortization", CashFlow.DepreciationAndAmortization, 2),
        Rows.Item("Impairment of goodwill", Income.Impairment, 2),
        Rows.Item("Stock-based compensation", Equity.Compensation, 2),
        Rows.Item("Deferred income taxes", CashFlow.DeferredTaxes, 2),
        Rows.Item("Amortization of operating lease right-of-use assets", CashFlow.LeaseExpense, 2),
        Rows.Item("Write-downs of inventories", CashFlow.WriteDowns, 2),
        Rows.Item("Provision for credit losses", CashFlow.CreditLosses, 2),
        Rows.Item("Amortization of debt issuance costs", CashFlow.DebtCosts, 2),
        Rows.Item("Loss on disposal of property, plant and equipment", CashFlow.DisposalLoss, 2),
        Rows.Head("Changes in operating assets and liabilities, net of the effects of acquisitions and exchange rates:") with { Indent = 1 },
        Rows.Item("Accounts receivable", CashFlow.Receivables, 2),
        Rows.Item("Inventories", CashFlow.Inventories, 2),
        Rows.Item("Prepaid expenses and other assets", CashFlow.Prepaid, 2),
        Rows.Item("Accounts payable", CashFlow.Payables, 2),
        Rows.Item("Accrued compensation and benefits", CashFlow.AccruedCompensation, 2),
        Rows.Item("Accrued and other current liabilities", CashFlow.AccruedOther, 2),
        Rows.Item("Contract liabilities", CashFlow.ContractLiabilities, 2),
        Rows.Item("Operating lease liabilities", CashFlow.LeasePayments, 2),
        Rows.Item("Other long-term liabilities", CashFlow.OtherLiabilities, 2),
        Rows.Sum("Net cash provided by operating activities", CashFlow.Operating, 3),
        Rows.Head("Cash flows from investing activities:"),
        Rows.Item("Capital expenditures", CashFlow.CapitalExpenditures),
        Rows.Item("Acquisition of business, net of cash acquired", CashFlow.Acquisition),
        Rows.Item("Proceeds from sale of property, plant and equipment", CashFlow.Proceeds),
        Rows.Sum("Net cash used in investing activities", CashFlow.Investing, 3),
        Rows.Head("Cash flows from financing activities:"),
        Rows.Item("Borrowings under revolving credit facility", CashFlow.Borrowings),
        Rows.Item("Repayments under revolving credit facility", CashFlow.Repayments),
        Rows.Item("Repayments of term loan", CashFlow.TermLoan),
        Rows.Item("Dividends paid", -Equity.Dividends),
        Rows.Item("Repurchases of common stock", -Equity.Repurchases),
        Rows.Item("Proceeds from employee stock purchase plan", Equity.Issued),
        Rows.Item("Taxes paid for shares withheld", -Equity.Withheld),
        Rows.Sum("Net cash used in financing activities", CashFlow.Financing, 3),
        Rows.Item("Effect of exchange rate changes on cash", CashFlow.Exchange, 0),
        Rows.Sum("Net decrease in cash and cash equivalents", CashFlow.Change),
        Rows.Item("Cash and cash equivalents at beginning of year", CashFlow.Opening, 0),
        Rows.Grand("Cash and cash equivalents at end of year", CashFlow.Closing),
        Rows.Head("Supplemental disclosures:", 2),
        Rows.First("Cash paid for interest", CashFlow.InterestPaid),
        Rows.Item("Cash paid for income taxes, net of refunds", CashFlow.TaxesPaid),
        Rows.Item("Capital expenditures in accounts payable at year end", CashFlow.UnpaidCapital),
        Rows.Item("Right-of-use assets obtained for new lease liabilities", CashFlow.NewLeases),
    ];
}
