using System.Text.Json;
using Advisor.Documents.Reading.Pages;
using Advisor.Documents.Statements;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Statements;

/// <summary>The twelve headline metrics of nine real filings against a fixture that was written by hand from their pages.</summary>
public sealed class ReportFactsTests
{
    private static readonly string[] s_metrics =
    [
        "revenue", "cost_of_revenue", "gross_profit", "operating_income", "net_income", "diluted_eps", "total_assets", "total_liabilities",
        "total_equity", "cash_and_cash_equivalents", "operating_cash_flow", "capital_expenditure",
    ];

    [Fact]
    public async Task Read_NineReports_PrecisionAndRecallMeetTheBar()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        var folder = Evals.Folder("reports");
        var (right, wrong, missing) = (0, new List<string>(), new List<string>());
        foreach (var document in Fixture())
        {
            var found = await ReadAsync(Path.Combine(folder, document.File));
            var unmatched = found.ToList();
            foreach (var expected in document.Facts)
            {
                var hit = unmatched.Find(fact => fact.Metric == expected.Metric && fact.Source.Page == expected.Page && fact.Period!.Months == expected.Months
                    && fact.Period.End == expected.PeriodEnd && fact.Period.Label == expected.Period && fact.Value == expected.Value);
                if (hit is null)
                {
                    missing.Add($"{document.File} {expected}");
                }
                else
                {
                    right++;
                    unmatched.Remove(hit);
                }
            }

            wrong.AddRange(unmatched.Select(fact => $"{document.File} p{fact.Source.Page} {fact.Metric} {fact.Period!.Label} {fact.Value}"));
        }

        var precision = (double)right / (right + wrong.Count);
        var recall = (double)right / (right + missing.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"precision {precision:F3}, recall {recall:F3} over {right + missing.Count} facts");
        precision.ShouldBeGreaterThanOrEqualTo(0.97, string.Join('\n', wrong));
        recall.ShouldBeGreaterThanOrEqualTo(0.75, string.Join('\n', missing));
    }

    [Fact]
    public async Task Read_ReportWithoutStatements_FindsNone()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        var folder = Evals.Folder("reports");
        foreach (var document in Fixture().Where(document => !document.Statements))
        {
            (await ReadAsync(Path.Combine(folder, document.File))).ShouldBeEmpty(document.File);
        }
    }

    private static async Task<List<Fact>> ReadAsync(string path)
    {
        var inspection = (await PdfReader.InspectAsync(path, TestContext.Current.CancellationToken)).ShouldBeOfType<PdfInspection.Readable>();
        var pages = await PdfReader.ReadAsync(path, 1, inspection.Pages, TestContext.Current.CancellationToken);
        return [.. PageFacts.Read("d", Path.GetFileName(path), pages, MetricTable.Default).Facts.Where(fact => s_metrics.Contains(fact.Metric))];
    }

    private static List<Document> Fixture()
    {
        var path = Path.Combine(Evals.RepositoryRoot, "FunctionApp.Tests", "Documents", "Fixtures", "report-facts.json");
        return JsonSerializer.Deserialize<List<Document>>(File.ReadAllText(path), AdvisorJson.Options)!;
    }

    private sealed record Document(string File, bool Statements, List<Expected> Facts);

    private sealed record Expected(string Metric, string Period, DateOnly PeriodEnd, int Months, decimal Value, int Page);
}
