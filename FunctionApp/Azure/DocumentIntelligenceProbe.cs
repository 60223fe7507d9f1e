using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry.Health;
using Azure.AI.FormRecognizer.DocumentAnalysis;

namespace Advisor.Azure;

/// <summary>Asks the service about its own resource, which costs nothing. Without it scanned pages wait and everything else goes on: that is degraded.</summary>
internal sealed class DocumentIntelligenceProbe(DocumentModelAdministrationClient client, Dependencies dependencies) : IDependencyProbe
{
    public string Name => Dependencies.PageReading;

    public async Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.GetResourceDetailsAsync(cancellationToken);
            return DependencyStatus.Healthy;
        }
        catch (Exception fault) when (AzureFaults.IsKnown(fault) || fault is OperationCanceledException)
        {
            dependencies[Name].Note(fault);
            return DependencyStatus.Degraded;
        }
    }

    /// <summary>A client that does not repeat: a probe has two seconds.</summary>
    internal static DocumentModelAdministrationClient Connect(DocumentIntelligenceOptions options, global::Azure.Core.TokenCredential credential) => new(
        options.ServiceUri!, credential, new DocumentAnalysisClientOptions { Retry = { MaxRetries = 0 } });
}
