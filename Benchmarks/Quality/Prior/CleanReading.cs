using Advisor.Documents.Contracts;
using Advisor.Documents.Reading.Pages;
using Advisor.Kernel.Reasoning;

namespace Advisor.Benchmarks.Quality.Prior;

/// <summary>What the product read of the page as printed: the truth for a scan of that page.</summary>
internal sealed class CleanReading(DocumentFindings findings, IReadOnlyDictionary<int, PageReading> pages)
{
    private readonly ILookup<int, Fact> _facts = findings.Facts.ToLookup(fact => fact.Source.Page!.Value);

    /// <param name="page">In the document as printed.</param>
    public Label LabelOf(Fact fact, int page)
    {
        var box = fact.Source.Box!.Value;
        if (_facts[page].MaxBy(clean => Shared(clean.Source.Box!.Value, box)) is { } clean && Shared(clean.Source.Box!.Value, box) > 0)
        {
            return Compare(fact, clean);
        }

        var under = pages[page].Words.Where(word => Shared(new Box((decimal)word.Left, (decimal)word.Top, (decimal)word.Right, (decimal)word.Bottom), box) > 0).Select(word => word.Text).ToList();
        return under.Exists(word => word.Any(char.IsAsciiDigit)) ? Label.Doubtful("not a fact of the page as printed") : Label.Wrong("no such number");
    }

    private static Label Compare(Fact fact, Fact clean) =>
        fact.Value != clean.Value ? Label.Wrong(Printed(fact) == Printed(clean) ? "scale" : "value")
        : fact.Unit != clean.Unit ? Label.Doubtful("the unit is in doubt")
        : !Similar.Are(fact.Label, clean.Label) ? Label.Wrong("label")
        : fact.Metric is not null && fact.Metric != clean.Metric ? Label.Wrong("metric")
        : fact.Period is not null && clean.Period is null ? Label.Doubtful("no period on the page as printed")
        : fact.Period is not null && !AreSame(fact.Period, clean.Period!) ? Label.Wrong("period")
        : Label.IsRight;

    /// <summary>A scan of some pages may name a period otherwise than the whole document does, by its year alone, say; it is another only where length, end, year or quarter contradict.</summary>
    private static bool AreSame(Period one, Period other) =>
        one.Months == other.Months
        && (one.End is null || other.End is null || one.End == other.End)
        && (one.Quarter is null || other.Quarter is null || one.Quarter == other.Quarter)
        && ((one.End is not null && other.End is not null) || Years(one).Intersect(Years(other)).Any());

    private static IEnumerable<int> Years(Period period) => new[] { period.FiscalYear, period.End?.Year }.OfType<int>();

    private static string Printed(Fact fact) => string.Concat(fact.Printed.Where(c => !char.IsWhiteSpace(c)));

    private static decimal Shared(Box a, Box b) =>
        Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left)) * Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top));
}
