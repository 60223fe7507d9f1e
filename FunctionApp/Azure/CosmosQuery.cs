using System.Globalization;
using System.Text.RegularExpressions;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Azure.Cosmos;

namespace Advisor.Azure;

/// <summary>A record query in the language of Cosmos DB, as the one or two queries that give its records in order.</summary>
/// <remarks>
/// Records without the order property come first in ascending order and last in descending order, by a query of their own: what ORDER BY makes of
/// them depends on how the index treats missing paths. A page begins behind the order value and id of the last record of the page before, and not
/// at a token of the service: those have up to some kilobytes, hold for one partition layout, and may be given where nothing follows.
/// </remarks>
internal sealed partial class CosmosQuery
{
    private const string Key = $"c[\"{CosmosDocument.Key}\"]";

    private readonly RecordQuery _query;
    private readonly string _fingerprint;
    private readonly List<string> _conditions = [];
    private readonly List<(string Name, object Value)> _parameters = [];
    private readonly string? _order;
    private readonly ContinuationToken.Position? _position;

    /// <exception cref="InvalidContinuationException">The continuation is malformed or belongs to another query.</exception>
    /// <exception cref="ArgumentException">A property, value, container or page size is not one that records have.</exception>
    public CosmosQuery(string container, TenantId tenant, RecordQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, 1000, nameof(query));
        _query = query;
        _order = query.OrderBy is null ? null : Path(query.OrderBy);
        for (var i = 0; i < query.Filters.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"@f{i}");
            _conditions.Add(Condition(query.Filters[i], name));
            _parameters.Add((name, query.Filters[i].Value));
        }

        _fingerprint = ContinuationToken.Fingerprint(container, tenant, query);
        _position = query.Continuation is { } token ? ContinuationToken.Read(token, _fingerprint) : null;
    }

    /// <summary>The queries, to be read one after the other until there are enough records.</summary>
    public IEnumerable<QueryDefinition> Parts()
    {
        if (_order is null)
        {
            yield return Part(null, _position is null ? null : Behind(_position));
            yield break;
        }

        var beginsWithMissing = !_query.Descending;
        var inMissing = _position is { Order: null };
        foreach (var missing in new[] { beginsWithMissing, !beginsWithMissing })
        {
            if (_position is null || missing == inMissing)
            {
                yield return Part(missing, _position is null ? null : Behind(_position));
            }
            else if (missing != beginsWithMissing)
            {
                // The position is in the first half, so all of the second follows.
                yield return Part(missing, null);
            }
        }
    }

    /// <summary>The token of the page after a record with this order value and id.</summary>
    public string ContinueAfter(object? order, string id) => ContinuationToken.Write(_fingerprint, order, id);

    /// <param name="missing">Whether records without the order property are asked for; null where there is no such property.</param>
    private QueryDefinition Part(bool? missing, (string Condition, object? Order, string Id)? after)
    {
        var conditions = new List<string>(_conditions);
        if (missing is { } without)
        {
            conditions.Add(without ? $"(NOT IS_DEFINED({_order}) OR IS_NULL({_order}))" : $"(IS_DEFINED({_order}) AND NOT IS_NULL({_order}))");
        }

        if (after is { } position)
        {
            conditions.Add(position.Condition);
        }

        var direction = _query.Descending ? "DESC" : "ASC";
        var order = missing == false ? $"{_order} {direction}, {Key} {direction}" : $"{Key} {direction}";
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        var definition = new QueryDefinition($"SELECT * FROM c{where} ORDER BY {order}");
        foreach (var (name, value) in _parameters)
        {
            definition.WithParameter(name, value);
        }

        if (after is { } begin)
        {
            definition.WithParameter("@id", begin.Id);
            if (begin.Order is { } value)
            {
                definition.WithParameter("@position", value);
            }
        }

        return definition;
    }

    private (string Condition, object? Order, string Id) Behind(ContinuationToken.Position position)
    {
        var further = _query.Descending ? "<" : ">";
        var condition = _order is null || position.Order is null
            ? $"{Key} {further} @id"
            : $"({_order} {further}= @position AND ({_order} {further} @position OR {Key} {further} @id))";
        return (condition, _order is null ? null : position.Order, position.Id);
    }

    // The value's type is asked for where the service would otherwise take a property of another type for a different value.
    private static string Condition(RecordFilter filter, string name)
    {
        var path = Path(filter.Property);
        var type = filter.Value switch
        {
            string => "IS_STRING",
            bool => "IS_BOOL",
            int or long or decimal => "IS_NUMBER",
            _ => throw new ArgumentException(
                $"A filter on '{filter.Property}' compares with a string, bool, int, long or decimal, not with {filter.Value?.GetType().Name ?? "null"}.", nameof(filter)),
        };
        if (filter.Operator is RecordOperator.Contains or RecordOperator.Includes && filter.Value is not string)
        {
            throw new ArgumentException($"A filter on '{filter.Property}' looks for a string, not for {filter.Value.GetType().Name}.", nameof(filter));
        }

        return filter.Operator switch
        {
            RecordOperator.Equal => $"{path} = {name}",
            RecordOperator.NotEqual => $"({type}({path}) AND {path} != {name})",
            RecordOperator.GreaterOrEqual => $"{path} >= {name}",
            RecordOperator.LessOrEqual => $"{path} <= {name}",
            RecordOperator.Contains => $"ARRAY_CONTAINS({path}, {name})",
            RecordOperator.Includes => $"(IS_STRING({path}) AND CONTAINS({path}, {name}))",
            _ => throw new ArgumentException($"{filter.Operator} is not a record operator.", nameof(filter)),
        };
    }

    /// <summary>The place of a property, in brackets, so that no name can be a word of the language.</summary>
    private static string Path(string property) => PropertyPath().IsMatch(property)
        ? $"c[\"{property.Replace(".", "\"][\"", StringComparison.Ordinal)}\"]"
        : throw new ArgumentException($"'{property}' is not a record property: use snake_case names joined by dots.", nameof(property));

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PropertyPath();
}
