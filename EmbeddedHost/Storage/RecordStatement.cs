using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Storage;

/// <summary>A record query as SQL: the conditions, the order, where the page begins, and the index that serves it.</summary>
internal sealed partial class RecordStatement
{
    private const string Texts = "'text'";

    private const string Numbers = "'integer','real'";

    private readonly string _rest;
    private readonly string _order;
    private readonly string _direction;
    private readonly string _fingerprint;

    private RecordStatement(string order, string direction, string rest, (string Name, object? Value)[] parameters, RecordIndex? index, string fingerprint)
    {
        _order = order;
        _direction = direction;
        _rest = rest;
        Parameters = parameters;
        Index = index;
        _fingerprint = fingerprint;
    }

    public (string Name, object? Value)[] Parameters { get; }

    /// <summary>The index worth having for this shape of query; null where the primary key serves.</summary>
    public RecordIndex? Index { get; }

    /// <exception cref="InvalidContinuationException">The continuation is malformed or belongs to another query.</exception>
    /// <exception cref="ArgumentException">A property, value, container or page size is not one that records have.</exception>
    public static RecordStatement Build(string container, TenantId tenant, RecordQuery query, RecordLookup? lookup = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, 1000, nameof(query));
        if (!ContainerName().IsMatch(container))
        {
            throw new ArgumentException($"'{container}' is not a container name: use kebab-case.", nameof(container));
        }

        var fingerprint = ContinuationToken.Fingerprint(container, tenant, query);
        var parameters = new List<(string Name, object? Value)> { ("@tenant", tenant.Value), ("@limit", query.PageSize + 1) };
        var order = query.OrderBy is null ? "id" : Extract(query.OrderBy);
        // The container stands in the text, not in a parameter: only so can SQLite prove that a partial index serves.
        var sql = new StringBuilder($"container='{container}' AND tenant=@tenant");
        for (var i = 0; i < query.Filters.Count; i++)
        {
            sql.Append(" AND ").Append(Condition(query.Filters[i], i, lookup?.Covered.Contains(query.Filters[i].Property) == true, parameters));
        }

        if (query.Continuation is { } text)
        {
            var position = ContinuationToken.Read(text, fingerprint);
            sql.Append(" AND (").Append(After(order, query, position)).Append(')');
            parameters.Add(("@id", position.Id));
            parameters.Add(("@position", position.Order));
        }

