using Advisor.Embedded.Durable;
using Microsoft.Extensions.Hosting;

namespace Advisor.Embedded.Triggers;

/// <summary>Starts and stops the durable engine with the host: before the triggers that use it, after them.</summary>
internal sealed class DurableService(DurableEngine engine) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => engine.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);
}
