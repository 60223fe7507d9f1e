using System.Globalization;
using System.Text.Json.Serialization;
using Advisor.Documents.Contracts;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents;

/// <summary>How the documents that print a value for one period stand to each other.</summary>
public enum Agreement
{
    /// <summary>All print the same value, to the digits that the coarser of two prints.</summary>
    Agrees,

    /// <summary>A document for a later period prints another value than the earlier ones did.</summary>
    Restated,

    /// <summary>A document contradicts itself, or another one for the same latest period.</summary>
    Conflicting,
}

/// <summary>A printed value of a series and where it stands.</summary>
/// <param name="Occurrences">How often the document prints this value for the period; the place is that of the statement, or else the first.</param>
/// <param name="ReportsTo">Label of the latest period that the document reports on: which of two documents is the newer.</param>
public sealed record SeriesSource(
    string DocumentId,
    string DocumentName,
    DateTimeOffset UploadedAt,
    string? ReportsTo,
    decimal Value,
    string Printed,
    int? Page,
    string? Sheet,
    string? Cell,
    int? Table,
    Box? Box,
    string FactId,
    decimal? Confidence,
    string Rule,
    int Occurrences,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links)
{
    /// <summary>Who gave the value, and what it was before; absent for a value as read.</summary>
    public CorrectedView? Corrected { get; init; }
}

/// <summary>A metric's value for one period, as the newest document prints it, and every value that any document prints.</summary>
/// <param name="Period">The period's label.</param>
/// <param name="Months">Length of the period; 0 for an instant.</param>
/// <param name="Currency">ISO 4217; absent where none is printed.</param>
/// <param name="Sources">Of the newest document first.</param>
public sealed record SeriesPoint(
    string Period, DateOnly? PeriodEnd, int Months, decimal Value, Unit Unit, string? Currency, Agreement Agreement, IReadOnlyList<SeriesSource> Sources);

/// <summary>Puts the facts of one metric and company, from any number of documents, into a series.</summary>
public static class MetricSeries
{
    /// <summary>The points in order of their periods. Values in different units or currencies are points of their own.</summary>
    /// <param name="facts">Facts of one metric that name a period, each with the document that it is from; facts of other documents are left out.</param>
    public static IReadOnlyList<SeriesPoint> Of(IEnumerable<HeadlineFact> facts, IReadOnlyDictionary<string, DocumentRecord> documents)
    {
        var dated = facts.Where(fact => fact.Fact.Period is not null && documents.ContainsKey(fact.DocumentId)).ToList();
        var ends = dated.Where(fact => fact.Fact.Period!.End is not null).ToLookup(fact => fact.Fact.Period!.Label, fact => fact.Fact.Period!, StringComparer.Ordinal);
        return
        [
            .. dated.GroupBy(fact => (Period: Key(fact.Fact.Period!, ends), fact.Fact.Unit))
                .SelectMany(same => ByCurrency([.. same]))
                .Select(same => Point(same, documents))
                .OrderBy(point => point.Order).ThenBy(point => point.Point.Months).ThenBy(point => point.Point.Unit).ThenBy(point => point.Point.Currency, StringComparer.Ordinal)
                .Select(point => point.Point),
        ];
    }

    /// <summary>A period is its last day and length; one of which only the name is printed is that of the same name whose last day another document prints.</summary>
    private static string Key(Period period, ILookup<string, Period> ends)
    {
        var known = period.End is null ? ends[period.Label].FirstOrDefault() : period;
        return known?.End is { } end ? string.Create(CultureInfo.InvariantCulture, $"{end:yyyy-MM-dd}/{known.Months}") : period.Label;
    }

    /// <summary>A value without a printed currency is in the only one that the others have, if they have but one.</summary>
    private static IEnumerable<List<HeadlineFact>> ByCurrency(List<HeadlineFact> facts) =>
        facts.Select(fact => fact.Fact.Currency).OfType<string>().Distinct(StringComparer.Ordinal).Count() <= 1
            ? [facts]
            : facts.GroupBy(fact => fact.Fact.Currency).Select(same => same.ToList());

