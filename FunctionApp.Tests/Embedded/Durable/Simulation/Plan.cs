using System.Globalization;
using System.Text.Json.Serialization;

namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>What an orchestration does, as data: each kind of step leaves a value that does not depend on who was faster.</summary>
internal enum PlanKind
{
    /// <summary>Calls an activity that fails <see cref="Plan.Count"/> times first, under a retry policy that allows it.</summary>
    Act,

    /// <summary>Calls an activity that always fails, and catches it.</summary>
    Fail,
    Timer,

    /// <summary>One after the other.</summary>
    Sequence,

    /// <summary>All at once, until all have ended.</summary>
    All,

    /// <summary>The first part against a timer of days, which loses and is cancelled.</summary>
    Race,

    /// <summary>A timer of seconds against an activity of hours, which loses and is left running.</summary>
    Leave,

    /// <summary>Two activities that take equally long; the second answer comes when nobody waits for it any more, perhaps when the execution is over.</summary>
    Contest,

    /// <summary>Waits for an event that comes from outside.</summary>
    Event,

    /// <summary>Waits in vain.</summary>
    Timeout,
    Child,

    /// <summary>A child that fails after its part.</summary>
    FailingChild,

    /// <summary>A child that waits for an event, and the event, both at once.</summary>
    Signal,

    /// <summary>A child that continues as new <see cref="Plan.Count"/> times, each time with its part and an event from outside.</summary>
    Loop,
    Status,

    /// <summary>Draws an id and hands it to an activity.</summary>
    NewId,

    /// <summary>Calls an activity that takes the process down whenever it begins, and catches that it is quarantined.</summary>
    Poison,
}

/// <param name="Key">Unique in a simulation.</param>
/// <param name="Seconds">How long it takes, where it takes time.</param>
internal sealed record Plan(PlanKind Kind, string Key, IReadOnlyList<Plan> Parts, int Seconds = 0, int Count = 0)
{
    /// <summary>After how many deaths work is quarantined, in simulations that have such work.</summary>
    public const int DeathsOfPoison = 3;

    /// <summary>Whether it can run several times, also at once: nothing of it is known to the outside, or tells one run from another.</summary>
    [JsonIgnore]
    public bool IsRepeatable => Kind is not (PlanKind.Signal or PlanKind.Loop or PlanKind.Event or PlanKind.NewId or PlanKind.Poison) && Parts.All(part => part.IsRepeatable);

    /// <summary>For a person who reads of a failed seed.</summary>
    public override string ToString() => $"{Kind} {Key}{(Count > 0 ? $" x{Count}" : "")}{(Parts.Count > 0 ? $"({string.Join(", ", Parts)})" : "")}";

    public static string FailureOf(string key) => $"{key} always fails";

    /// <summary>What the orchestration answers: the plain model that the engine is held against.</summary>
    [JsonIgnore]
    public string Value => Kind switch
    {
        PlanKind.Act or PlanKind.NewId or PlanKind.Contest => Key,
        PlanKind.Fail => $"!{Key}",
        PlanKind.Sequence or PlanKind.All => $"[{string.Join(' ', Parts.Select(part => part.Value))}]",
        PlanKind.Race => Parts[0].Value,
        PlanKind.Event or PlanKind.Signal => $"<{Key}>",
        PlanKind.Child => $"({Parts[0].Value})",
        PlanKind.FailingChild => $"(!{Key})",
        PlanKind.Loop => string.Join('+', Enumerable.Range(0, Count + 1).Select(turn => $"{Parts[0].Value}<{LoopEvent(Key, turn)}>")),
        _ => Kind.ToString(),
    };

    /// <summary>Activities by key, with how often each is called; each call may fail and be repeated.</summary>
    [JsonIgnore]
    public IEnumerable<(string Key, int Attempts)> Effects => Kind switch
    {
        PlanKind.Act => [(Key, Count + 1)],
        PlanKind.Fail or PlanKind.NewId => [(Key, 1)],
        PlanKind.Leave => [(Key, 1)],
        PlanKind.Contest => [($"{Key}-a", 1), ($"{Key}-b", 1)],
        PlanKind.Poison => [(Key, DeathsOfPoison)],
        PlanKind.Loop => Parts[0].Effects.Select(effect => (effect.Key, effect.Attempts * (Count + 1))),
        _ => Parts.SelectMany(part => part.Effects),
    };

    /// <summary>Events that must come from outside: to which instance, and which.</summary>
    [JsonIgnore]
    public IEnumerable<(string? Instance, string Name)> Events => Kind switch
    {
        PlanKind.Event => [(null, Key)],
        PlanKind.Loop => Enumerable.Range(0, Count + 1).Select(turn => ((string?)InstanceOf(Key), LoopEvent(Key, turn))).Concat(Parts[0].Events),
        _ => Parts.SelectMany(part => part.Events),
    };

    public static string InstanceOf(string key) => $"i-{key}";

    public static string LoopEvent(string key, int turn) => string.Create(CultureInfo.InvariantCulture, $"{key}-{turn}");
}
