using Advisor.Embedded.Durable;
using Microsoft.Extensions.Configuration;

namespace Advisor.Embedded;

/// <summary>host.json as this host reads it, and the <c>%Setting%</c> names in trigger attributes.</summary>
/// <remarks>
/// host.json lies under <c>AzureFunctionsJobHost</c> in the configuration, as in the Functions host, so that
/// <c>AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls=4</c> in the environment overrides it under both hosts.
/// </remarks>
internal sealed class HostSettings(IConfiguration configuration)
{
    /// <summary>Section of the configuration that holds host.json.</summary>
    public const string Section = "AzureFunctionsJobHost";

    /// <summary>Before every route; the Functions host's own default is <c>api</c>.</summary>
    public string RoutePrefix => Extension("http:routePrefix") ?? "api";

    /// <summary>Messages of one queue in work at once.</summary>
    public int MaxConcurrentCalls => Number("serviceBus:maxConcurrentCalls", absent: 16);

    /// <summary>How long a message's lock is renewed while its function runs.</summary>
    public TimeSpan MaxAutoLockRenewalDuration =>
        Extension("serviceBus:maxAutoLockRenewalDuration") is { } text ? TimeSpan.Parse(text) : TimeSpan.FromMinutes(5);

    /// <summary>Whether a message is completed when its function returned without settling it.</summary>
    public bool AutoCompleteMessages => Extension("serviceBus:autoCompleteMessages") is not { } text || bool.Parse(text);

    /// <summary>The durableTask section as bounds of the engine.</summary>
    public DurableEngineOptions Durable(TimeSpan drainTimeout, CancellationToken stopping)
    {
        var defaults = new DurableEngineOptions();
        return new DurableEngineOptions
        {
            MaxConcurrentActivities = Number("durableTask:maxConcurrentActivityFunctions", defaults.MaxConcurrentActivities),
            MaxConcurrentOrchestrators = Number("durableTask:maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestrators),
            DefaultVersion = Extension("durableTask:defaultVersion") ?? defaults.DefaultVersion,
            VersionMatch = Choice("durableTask:versionMatchStrategy", VersionMatch.CurrentOrOlder),
            VersionFailure = Choice("durableTask:versionFailureStrategy", VersionFailure.Reject),
            DrainTimeout = drainTimeout,
            Stopping = stopping,
        };
    }

    /// <summary>Replaces each <c>%Name%</c> in a trigger attribute by that setting.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing; the message names it.</exception>
    public string Resolve(string expression)
    {
        var parts = expression.Split('%');
        if (parts.Length % 2 == 0)
        {
            throw new InvalidOperationException($"'{expression}' opens a %Setting% and does not close it.");
        }

        for (var i = 1; i < parts.Length; i += 2)
        {
            parts[i] = configuration[parts[i]]
                ?? throw new InvalidOperationException($"'{expression}' names the setting '{parts[i]}', which has no value.");
        }

        return string.Concat(parts);
    }

    /// <summary>Adds a host.json under <see cref="Section"/>.</summary>
    public static void AddHostJson(IConfigurationBuilder builder, string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var stream = File.OpenRead(path);
        var json = new ConfigurationBuilder().AddJsonStream(stream).Build();
        builder.AddInMemoryCollection(json.AsEnumerable()
            .Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create($"{Section}:{pair.Key}", pair.Value)));
    }

    private T Choice<T>(string key, T absent)
        where T : struct, Enum => Extension(key) is not { } text ? absent
            : Enum.TryParse<T>(text, ignoreCase: true, out var choice) && Enum.IsDefined(choice) ? choice
            : throw new InvalidOperationException($"'{text}' is no value of {key} in host.json; it may be {string.Join(", ", Enum.GetNames<T>())}.");

    private int Number(string key, int absent) => Extension(key) is { } text ? int.Parse(text) : absent;

    private string? Extension(string key) => configuration[$"{Section}:extensions:{key}"];
}
