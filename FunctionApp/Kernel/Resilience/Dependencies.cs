using System.Collections.Concurrent;
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

    /// <summary>Servers that users name, each another one: there is no circuit (docs/resilience.md says why).</summary>
    public const string DocumentFetch = "document-fetch";

    /// <summary>Receivers of notifications, each a part with places and a circuit of its own, so that a dead one closes no other. Their messages wait in the queue, so no call waits for a circuit.</summary>
    public const string Notifications = "notifications";

    /// <summary>There is no patience: the built-in analyst, which is there at once, is better than a wait.</summary>
    public const string LanguageModel = "language-model";

    /// <summary>The service that recognises pages without a text layer, where the host has one.</summary>
    public const string PageReading = "page-reading";

    private readonly FrozenDictionary<string, Dependency> _all;
    private readonly ConcurrentDictionary<(string Name, string Part), Lazy<Dependency>> _parts = new();
    private readonly Func<string, string, Dependency> _makePart;

    public Dependencies(
        IOptionsMonitor<DependencyOptions> options, IOptions<ResilienceOptions> resilience, AdvisorMetrics metrics, TimeProvider time,
        ILogger<Dependencies> logger, IHostApplicationLifetime lifetime)
    {
        _all = Sections.Where(pair => pair.Name != Notifications).ToFrozenDictionary(
            pair => pair.Name,
            pair => new Dependency(
                pair.Name, options.Get(pair.Section), pair.Name == LanguageModel ? TimeSpan.Zero : resilience.Value.Patience, pair.Name != DocumentFetch, metrics, time, logger, lifetime.ApplicationStopping));
        _makePart = (name, part) => new Dependency(
            $"{name}-{part}", options.Get(Sections.Single(pair => pair.Name == name).Section), TimeSpan.Zero, breaks: true, metrics, time, logger, lifetime.ApplicationStopping);
    }

    /// <summary>Names with the section of each under <c>Resilience</c>.</summary>
    internal static IReadOnlyList<(string Name, string Section)> Sections { get; } =
    [
        (Records, "Records"), (Blobs, "Blobs"), (Messages, "Messages"), (Audit, "Audit"), (DocumentFetch, "DocumentFetch"), (Notifications, "Notifications"),
        (LanguageModel, "LanguageModel"), (PageReading, "PageReading"),
    ];

    /// <exception cref="KeyNotFoundException">There is no dependency of that name.</exception>
    public Dependency this[string name] => _all[name];

    /// <summary>One of several things behind the same settings, made when it is first asked for.</summary>
    /// <param name="part">From a set that configuration bounds: it is kept as long as the host runs, and names metrics.</param>
    public Dependency this[string name, string part] => _parts.GetOrAdd((name, part), key => new Lazy<Dependency>(() => _makePart(key.Name, key.Part))).Value;

    /// <summary>The part, or null while nobody has asked for it.</summary>
    public Dependency? FindPart(string name, string part) => _parts.GetValueOrDefault((name, part))?.Value;

    /// <summary>The dependency, or null where the name is not one.</summary>
    public Dependency? Find(string name) => _all.GetValueOrDefault(name);

    public void Dispose()
    {
        foreach (var dependency in _all.Values.Concat(_parts.Values.Select(part => part.Value)))
        {
            dependency.Dispose();
        }
    }
}
