using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Embedded;

/// <summary>How to start an <see cref="AdvisorHost"/>.</summary>
public sealed record AdvisorHostOptions
{
    /// <summary>Folder of the databases, blobs and logs; created when absent. One host at a time may use it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where to listen. Port 0 takes any free port; <see cref="AdvisorHost.Url"/> tells which.</summary>
    public string Url { get; init; } = "http://127.0.0.1:7071";

    /// <summary>The host's clock: timers, locks, durable timers.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Settings that override the environment, which overrides host.json. host.json's own are under <c>AzureFunctionsJobHost:</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Registrations after all others, so that they win.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>Where functions are looked for.</summary>
    public Assembly FunctionAssembly { get; init; } = typeof(Composition).Assembly;

    /// <summary>The classes that hold the functions; null means all of <see cref="FunctionAssembly"/>.</summary>
    public IReadOnlyList<Type>? FunctionTypes { get; init; }

    /// <summary>Worker middleware in place of the product's own; null means the product's.</summary>
    public Action<IFunctionsWorkerApplicationBuilder>? ConfigureWorker { get; init; }

    /// <summary>How long a stop lets running work finish before it is cancelled.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether warnings and errors also go to standard error. The log file has them in any case.</summary>
    public bool LogToConsole { get; init; } = true;
}
