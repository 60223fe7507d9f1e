using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using Moq;

namespace Advisor.Tests.Azure.Audit;

/// <summary>Stands in for the table: rows in memory, transactions over one partition under ETags, filters of the form that the adapter writes.</summary>
internal sealed partial class AuditRows : TableClient
{
    private static readonly Response s_raw = Mock.Of<Response>();

    private readonly SortedDictionary<(string Partition, string Row), TableEntity> _rows = new(Comparer<(string Partition, string Row)>.Create(
        (one, other) => string.CompareOrdinal(one.Partition, other.Partition) is var order and not 0 ? order : string.CompareOrdinal(one.Row, other.Row)));

    private readonly ConcurrentQueue<string> _calls = new();
    private readonly Lock _gate = new();
    private int _version;

    /// <summary>The status that a call fails with, by its name; null lets it succeed.</summary>
    public Func<string, int?>? Faults { get; set; }

    /// <summary>Runs before each call is carried out.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Runs before a transaction is looked at: what another writer does meanwhile.</summary>
    public Action? BeforeTransaction { get; set; }

    public IReadOnlyList<string> Calls => [.. _calls];

    public IReadOnlyList<IReadOnlyList<TableTransactionAction>> Transactions => _transactions;

    private readonly List<IReadOnlyList<TableTransactionAction>> _transactions = [];

    /// <summary>A row as it is stored; null where there is none.</summary>
    public TableEntity? Row(string partition, string row)
    {
        lock (_gate)
        {
            return _rows.TryGetValue((partition, row), out var found) ? new TableEntity(found) : null;
        }
    }

    public IReadOnlyList<string> RowKeys(string partition)
    {
        lock (_gate)
        {
            return [.. _rows.Keys.Where(key => key.Partition == partition).Select(key => key.Row)];
        }
    }

    public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
    {
        Note("get", cancellationToken);
        return Task.FromResult<NullableResponse<T>>(Row(partitionKey, rowKey) is { } row ? Response.FromValue((T)(object)row, s_raw) : new Missing<T>());
    }

    public override AsyncPageable<T> QueryAsync<T>(string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
    {
        var conditions = Condition().Matches(filter!).Select(match => (
            Property: match.Groups["property"].Value, Operator: match.Groups["operator"].Value, Value: match.Groups["value"].Value.Replace("''", "'", StringComparison.Ordinal))).ToList();
        if (string.Join(" and ", Condition().Matches(filter!).Select(match => match.Value)) != filter)
        {
            throw new NotSupportedException(filter);
        }

        return new Rows<T>(() =>
        {
            Note("query", cancellationToken);
            lock (_gate)
            {
                return [.. _rows.Values
                    .Where(row => conditions.TrueForAll(one => row[one.Property] is string text && Holds(string.CompareOrdinal(text, one.Value), one.Operator)))
                    .Select(row => (T)(object)new TableEntity(row))];
            }
        });
    }

    public override Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        Note("transaction", cancellationToken);
        var actions = transactionActions.ToList();
        BeforeTransaction?.Invoke();
        if (actions.Count > 100 || actions.Select(action => action.Entity.PartitionKey).Distinct().Count() != 1)
        {
            throw new TableTransactionFailedException(new RequestFailedException(400, "a transaction has up to 100 rows of one partition"));
        }

        lock (_gate)
        {
            foreach (var action in actions)
            {
                Check(action.Entity, action.ActionType == TableTransactionActionType.Add, action.ETag);
            }

            actions.ForEach(action => Store(action.Entity));
            _transactions.Add(actions);
        }

        return Task.FromResult(Response.FromValue<IReadOnlyList<Response>>([], s_raw));
    }

    public override Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
    {
        Note("update", cancellationToken);
        lock (_gate)
        {
            Check(entity, adds: false, ifMatch);
            Store(entity);
        }

        return Task.FromResult(s_raw);
    }

    public override Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
    {
        Note("upsert", cancellationToken);
        lock (_gate)
        {
            Store(entity);
        }

        return Task.FromResult(s_raw);
    }

    private void Note(string call, CancellationToken cancellationToken)
    {
        _calls.Enqueue(call);
        Before?.Invoke(call);
        cancellationToken.ThrowIfCancellationRequested();
        if (Faults?.Invoke(call) is { } status)
        {
            throw new RequestFailedException(status, "as the test asked", "Scripted", null);
        }
    }

    private void Check(ITableEntity entity, bool adds, ETag ifMatch)
    {
        var there = _rows.GetValueOrDefault((entity.PartitionKey, entity.RowKey));
        if (adds && there is not null)
        {
            throw new TableTransactionFailedException(new RequestFailedException(409, "there", "EntityAlreadyExists", null));
        }

        if (!adds && TagOf(there) != ifMatch)
        {
            throw new TableTransactionFailedException(new RequestFailedException(412, "changed", "UpdateConditionNotSatisfied", null));
        }
    }

    private void Store(ITableEntity entity) => _rows[(entity.PartitionKey, entity.RowKey)] =
        Stamped(new TableEntity((TableEntity)entity), entity, new ETag(string.Create(CultureInfo.InvariantCulture, $"W/\"{++_version}\"")));

    /// <summary>What the service adds to a row.</summary>
    private static T Stamped<T>(T stored, ITableEntity sent, ETag etag)
        where T : ITableEntity
    {
        (stored.PartitionKey, stored.RowKey) = (sent.PartitionKey, sent.RowKey);
        stored.Timestamp = sent.Timestamp ?? DateTimeOffset.UnixEpoch;
        stored.ETag = etag;
        return stored;
    }

    private static ETag? TagOf<T>(T? stored)
        where T : ITableEntity => stored?.ETag;

    private static bool Holds(int order, string operation) => operation switch
    {
        "eq" => order == 0,
        "ge" => order >= 0,
        _ => order < 0,
    };

    [GeneratedRegex("(?<property>[A-Za-z_]+) (?<operator>eq|ge|lt) '(?<value>([^']|'')*)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Condition();

    /// <summary>The service is asked when the first page is, and answers with pages of a few.</summary>
    private sealed class Rows<T>(Func<List<T>> read) : AsyncPageable<T>
        where T : notnull
    {
        public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            await Task.Yield();
            foreach (var page in read().Chunk(3))
            {
                yield return Page<T>.FromValues(page, "next", s_raw);
            }
        }
    }

    private sealed class Missing<T> : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T Value => throw new InvalidOperationException("There is no such row.");

        public override Response GetRawResponse() => s_raw;
    }
}
