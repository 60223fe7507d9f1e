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
            NothingWhileSuspended(root.Id, history(root.Id));
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

    /// <summary>A step that begins in suspension takes in nothing, up to the resumption, but what ends it.</summary>
    private static void NothingWhileSuspended(string id, IReadOnlyList<HistoryEvent> history)
    {
        var suspended = false;
        foreach (var line in history)
        {
            switch (line.Kind)
            {
                case EventKind.Suspended:
                    suspended = true;
                    break;
                case EventKind.Resumed:
                    suspended = false;
                    break;
                default:
                    Require(!suspended || line.IsAction || line.Kind is EventKind.Step or EventKind.Terminated, $"{id} took in '{line.Kind}' while it was suspended.");
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
