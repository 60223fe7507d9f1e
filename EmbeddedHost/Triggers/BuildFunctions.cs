using Advisor.Embedded.Durable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Embedded.Triggers;

/// <summary>The functions of this build without a host around them, to replay orchestrators: no services, no middleware, no data folder.</summary>
/// <param name="Versions">As host.json and the environment say.</param>
internal sealed record BuildFunctions(IDurableFunctions Functions, ServedVersions Versions)
{
    /// <exception cref="InvalidOperationException">host.json's versionMatchStrategy is none.</exception>
    public static BuildFunctions OfThisBuild()
    {
        var builder = new ConfigurationBuilder();
        HostSettings.AddHostJson(builder, Path.Combine(AppContext.BaseDirectory, "host.json"));
        var configuration = builder.AddEnvironmentVariables().Build();
        var engine = new HostSettings(configuration).Durable(TimeSpan.Zero, CancellationToken.None);
        var services = new ServiceCollection();
        var runner = new FunctionRunner(new WorkerPipeline(services), services.BuildServiceProvider().GetRequiredService<IServiceScopeFactory>());
        return new BuildFunctions(
            new DurableFunctions(FunctionCatalog.Of(typeof(Composition).Assembly.GetTypes()), runner),
            new ServedVersions(engine.DefaultVersion, engine.VersionMatch));
    }
}
