using System.Globalization;
using System.Text;
using Advisor.Kernel.Records;

namespace Advisor.Kernel.Caching;

/// <summary>One text for a record query: the same for the same question, whatever the order of its conditions.</summary>
public static class CanonicalQuery
{
    public static string Of(RecordQuery query)
    {
        var text = new StringBuilder();
        foreach (var filter in query.Filters
            .Select(filter => string.Create(CultureInfo.InvariantCulture, $"{filter.Property} {filter.Operator} {filter.Value.GetType().Name}:{filter.Value}"))
            .Order(StringComparer.Ordinal))
        {
            text.Append(filter.Length).Append(' ').Append(filter).Append('\n');
        }

        return text.Append(CultureInfo.InvariantCulture, $"{query.OrderBy} {query.Descending} {query.PageSize} {query.Continuation}").ToString();
    }
}
