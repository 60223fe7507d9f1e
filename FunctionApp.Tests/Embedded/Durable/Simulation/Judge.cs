using System.Text.Json;
using Advisor.Embedded.Durable;
using Microsoft.DurableTask.Client;

namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>Holds what came of the orchestrations against their plans.</summary>
internal static class Judge
{
    /// <param name="exactly">Without a death every attempt is made once; with one, an attempt whose result was not kept is made again.</param>
    public static void Of(IReadOnlyList<Root> roots, PlanWorld world, Func<string, Instance?> find, Func<string, IReadOnlyList<HistoryEvent>> history, bool exactly)
    {
        foreach (var root in roots)
        {
            NothingDoneWhileSuspended(root.Id, history(root.Id));
            Of(root, world, find(root.Id)!, exactly && root.Fate is (Fate.Nothing or Fate.Paused));
        }

        var planned = roots.SelectMany(root => root.Plan.Effects).Select(effect => effect.Key).ToHashSet();
        Require(world.Attempts.Keys.All(planned.Contains), "An activity ran that no plan has.");
        var ids = world.Ids.GroupBy(drawn => (drawn.Key, drawn.Instance)).FirstOrDefault(same => same.Count() > 1);
        Require(ids is null, $"The id {ids?.Key} was drawn differently in a replay.");
    }

    private static void Of(Root root, PlanWorld world, Instance end, bool exactly)
    {
        if (root.Fate == Fate.Terminated)
        {
            Require(end.Status == OrchestrationRuntimeStatus.Terminated, $"{root.Id} was terminated and is {end.Status}.");
            return;
        }

        Require(end.Status == OrchestrationRuntimeStatus.Completed, $"{root.Id} is {end.Status}: {end.Failure}");
        var output = JsonSerializer.Deserialize<string>(end.Output!);
        Require(output == root.Plan.Value, $"{root.Id} gave\n  {output}\nand not\n  {root.Plan.Value}");
        Require(root.Fate != Fate.Nothing || root.StartAt is null || world.Begun[root.Id] >= root.StartAt.Value.UtcDateTime, $"{root.Id} began before its time, at {world.Begun[root.Id]:HH:mm:ss}.");
        foreach (var (key, attempts) in root.Plan.Effects)
        {
            var made = world.Attempts.GetValueOrDefault(key);
            Require(exactly ? made == attempts : made >= attempts, $"The activity {key} of {root.Id} was begun {made} times, and not {attempts}.");
        }
    }

    /// <summary>What comes while an instance is suspended stands in its history, and nothing is done about it: a step that begins in suspension and has no resumption has no action, and no end of its own.</summary>
    private static void NothingDoneWhileSuspended(string id, IReadOnlyList<HistoryEvent> history)
    {
        var (suspended, held) = (false, false);
        foreach (var line in history)
        {
            switch (line.Kind)
            {
                case EventKind.Step:
                    held = suspended;
                    break;
                case EventKind.Suspended:
                    suspended = true;
                    break;
                case EventKind.Resumed:
                    (suspended, held) = (false, false);
                    break;
                default:
                    Require(!held || !(line.IsAction || (line.IsEnd && line.Kind != EventKind.Terminated)), $"{id} did '{line.Kind}' while it was suspended.");
                    break;
            }
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimulationFailedException(otherwise);
        }
    }
}
