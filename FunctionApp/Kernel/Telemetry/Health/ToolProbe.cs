namespace Advisor.Kernel.Telemetry.Health;

/// <summary>Looks for a program on the PATH. Without it some documents cannot be read, and everything else goes on: that is degraded.</summary>
public sealed class ToolProbe(string program) : IDependencyProbe
{
    public string Name => program;

    public Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")))
            ? DependencyStatus.Healthy
            : DependencyStatus.Degraded);
}
