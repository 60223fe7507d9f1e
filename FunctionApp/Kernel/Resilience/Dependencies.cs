using System.Collections.Frozen;
using Advisor.Kernel.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Resilience;

/// <summary>The dependencies of the product, by name.</summary>
public sealed class Dependencies : IDisposable
{
    public const string Records = "records";
    public const string Blobs = "blobs";
    public const string Messages = "messages";
    public const string Audit = "audit";

    /// <summary>Servers of third parties, each another one: there is no circuit, for one that fails must not close the door to the others.</summary>
    public const string DocumentFetch = "document-fetch";

    /// <summary>Channels: there is no circuit either, for each message waits on a schedule of its own, and one dead channel must not close the others.</summary>
    public const string Notifications = "notifications";

    /// <summary>There is no patience: the built-in analyst, which is there at once, is better than a wait.</summary>
    public const string LanguageModel = "language-model";

    private readonly FrozenDictionary<string, Dependency> _all;

    public Dependencies(
        IOptionsMonitor<DependencyOptions> options, IOptions<ResilienceOptions> resilience, AdvisorMetrics metrics, TimeProvider time,
        ILogger<Dependencies> logger, IHostApplicationLifetime lifetime)
    {
        _all = Sections.ToFrozenDictionary(
            pair => pair.Name,
            pair => new Dependency(
                pair.Name, options.Get(pair.Section), pair.Name == LanguageModel ? TimeSpan.Zero : resilience.Value.Patience, pair.Name is not (DocumentFetch or Notifications), metrics, time, logger, lifetime.ApplicationStopping));
    }

    /// <summary>Names with the section of each under <c>Resilience</c>.</summary>
    internal static IReadOnlyList<(string Name, string Section)> Sections { get; } =
    [
        (Records, "Records"), (Blobs, "Blobs"), (Messages, "Messages"), (Audit, "Audit"), (DocumentFetch, "DocumentFetch"), (Notifications, "Notifications"),
        (LanguageModel, "LanguageModel"),
    ];

    /// <exception cref="KeyNotFoundException">There is no dependency of that name.</exception>
    public Dependency this[string name] => _all[name];

    /// <summary>The dependency, or null where the name is not one.</summary>
    public Dependency? Find(string name) => _all.GetValueOrDefault(name);

    public void Dispose()
    {
        foreach (var dependency in _all.Values)
        {
            dependency.Dispose();
        }
    }
}
