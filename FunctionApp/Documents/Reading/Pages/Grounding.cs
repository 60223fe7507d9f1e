using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Reading.Pages;

/// <summary>Looks for the printed text of facts at their places again, in words that came by another path than the first reading.</summary>
public static class Grounding
{
    /// <summary>How far outside the box a word's middle may lie, in points.</summary>
    private const double Slack = 1.5;

    /// <summary>By fact id: found or not. Facts without a page and a box are left out, and so are pages that were not read again.</summary>
    public static Dictionary<string, bool> Check(IEnumerable<Fact> facts, IReadOnlyDictionary<int, PageReading> again)
    {
        var found = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            if (fact.Source is { Page: { } number, Box: { } box } && again.TryGetValue(number, out var page))
            {
                found[fact.Id] = Stands(fact.Printed, box, page);
            }
        }

        return found;
    }

    /// <summary>Pages as ranges, neighbours joined, so that few tool runs read them.</summary>
    public static IEnumerable<PageRange> Ranges(IEnumerable<int> pages)
    {
        int? first = null, last = null;
        foreach (var page in pages.Distinct().Order())
        {
            if (last is not null && page > last + 1)
            {
                yield return new PageRange(first!.Value, last.Value);
                first = null;
            }

            first ??= page;
            last = page;
        }

        if (first is not null)
        {
            yield return new PageRange(first.Value, last!.Value);
        }
    }

    private static bool Stands(string printed, Box box, PageReading page)
    {
        var words = page.Words
            .Where(word => word.Middle > (double)box.Top - Slack && word.Middle < (double)box.Bottom + Slack
                && word.Right > (double)box.Left - Slack && word.Left < (double)box.Right + Slack)
            .OrderBy(word => word.Left)
            .Select(word => word.Text);
        return string.Concat(words).Replace(" ", "").Contains(printed.Replace(" ", ""), StringComparison.Ordinal);
    }
}
