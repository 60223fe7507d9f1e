using Advisor.Kernel.Http;
using Azure.Core;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Advisor.Azure;

/// <summary>Makes the one client of the account that a host has.</summary>
internal static class CosmosAccount
{
    /// <summary>Below the time of an attempt, so that a hung connection is left in time for another.</summary>
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromSeconds(6);

    public static CosmosClient Connect(CosmosOptions options, TokenCredential credential) => new(options.ServiceUri!.AbsoluteUri, credential, Settings(options));

    public static CosmosClientOptions Settings(CosmosOptions options) => new()
    {
        ApplicationName = "advisor",
        ConnectionMode = options.ConnectionMode,
        UseSystemTextJsonSerializerWithOptions = AdvisorJson.Options,
        AllowBulkExecution = false,
        EnableContentResponseOnWrite = false,
        MaxRetryAttemptsOnRateLimitedRequests = options.MaxThrottleRetries,
        MaxRetryWaitTimeOnRateLimitedRequests = options.MaxThrottleWait,
        RequestTimeout = s_requestTimeout,
    };
}

/// <summary>Refuses to start on an account whose reads may miss writes of another instance.</summary>
/// <remarks>
/// Session consistency, the default of an account, holds within one client; a run goes from instance to instance, and reads at one what it wrote at
/// another. A client can ask for less than its account gives, never for more. An account that does not answer keeps nobody from starting:
/// health and circuits tell of that.
/// </remarks>
public sealed partial class CosmosAccountCheck(CosmosClient client, ILogger<CosmosAccountCheck> logger) : IHostedService
{
    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The account's consistency is too weak.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ConsistencyLevel level;
        try
        {
            level = (await CosmosFaults.TranslateAsync("account", client.ReadAccountAsync).WaitAsync(TimeSpan.FromSeconds(15), cancellationToken)).Consistency.DefaultConsistencyLevel;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or TimeoutException or HttpRequestException)
        {
            Log.NotAsked(logger, fault);
            return;
        }

        if (level is not (ConsistencyLevel.Strong or ConsistencyLevel.BoundedStaleness))
        {
            throw new InvalidOperationException($"The Cosmos DB account has {level} consistency; set it to Strong or BoundedStaleness, so that every instance reads what another wrote.");
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(EventId = 401, Level = LogLevel.Warning, Message = "The Cosmos DB account could not be asked for its consistency")]
        public static partial void NotAsked(ILogger logger, Exception fault);
    }
}
