using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>A figure of a primary statement, transcribed by hand from the page.</summary>
internal sealed record TrueFigure(string Metric, string Period, DateOnly PeriodEnd, int Months, decimal Value, int Page);

/// <summary>The headline figures of a filing, from the transcription that the product's reading is tested with.</summary>
internal sealed record TrueReport(string File, bool Statements, IReadOnlyList<TrueFigure> Facts)
{
    private static readonly string[] s_metrics =
    [
        "revenue", "cost_of_revenue", "gross_profit", "operating_income", "net_income", "diluted_eps", "total_assets", "total_liabilities",
        "total_equity", "cash_and_cash_equivalents", "operating_cash_flow", "capital_expenditure",
    ];

    /// <summary>Pages that hold a transcribed figure.</summary>
    public IReadOnlyList<int> Pages => [.. Facts.Select(fact => fact.Page).Distinct().Order()];

    public static string Transcription => Repository.File("FunctionApp.Tests", "Documents", "Fixtures", "report-facts.json");

    public static IReadOnlyList<TrueReport> ReadAll()
    {
        using var file = System.IO.File.OpenRead(Transcription);
        return JsonSerializer.Deserialize<List<TrueReport>>(file, AdvisorJson.Options)!;
    }

    /// <summary>A figure is right that the transcription has on that page for that metric and period; another of the twelve metrics is wrong, for it holds all of them.</summary>
    public Label LabelOf(Fact fact)
    {
        if (!s_metrics.Contains(fact.Metric))
        {
            return Label.None("not transcribed");
        }

        var known = Facts.FirstOrDefault(figure => figure.Metric == fact.Metric && figure.Page == fact.Source.Page && figure.Months == fact.Period!.Months && figure.PeriodEnd == fact.Period.End && figure.Period == fact.Period.Label);
        return known is null ? Label.Wrong("no such figure") : known.Value == fact.Value ? Label.IsRight : Label.Wrong("value");
    }
}
