using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>Names the effect of a request, so that doing it twice under one <c>Idempotency-Key</c> names the same things.</summary>
public static class Operation
{
    /// <summary>Where the idempotency middleware leaves the id that every attempt under the caller's key has.</summary>
    internal const string Key = "advisor.operation";

    /// <summary>The id for what this request makes: the one that the first attempt under its idempotency key got, where there is a key, and a new one otherwise.</summary>
    /// <remarks>Derive further ids with <see cref="Records.DeterministicId"/>, and write with them so that writing twice changes nothing.</remarks>
    public static string OperationId(this HttpRequest request, TimeProvider time) =>
        request.HttpContext.Items[Key] as string ?? Guid.CreateVersion7(time.GetUtcNow()).ToString();

    /// <summary>Creates the record unless an earlier attempt at the operation did.</summary>
    /// <returns>The record as it is: the one given, or the other, however far it has come since.</returns>
    public static async Task<T> CreateOnceAsync<T>(
        this IRecordStore records, RecordContainer<T> container, TenantId tenant, string id, T value, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return (await records.CreateAsync(container, tenant, id, value, cancellationToken)).Value;
        }
        catch (RecordConflictException)
        {
            return (await records.FindAsync(container, tenant, id, cancellationToken))?.Value ?? value;
        }
    }
}
