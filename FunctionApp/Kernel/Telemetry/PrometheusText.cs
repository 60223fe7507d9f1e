using System.Globalization;
using System.Text;

namespace Advisor.Kernel.Telemetry;

/// <summary>Series in the text format that Prometheus scrapes, version 0.0.4: histograms as summaries, because their quantiles are known already.</summary>
public static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <param name="series">Those of one name stand together.</param>
    public static string Write(IEnumerable<MetricSeries> series)
    {
        var text = new StringBuilder();
        string? previous = null;
        foreach (var one in series)
        {
            var name = one.Kind == "counter" ? one.Name + "_total" : one.Name;
            if (one.Name != previous)
            {
                text.Append("# TYPE ").Append(name).Append(' ').Append(one.Kind == "histogram" ? "summary" : one.Kind).Append('\n');
                previous = one.Name;
            }

            if (one.Value is { } value)
            {
                Line(text, name, one.Tags, null, value);
                continue;
            }

            Line(text, name, one.Tags, "0.5", one.P50!.Value);
            Line(text, name, one.Tags, "0.95", one.P95!.Value);
            Line(text, name, one.Tags, "0.99", one.P99!.Value);
            Line(text, name + "_sum", one.Tags, null, one.Sum!.Value);
            Line(text, name + "_count", one.Tags, null, one.Count!.Value);
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string name, IReadOnlyDictionary<string, string> tags, string? quantile, double value)
    {
        var labels = tags.Select(tag => $"{tag.Key}=\"{Escape(tag.Value)}\"");
        var all = string.Join(',', quantile is null ? labels : labels.Append($"quantile=\"{quantile}\""));
        text.Append(name);
        if (all.Length > 0)
        {
            text.Append('{').Append(all).Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
