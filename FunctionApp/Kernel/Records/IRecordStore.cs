using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Records;

/// <summary>A kind of stored record: where it lives and which type its JSON has.</summary>
/// <param name="Name">Container name, kebab-case: <c>insights</c>, <c>reasoning-chains</c>.</param>
public sealed record RecordContainer<T>(string Name) where T : class
{
    /// <summary>How its lists are asked for, where they must be quick over very many records; null leaves it to the store.</summary>
    public RecordLookup? Lookup { get; init; }
}

/// <summary>What the lists of a large container are found, filtered and ordered by.</summary>
/// <param name="Keys">Properties of which one value picks few records: a document's id.</param>
/// <param name="Covered">Properties that queries test or order by, the usual order first. Each holds a string, a number or an array of strings, or is absent.</param>
public sealed record RecordLookup(IReadOnlyList<string> Keys, IReadOnlyList<string> Covered);

/// <summary>A record with the version it was read at.</summary>
/// <param name="ETag">Opaque; changes with every write.</param>
public sealed record Stored<T>(string Id, T Value, string ETag) where T : class;

/// <summary>A page of a query. <see cref="Continuation"/> is null on the last page.</summary>
public sealed record RecordPage<T>(IReadOnlyList<Stored<T>> Items, string? Continuation) where T : class;

public enum RecordOperator
{
    Equal,

    /// <summary>The property is there, of the value's kind, and has another value.</summary>
    NotEqual,
    GreaterOrEqual,
    LessOrEqual,

    /// <summary>The property is an array with this string among its items.</summary>
    Contains,

    /// <summary>The property is a string with this text somewhere in it, letter case counted.</summary>
    Includes,
}

/// <summary>One condition on a top-level or dotted JSON property (snake_case), <c>band</c> or <c>score.calibrated</c>.</summary>
/// <param name="Value">string, bool, int, long or decimal; a string with <see cref="RecordOperator.Contains"/> and <see cref="RecordOperator.Includes"/>.</param>
public sealed record RecordFilter(string Property, RecordOperator Operator, object Value);

/// <summary>A query within one tenant and container: all filters hold; ordered by <paramref name="OrderBy"/>, ties by id.</summary>
/// <param name="OrderBy">JSON property; null orders by id.</param>
/// <param name="PageSize">1 to 1,000.</param>
/// <param name="Continuation">From an earlier page of the same query.</param>
public sealed record RecordQuery(
    IReadOnlyList<RecordFilter> Filters,
    string? OrderBy = null,
    bool Descending = false,
    int PageSize = 100,
    string? Continuation = null);

/// <summary>A write that lost: the record exists already, or its ETag is no longer the one given.</summary>
public sealed class RecordConflictException(string container, string id)
    : Exception($"The record '{id}' in '{container}' was changed by someone else; read it again and repeat the change.");

/// <summary>A continuation token that no query here gave out.</summary>
public sealed class InvalidContinuationException() : Exception("The continuation token is not one that this query gave; begin at the first page.");

/// <summary>JSON documents by container, tenant and id; Cosmos DB on Azure, SQLite on the embedded host, the same semantics on both.</summary>
/// <remarks>A completed write is durable. Nothing crosses tenants: the tenant is the partition key.</remarks>
public interface IRecordStore
{
    Task<Stored<T>?> FindAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class;

    /// <exception cref="RecordConflictException">The id is taken.</exception>
    Task<Stored<T>> CreateAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken) where T : class;

    /// <summary>Writes the record whether or not it exists.</summary>
    /// <param name="ifMatch">When given, the record must exist with this ETag.</param>
    /// <exception cref="RecordConflictException">The ETag no longer matches.</exception>
    Task<Stored<T>> PutAsync<T>(RecordContainer<T> container, TenantId tenant, string id, T value, string? ifMatch, CancellationToken cancellationToken) where T : class;

    /// <summary>Writes many records, in batches; each write is unconditional, so repeating the call changes nothing.</summary>
    Task PutManyAsync<T>(RecordContainer<T> container, TenantId tenant, IReadOnlyCollection<(string Id, T Value)> items, CancellationToken cancellationToken) where T : class;

    /// <exception cref="InvalidContinuationException">The continuation is malformed or belongs to another query.</exception>
    Task<RecordPage<T>> QueryAsync<T>(RecordContainer<T> container, TenantId tenant, RecordQuery query, CancellationToken cancellationToken) where T : class;

    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync<T>(RecordContainer<T> container, TenantId tenant, string id, CancellationToken cancellationToken) where T : class;
}
