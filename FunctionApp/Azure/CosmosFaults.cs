using System.Globalization;
using System.Net;
using Azure.Identity;
using Microsoft.Azure.Cosmos;

namespace Advisor.Azure;

/// <summary>Answers of Cosmos DB that are no outcome, as faults that the product knows.</summary>
internal static class CosmosFaults
{
    private const string Service = "Cosmos DB";

    /// <summary>Sub-status of a 404 that is about the container or the database.</summary>
    private const string OwnerNotFound = "1003";

    private const string SubStatus = "x-ms-substatus";

    /// <summary>A container that is not there would otherwise look like one without records.</summary>
    public static bool IsMissingContainer(ResponseMessage response) =>
        response.StatusCode == HttpStatusCode.NotFound && response.Headers[SubStatus] == OwnerNotFound;

    public static Exception Of(ResponseMessage response, string container) => Of(container, (int)response.StatusCode, response.Headers[SubStatus]);

    /// <summary>The fault of a batch: that of the operation that failed it, for the others only say that they depended on it.</summary>
    public static Exception Of(TransactionalBatchResponse response, string container)
    {
        var failed = response.FirstOrDefault(result => !result.IsSuccessStatusCode && result.StatusCode != HttpStatusCode.FailedDependency);
        return Of(container, (int)(failed?.StatusCode ?? response.StatusCode), response.Headers?[SubStatus]);
    }

    /// <summary>Makes a call, and throws what the product knows where the client throws.</summary>
    public static async Task<T> TranslateAsync<T>(string container, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (CosmosException fault)
        {
            throw Of(container, (int)fault.StatusCode, fault.SubStatusCode.ToString(CultureInfo.InvariantCulture), fault);
        }
        catch (AuthenticationFailedException fault)
        {
            throw AzureFaults.Of(Service, fault);
        }
    }

    private static Exception Of(string container, int status, string? subStatus, Exception? inner = null) => (status, subStatus) switch
    {
        (404, OwnerNotFound) => new InvalidOperationException($"Cosmos DB has no container '{container}' in the configured database: deploy it (docs/azure.md lists them).", inner),
        (413, _) => new InvalidOperationException($"Cosmos DB takes records of up to 2 MB, and one for '{container}' is larger: keep its bulk in a blob.", inner),
        _ => AzureFaults.Of(Service, status, subStatus is null or "" or "0" ? null : $"sub-status {subStatus}", inner),
    };
}
