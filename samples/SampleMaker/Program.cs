using Advisor.Samples.Books;
using Advisor.Samples.Ledger;
using Advisor.Samples.Report;
using Advisor.Samples.Scan;
using Advisor.Samples.Workbook;

string folder = args.Length > 0 ? args[0] : "samples";
Ties.Prove();
AnnualReport.Write(Path.Combine(folder, "annual-report.pdf"));
LedgerExtract.Write(Path.Combine(folder, "ledger.csv"));
ScannedPage.Write(Path.Combine(folder, "scanned-page.pdf"));
QuarterlyWorkbook.Write(Path.Combine(folder, "quarterly-workbook.xlsx"));