    private static (SeriesPoint Point, int Order) Point(List<HeadlineFact> facts, IReadOnlyDictionary<string, DocumentRecord> documents)
    {
        var printed = facts.GroupBy(fact => fact.DocumentId)
            .Select(own => (Document: documents[own.Key], Values: Distinct([.. own.Select(fact => fact.Fact)])))
            .OrderByDescending(own => own.Document.LatestPeriod?.Order ?? 0).ThenByDescending(own => own.Document.UploadedAt).ThenBy(own => own.Document.Id, StringComparer.Ordinal)
            .ToList();
        var newest = printed[0].Values[0].Fact;
        var period = facts.Select(fact => fact.Fact.Period!).FirstOrDefault(candidate => candidate.End is not null) ?? newest.Period!;
        return (
            new SeriesPoint(
                period.Label, period.End, period.Months, newest.Value, newest.Unit, facts.Select(fact => fact.Fact.Currency).FirstOrDefault(currency => currency is not null),
                AgreementOf(printed), [.. printed.SelectMany(own => own.Values.Select(value => Source(own.Document, value.Fact, value.Occurrences)))]),
            period.Order);
    }

    /// <summary>The different values of one document, that of its statement first.</summary>
    private static List<(Fact Fact, int Occurrences)> Distinct(List<Fact> facts)
    {
        var values = new List<(Fact Fact, int Occurrences)>();
        foreach (var fact in facts.OrderBy(fact => !fact.Rule.StartsWith("statement/", StringComparison.Ordinal)).ThenBy(fact => fact.Source.Page ?? 0).ThenBy(fact => fact.Id, StringComparer.Ordinal))
        {
            var at = values.FindIndex(known => Same(known.Fact, fact));
            if (at < 0)
            {
                values.Add((fact, 1));
            }
            else
            {
                values[at] = (values[at].Fact, values[at].Occurrences + 1);
            }
        }

        return values;
    }

    private static Agreement AgreementOf(List<(DocumentRecord Document, List<(Fact Fact, int Occurrences)> Values)> printed)
    {
        if (printed.Exists(own => own.Values.Count > 1)
            || printed.GroupBy(own => own.Document.LatestPeriod?.Order).Any(peers => peers.Any(own => !Same(own.Values[0].Fact, peers.First().Values[0].Fact))))
        {
            return Agreement.Conflicting;
        }

        return printed.TrueForAll(own => Same(own.Values[0].Fact, printed[0].Values[0].Fact)) ? Agreement.Agrees : Agreement.Restated;
    }

    /// <summary>Equal within half a unit of the last digit that the coarser of the two prints: 1.2 billion and 1,234 million are one value.</summary>
    private static bool Same(Fact one, Fact other) => Math.Abs(one.Value - other.Value) <= Math.Max(LastDigit(one), LastDigit(other)) / 2;

    private static decimal LastDigit(Fact fact)
    {
        var point = fact.Printed.LastIndexOf('.');
        var decimals = point < 0 ? 0 : fact.Printed[(point + 1)..].TakeWhile(char.IsAsciiDigit).Count();
        var unit = fact.Scale;
        for (var i = 0; i < Math.Min(decimals, 20); i++)
        {
            unit /= 10;
        }

        // A value that is finer than its last printed digit was not read from these digits: compare it exactly.
        return unit > 0 && fact.Value % unit == 0 ? unit : 0;
    }

    private static SeriesSource Source(DocumentRecord document, Fact fact, int occurrences) => new(
        document.Id, document.Name, document.UploadedAt, document.LatestPeriod?.Label, fact.Value, fact.Printed,
        fact.Source.Page, fact.Source.Sheet, fact.Source.Cell, fact.Source.Table, fact.Source.Box, fact.Id, fact.Confidence, fact.Rule, occurrences,
        new Dictionary<string, Link>
        {
            ["document"] = new($"/api/v1/documents/{document.Id}"),
            ["facts"] = new($"/api/v1/documents/{document.Id}/facts?metric={Uri.EscapeDataString(fact.Metric!)}&period={Uri.EscapeDataString(fact.Period!.Label)}"),
        })
    {
        Corrected = CorrectedView.Of(fact.Corrected, document.Id),
    };
}
