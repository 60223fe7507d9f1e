using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry.Health;

namespace Advisor.Kernel.LanguageModels;

/// <summary>Asks the server for its list of models. Without a model the built-in analyst works alone: that is degraded, not down.</summary>
internal sealed class ModelProbe(ILanguageModel model, Dependencies dependencies) : IDependencyProbe
{
    public string Name => Dependencies.LanguageModel;

    public async Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await model.ProbeAsync(cancellationToken);
            return DependencyStatus.Healthy;
        }
        catch (Exception fault) when (fault is ModelException or ModelServerException or OperationCanceledException)
        {
            dependencies[Name].Note(fault);
            return DependencyStatus.Degraded;
        }
    }
}
