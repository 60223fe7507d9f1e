using System.Text.Json;
using Advisor.Embedded.Durable;
using Microsoft.DurableTask.Client;

namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>Holds what came of the orchestrations against their plans.</summary>
internal static class Judge
{
    /// <param name="exactly">Without a death every attempt is made once; with one, an attempt whose result was not kept is made again.</param>
    public static void Of(IReadOnlyList<(string Id, Plan Plan, bool IsVictim)> roots, PlanWorld world, Func<string, Instance?> find, bool exactly)
    {
        foreach (var (id, plan, isVictim) in roots)
        {
            var end = find(id)!;
            if (isVictim)
            {
                Require(end.Status == OrchestrationRuntimeStatus.Terminated, $"{id} was terminated and is {end.Status}.");
                continue;
            }

            Require(end.Status == OrchestrationRuntimeStatus.Completed, $"{id} is {end.Status}: {end.Failure}");
            var output = JsonSerializer.Deserialize<string>(end.Output!);
            Require(output == plan.Value, $"{id} gave\n  {output}\nand not\n  {plan.Value}");
            foreach (var (key, attempts) in plan.Effects)
            {
                var made = world.Attempts.GetValueOrDefault(key);
                Require(exactly ? made == attempts : made >= attempts, $"The activity {key} of {id} was begun {made} times, and not {attempts}.");
            }
        }

        var planned = roots.SelectMany(root => root.Plan.Effects).Select(effect => effect.Key).ToHashSet();
        Require(world.Attempts.Keys.All(planned.Contains), "An activity ran that no plan has.");
        var ids = world.Ids.GroupBy(drawn => (drawn.Key, drawn.Instance)).FirstOrDefault(same => same.Count() > 1);
        Require(ids is null, $"The id {ids?.Key} was drawn differently in a replay.");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimulationFailedException(otherwise);
        }
    }
}
