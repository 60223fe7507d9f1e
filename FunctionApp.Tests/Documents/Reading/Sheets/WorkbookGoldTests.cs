using System.Globalization;
using System.Text.Json;
using Advisor.Documents.Intake;
using Advisor.Documents.Reading.Sheets;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.Reading.Sheets;

/// <summary>Every cell, formula and merge of real workbooks, against what an independent reader found in them.</summary>
public class WorkbookGoldTests
{
    [Fact]
    public void Read_RealWorkbooks_EveryCellFormulaAndMergeIsExact()
    {
        var files = Directory.GetFiles(Evals.Folder("workbooks"), "*.gold.json");
        files.ShouldNotBeEmpty();
        foreach (var gold in files)
        {
            var file = gold[..^".gold.json".Length];
            using var json = JsonDocument.Parse(File.ReadAllText(gold));
            Described(Read(file)).ShouldBe(Described(json.RootElement), Path.GetFileName(file));
        }
    }

    [Fact]
    public void Read_BinaryWorkbook_GivesTheSameModel()
    {
        var workbook = Read(Path.Combine(Evals.Folder("workbooks"), "tests-example.xls"));
        workbook.Format.ShouldBe(DocumentFormat.Xls);
        workbook.Sheets.ShouldNotBeEmpty();
        workbook.Sheets.SelectMany(sheet => sheet.Cells).Count().ShouldBeGreaterThan(10);
        workbook.Sheets[0].Cells.ShouldContain(cell => cell.Kind == CellKind.Number);
    }

    [Fact]
    public void Sniff_PasswordProtectedWorkbook_IsRefusedAsSuch()
    {
        var bytes = File.ReadAllBytes(Path.Combine(Evals.Folder("workbooks"), "password_protected.xlsx"));
        ContentSniffer.Sniff(bytes, "password_protected.xlsx").ShouldBe(new SniffOutcome.Rejected(new IntakeRejection.PasswordProtectedWorkbook()));
    }

    [Fact]
    public void Read_EmptyWorkbook_HasOneSheetWithoutCells()
    {
        var sheet = Read(Path.Combine(Evals.Folder("workbooks"), "empty.xlsx")).Sheets.ShouldHaveSingleItem();
        sheet.Cells.ShouldBeEmpty();
        sheet.Used.ShouldBeNull();
    }

    internal static Workbook Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var format = ContentSniffer.Sniff(bytes, file).ShouldBeOfType<SniffOutcome.Accepted>().Format;
        return WorkbookReader.Read(bytes, format, file, cancellationToken: TestContext.Current.CancellationToken).ShouldBeOfType<WorkbookOutcome.Read>().Workbook;
    }

    private static List<string> Described(Workbook workbook)
    {
        var lines = new List<string>();
        foreach (var sheet in workbook.Sheets)
        {
            lines.Add($"{sheet.Name} {sheet.State.ToString().ToLowerInvariant()}");
            lines.AddRange(sheet.Cells.Where(cell => cell.Stored.Length > 0).Select(cell =>
                $"{cell.Address} {(cell.Approximate is { } number ? number.ToString("R", CultureInfo.InvariantCulture) : cell.Stored)} {cell.Formula}"));
            lines.AddRange(sheet.Merges.Select(merge => $"merged {merge}"));
        }

        return lines;
    }

    private static List<string> Described(JsonElement gold)
    {
        var lines = new List<string>();
        foreach (var sheet in gold.EnumerateObject())
        {
            lines.Add($"{sheet.Name} {sheet.Value.GetProperty("state").GetString()!.ToLowerInvariant()}");
            foreach (var cell in sheet.Value.GetProperty("cells").EnumerateObject())
            {
                var value = cell.Value.GetProperty("v");
                var formula = cell.Value.TryGetProperty("f", out var text) ? text.GetString() : null;
                lines.Add($"{cell.Name} {(value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture) : value.GetString())} {formula}");
            }

            lines.AddRange(sheet.Value.GetProperty("merged").EnumerateArray().Select(merge => $"merged {merge.GetString()}"));
        }

        return lines;
    }
}
