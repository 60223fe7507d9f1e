using System.ComponentModel.DataAnnotations;

namespace Advisor.Embedded.Durable;

/// <summary>Bounds of the engine. The host fills the first three from the durableTask section of host.json.</summary>
public sealed class DurableEngineOptions
{
    /// <summary>host.json's maxConcurrentActivityFunctions.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentActivities { get; init; } = 8;

    /// <summary>host.json's maxConcurrentOrchestratorFunctions: how many orchestrators execute code at one moment. Waiting ones are not counted.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentOrchestrators { get; init; } = 8;

    /// <summary>host.json's defaultVersion: what <c>context.Version</c> says where a start or sub-orchestration call names none.</summary>
    public string DefaultVersion { get; init; } = string.Empty;

    /// <summary>host.json's versionMatchStrategy: which versions of instances this build runs.</summary>
    public VersionMatch VersionMatch { get; init; } = VersionMatch.None;

    /// <summary>host.json's versionFailureStrategy: what becomes of the others.</summary>
    public VersionFailure VersionFailure { get; init; } = VersionFailure.Reject;

    /// <summary>How many steps, and how many results of activities, may wait for their commit before no more begins: a write waits behind so many at most.</summary>
    [Range(1, 100_000)]
    public int MaxUncommitted { get; init; } = 32;

    /// <summary>The tag whose values take turns: with many instances of one value ready, another value's single one is next all the same.</summary>
    public string FairnessTag { get; init; } = "tenant";

    /// <summary>How many waiting orchestrations are kept in memory between steps; the least recently used beyond it are replayed when next needed.</summary>
    [Range(0, 1_000_000)]
    public int MaxLiveOrchestrations { get; init; } = 1_000;

    /// <summary>Cancelled when the host begins to stop, which is before it stops the engine: an activity that then gives up has not failed.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Keep none in memory: every step replays the whole history. For tests; the outcome must not differ.</summary>
    public bool AlwaysReplay { get; init; }

    /// <summary>How often an orchestration step or activity may be running when the process dies before it is quarantined as poisoned; at the last of them it must have been the only one.</summary>
    [Range(1, 1_000)]
    public int MaxProcessDeaths { get; init; } = 3;

    /// <summary>After a death of the process, how long each step or activity that was running then has the next process to itself; it doubles with each further death.</summary>
    public TimeSpan SuspectHeadStart { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whose turn it is after a death: the engine's suspects, or messages that were in hand then.</summary>
    internal SuspectTurns Suspects { get; set; } = new(messages: 0, TimeSpan.Zero);

    /// <summary>How long <see cref="DurableEngine.StopAsync"/> waits for running activities before it cancels them. They run again after the next start.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a failed write to the journal waits before it is tried again.</summary>
    public TimeSpan WriteRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Begins the engine's workers: on threads of the pool, or, for simulations, on the one thread that there is.</summary>
    internal Func<Func<Task>, Task> Begin { get; init; } = Task.Run;
}
