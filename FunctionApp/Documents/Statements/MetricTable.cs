using System.Text.RegularExpressions;
using Advisor.Kernel.Reasoning;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Advisor.Documents.Statements;

/// <summary>A canonical metric and how its rows are recognised.</summary>
public sealed record MetricDefinition(string Id, StatementKind Statement, Unit Unit, Regex? Unless, IReadOnlyList<MetricPattern> Labels);

/// <param name="Label">Matches the normalised label, whole.</param>
/// <param name="Section">Matches the normalised section heading, whole; null when any will do.</param>
public sealed record MetricPattern(Regex Label, Regex? Section);

/// <summary>The table of canonical metrics, read from <c>metrics.yaml</c>.</summary>
public sealed class MetricTable
{
    private static readonly TimeSpan s_matchLimit = TimeSpan.FromMilliseconds(200);

    private MetricTable(string version, IReadOnlyList<MetricDefinition> metrics) => (Version, Metrics) = (version, metrics);

    /// <summary>The table shipped with the product.</summary>
    public static MetricTable Default { get; } = Load();

    public string Version { get; }

    /// <summary>In the order of the file: statement by statement, top to bottom.</summary>
    public IReadOnlyList<MetricDefinition> Metrics { get; }

    /// <exception cref="YamlDotNet.Core.YamlException">The text is not such a table.</exception>
    public static MetricTable Parse(string yaml)
    {
        var file = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<FileShape>(yaml);
        return new MetricTable(file.Version, [.. file.Metrics.Select(metric => new MetricDefinition(
            metric.Id,
            metric.Statement switch
            {
                "income" => StatementKind.Income,
                "balance_sheet" => StatementKind.BalanceSheet,
                "cash_flow" => StatementKind.CashFlow,
                var other => throw new FormatException($"Metric '{metric.Id}' names the unknown statement '{other}'."),
            },
            metric.Unit switch
            {
                "currency_per_share" => Unit.CurrencyPerShare,
                "shares" => Unit.Shares,
                _ => Unit.Currency,
            },
            Whole(metric.Unless),
            [.. metric.Labels.Select(label => new MetricPattern(Whole(label.Label)!, Whole(label.Section)))]))]);
    }

    private static MetricTable Load()
    {
        using var stream = typeof(MetricTable).Assembly.GetManifestResourceStream("Advisor.Documents.Statements.metrics.yaml")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    private static Regex? Whole(string? pattern) =>
        pattern is null ? null : new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant, s_matchLimit);

    private sealed class FileShape
    {
        public string Version { get; set; } = "";

        public List<MetricShape> Metrics { get; set; } = [];
    }

    private sealed class MetricShape
    {
        public string Id { get; set; } = "";

        public string Statement { get; set; } = "";

        public string? Unit { get; set; }

        public string? Unless { get; set; }

        public List<LabelShape> Labels { get; set; } = [];
    }

    private sealed class LabelShape
    {
        public string Label { get; set; } = "";

        public string? Section { get; set; }
    }
}
