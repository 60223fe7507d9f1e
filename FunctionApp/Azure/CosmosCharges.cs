using System.Diagnostics;
using System.Diagnostics.Metrics;
using Advisor.Kernel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Advisor.Azure;

/// <summary>What calls of Cosmos DB cost, in request units: a metric by container and operation, and a line in the log for each.</summary>
public sealed partial class CosmosCharges(AdvisorMetrics metrics, ILogger<CosmosCharges> logger)
{
    private readonly Counter<double> _charge = metrics.Meter.CreateCounter<double>("cosmos_request_charge", "{RU}", "Request units that calls of Cosmos DB cost");

    /// <param name="operation">A word of the port: <c>find</c>.</param>
    public void Add(string container, string operation, double requestUnits, TimeSpan duration)
    {
        _charge.Add(requestUnits, new TagList { { "container", container }, { "operation", operation } });
        Log.Charged(logger, operation, container, requestUnits, duration.TotalMilliseconds);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "{Operation} in {Container} cost {RequestUnits} RU and took {Milliseconds} ms")]
        public static partial void Charged(ILogger logger, string operation, string container, double requestUnits, double milliseconds);
    }
}
