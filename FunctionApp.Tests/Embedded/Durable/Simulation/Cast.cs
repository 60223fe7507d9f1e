using System.Globalization;
using Advisor.Embedded.Durable;

namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>What is done to a root from outside, besides the events that it needs.</summary>
internal enum Fate
{
    Nothing,
    Paused,

    /// <summary>Terminated with its children, while it waits for an event that nobody sends.</summary>
    Terminated,

    /// <summary>Run again from its input, perhaps while it is under way.</summary>
    Restarted,

    /// <summary>Purged when it has ended, and started once more.</summary>
    Renewed,
}

/// <param name="StartAt">For a start that is put off: not before then.</param>
internal sealed record Root(string Id, Plan Plan, Fate Fate, DateTimeOffset? StartAt);

/// <summary>Draws the roots of a simulation and the callers around them.</summary>
/// <param name="find">An instance as the journal has it now.</param>
internal sealed class Cast(Random random, SimulatedTime time, PlanDraw plans, Func<string, Instance?> find)
{
    private readonly List<Root> _roots = [];
    private readonly List<OutsideCaller> _callers = [];

    public IReadOnlyList<Root> Roots => _roots;

    public IReadOnlyList<OutsideCaller> Callers => _callers;

    public void Draw()
    {
        for (var root = random.Next(1, 6); root > 0; root--)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"root-{root}");
            var fate = random.Next(12) switch { 0 => Fate.Terminated, 1 => Fate.Restarted, 2 => Fate.Renewed, < 6 => Fate.Paused, _ => Fate.Nothing };
            Plan part = fate is Fate.Restarted or Fate.Renewed ? plans.Repeatable(3) : plans.Draw(3);
            Plan[] parts = fate == Fate.Terminated ? [part, new Plan(PlanKind.Event, $"{id}-never", [])] : [part];
            var starts = Later(60);
            _roots.Add(new Root(id, new Plan(PlanKind.Sequence, id, parts), fate, random.Next(6) == 0 ? starts.AddSeconds(random.Next(1, 600)) : null));
            Surround(_roots[^1], starts);
        }
    }

    private void Surround(Root root, DateTimeOffset starts)
    {
        var start = Twice(OutsideCaller.Start(starts, root.Id, root.Plan, root.StartAt));
        var later = starts.AddSeconds(random.Next(1, 3_600));
        Calls(root.Fate == Fate.Renewed ? [.. start, OutsideCaller.Purge(later, root.Id), .. start] : start);
        foreach (var (instance, name) in root.Plan.Events.Where(awaited => awaited.Name != $"{root.Id}-never"))
        {
            Calls(Twice(OutsideCaller.Raise(Later(7_200), instance ?? root.Id, name, () => root.Fate == Fate.Terminated && find(root.Id) is { IsFinished: true })));
        }

        switch (root.Fate)
        {
            case Fate.Terminated:
                Calls(OutsideCaller.Terminate(later, root.Id));
                break;
            case Fate.Restarted:
                Calls(OutsideCaller.Restart(later, root.Id));
                break;
            case Fate.Paused:
                var pause = starts.AddSeconds(random.Next(1, 600));
                Calls(OutsideCaller.Suspend(pause, root.Id), OutsideCaller.Resume(pause.AddSeconds(random.Next(1, 600)), root.Id));
                break;
        }

        if (root.Fate != Fate.Renewed && random.Next(4) == 0)
        {
            Calls(OutsideCaller.Wait(Later(3_600), root.Id));
        }
    }

    private void Calls(params OutsideCaller.Call[] calls) => _callers.Add(new OutsideCaller(time, calls));

    private DateTimeOffset Later(int seconds) => SimulatedTime.Start.AddSeconds(random.Next(1, seconds));

    /// <summary>A caller who was not sure asks again.</summary>
    private OutsideCaller.Call[] Twice(OutsideCaller.Call call) => random.Next(4) == 0 ? [call, call] : [call];
}