        var direction = query.Descending ? " DESC" : "";
        sql.Append(" ORDER BY ").Append(query.OrderBy is null ? $"id{direction}" : $"{order}{direction}, id{direction}").Append(" LIMIT @limit");
        return new RecordStatement(order, direction, sql.ToString(), [.. parameters], lookup is null ? IndexFor(query) : IndexFor(query, lookup), fingerprint);
    }

    /// <summary>Selects id, etag, json and the order value of one row more than a page, so that the last page is known to be the last.</summary>
    /// <param name="index">An existing index made for <see cref="Index"/>, which must then be used: without statistics SQLite would guess.</param>
    public string Sql(string? index)
    {
        var from = $"FROM records {(index is null ? "" : $"INDEXED BY \"{index}\"")} WHERE {_rest}";

        // With an index that carries the conditions, the page is found (and sorted) in the index alone, and only its records are opened.
        return index is null || Index is not { Covered.Count: > 0 }
            ? $"SELECT id, etag, json, {_order} {from}"
            : $"""
                SELECT records.id, records.etag, records.json, page.place
                FROM (SELECT rowid AS entry, {_order} AS place, id {from}) AS page CROSS JOIN records ON records.rowid = page.entry
                ORDER BY page.place{_direction}, page.id{_direction}
                """;
    }

    /// <summary>The token of the page after the row with this order value and id.</summary>
    public string ContinueAfter(object order, string id) => ContinuationToken.Write(_fingerprint, order is DBNull ? null : order, id);

    /// <summary>SQL for the value at a property, spelled the same in queries and indexes.</summary>
    public static string Extract(string property) => PropertyPath().IsMatch(property)
        ? $"json_extract(json,'$.{property}')"
        : throw new ArgumentException($"'{property}' is not a record property: use snake_case names joined by dots.", nameof(property));

    private static RecordIndex? IndexFor(RecordQuery query)
    {
        var key = query.Filters.FirstOrDefault(filter => filter.Operator == RecordOperator.Equal)?.Property;
        var order = query.OrderBy ?? query.Filters.FirstOrDefault(filter => filter.Operator != RecordOperator.Equal)?.Property;
        string[] properties = [.. new[] { key, order }.OfType<string>().Distinct()];
        return properties.Length == 0 ? null : new RecordIndex(properties, []);
    }

    /// <summary>One index for each key, in the usual order, and one for each order: they carry the rest.</summary>
    private static RecordIndex? IndexFor(RecordQuery query, RecordLookup lookup)
    {
        var key = query.Filters.FirstOrDefault(filter => filter.Operator == RecordOperator.Equal && lookup.Keys.Contains(filter.Property))?.Property;
        string[] properties = key is not null ? [key, lookup.Covered[0]] : query.OrderBy is { } order ? [order] : [];
        return properties.Length == 0 ? null : new RecordIndex(properties, [.. lookup.Covered.Except(properties)]);
    }

    private static string Condition(RecordFilter filter, int number, bool covered, List<(string Name, object? Value)> parameters)
    {
        var value = Extract(filter.Property);
        var type = $"json_type(json,'$.{filter.Property}')";
        var name = string.Create(CultureInfo.InvariantCulture, $"@f{number}");
        var (types, operand) = Operand(filter);
        parameters.Add((name, operand));
        if (filter.Operator is RecordOperator.Contains or RecordOperator.Includes && filter.Value is not string)
        {
            throw new ArgumentException($"A filter on '{filter.Property}' looks for a string, not for {filter.Value.GetType().Name}.", nameof(filter));
        }

        switch (filter.Operator)
        {
            case RecordOperator.Contains:
                // Looking for the item as JSON first is cheap, and rules most records out; it alone could be deceived by a comma.
                parameters.Add(($"{name}json", JsonSerializer.Serialize((string)filter.Value, AdvisorJson.Options)));
                return $"instr({value}, {name}json) > 0 AND {type} = 'array' AND EXISTS (SELECT 1 FROM json_each(records.json,'$.{filter.Property}') AS item WHERE item.type = 'text' AND item.value = {name})";
            case RecordOperator.Includes:
                return $"instr({value}, {name}) > 0 AND {TypeIs(value, type, types, covered: false)}";
            case RecordOperator.Equal or RecordOperator.NotEqual or RecordOperator.GreaterOrEqual or RecordOperator.LessOrEqual:
                return $"{value} {Comparison(filter.Operator)} {name} AND {TypeIs(value, type, types, covered)}";
            default:
                throw new ArgumentException($"{filter.Operator} is not a record operator.", nameof(filter));
        }
    }

    /// <summary>What an index carries is no object, no array and no boolean, so that the type of its value tells enough.</summary>
    private static string TypeIs(string value, string type, string types, bool covered) => (covered, types) switch
    {
        (false, _) => $"{type} IN ({types})",
        (true, Texts) => $"typeof({value}) = 'text'",
        (true, Numbers) => $"typeof({value}) IN ('integer','real')",
        _ => throw new ArgumentException($"A property that lists are covered by holds no booleans: {value}.", nameof(value)),
    };

    // NULL (no such property) sorts first in SQLite, and compares as unknown: hence the cases.
    private static string After(string order, RecordQuery query, ContinuationToken.Position position) => (query, position.Order) switch
    {
        ({ OrderBy: null, Descending: false }, _) => "id > @id",
        ({ OrderBy: null, Descending: true }, _) => "id < @id",
        ({ Descending: false }, null) => $"{order} IS NOT NULL OR id > @id",
        ({ Descending: true }, null) => $"{order} IS NULL AND id < @id",
        ({ Descending: false }, _) => $"{order} >= @position AND ({order} > @position OR id > @id)",
        ({ Descending: true }, _) => $"{order} IS NULL OR ({order} <= @position AND ({order} < @position OR id < @id))",
    };

    private static string Comparison(RecordOperator operation) => operation switch
    {
        RecordOperator.Equal => "=",
        RecordOperator.NotEqual => "<>",
        RecordOperator.GreaterOrEqual => ">=",
        RecordOperator.LessOrEqual => "<=",
        _ => throw new ArgumentException($"{operation} is not a record operator.", nameof(operation)),
    };

    // SQLite orders numbers before text and gives true as 1: the type is compared too, so that only like meets like.
    private static (string Types, object Value) Operand(RecordFilter filter) => filter.Value switch
    {
        string text => (Texts, text),
        bool flag => ("'true','false'", flag ? 1L : 0L),
        int number => (Numbers, (long)number),
        long number => (Numbers, number),
        decimal number => (Numbers, (double)number),
        _ => throw new ArgumentException(
            $"A filter on '{filter.Property}' compares with a string, bool, int, long or decimal, not with {filter.Value?.GetType().Name ?? "null"}.",
            nameof(filter)),
    };

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContainerName();

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PropertyPath();
}
