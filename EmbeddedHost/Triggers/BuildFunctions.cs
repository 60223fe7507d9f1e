using Advisor.Embedded.Durable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Embedded.Triggers;

/// <summary>The functions of this build without a host around them, to replay orchestrators: no services, no middleware, no data folder.</summary>
/// <param name="Versions">As host.json and the environment say.</param>
internal sealed record BuildFunctions(IDurableFunctions Functions, ServedVersions Versions)
{
    private const string MatchKey = $"{HostSettings.Section}:extensions:durableTask:versionMatchStrategy";

    /// <exception cref="InvalidOperationException">host.json's versionMatchStrategy is none.</exception>
    public static BuildFunctions OfThisBuild()
    {
        var builder = new ConfigurationBuilder();
        HostSettings.AddHostJson(builder, Path.Combine(AppContext.BaseDirectory, "host.json"));
        var configuration = builder.AddEnvironmentVariables().Build();
        var match = VersionMatch.CurrentOrOlder;
        if (configuration[MatchKey] is { } text && !Enum.TryParse(text, ignoreCase: true, out match))
        {
            throw new InvalidOperationException($"'{text}' is not a versionMatchStrategy; host.json may say {string.Join(", ", Enum.GetNames<VersionMatch>())}.");
        }

        var services = new ServiceCollection();
        var runner = new FunctionRunner(new WorkerPipeline(services), services.BuildServiceProvider().GetRequiredService<IServiceScopeFactory>());
        return new BuildFunctions(
            new DurableFunctions(FunctionCatalog.Of(typeof(Composition).Assembly.GetTypes()), runner),
            new ServedVersions(new HostSettings(configuration).Durable(TimeSpan.Zero, CancellationToken.None).DefaultVersion, match));
    }
}
