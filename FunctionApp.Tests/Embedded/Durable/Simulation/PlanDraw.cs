using System.Globalization;

namespace Advisor.Tests.Embedded.Durable.Simulation;

/// <summary>Draws plans.</summary>
/// <param name="poison">Whether some activities take the process down; the others then take less time than the head start that keeps them from being blamed.</param>
internal sealed class PlanDraw(Random random, bool poison)
{
    private static readonly PlanKind[] s_leaves =
        [PlanKind.Act, PlanKind.Act, PlanKind.Act, PlanKind.Fail, PlanKind.Timer, PlanKind.Leave, PlanKind.Timeout, PlanKind.Status, PlanKind.NewId, PlanKind.Signal, PlanKind.Contest];

    private static readonly PlanKind[] s_nodes =
        [PlanKind.Sequence, PlanKind.Sequence, PlanKind.All, PlanKind.All, PlanKind.Race, PlanKind.Child, PlanKind.FailingChild, PlanKind.Loop];

    private int _drawn;

    /// <param name="inRoot">Whether it stands in an instance whose id the outside knows, so that events can reach it.</param>
    public Plan Draw(int depth, bool inRoot = true)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"k{++_drawn}");
        if (depth == 0 || random.Next(4) == 0)
        {
            var leaf = inRoot && random.Next(8) == 0 ? PlanKind.Event : s_leaves[random.Next(s_leaves.Length)];
            if (poison && leaf == PlanKind.Leave)
            {
                leaf = PlanKind.Poison;
            }

            return new Plan(leaf, key, [], random.Next(1, poison ? 4 : 60), leaf == PlanKind.Act ? Math.Max(0, random.Next(6) - 3) : 0);
        }

        var kind = s_nodes[random.Next(s_nodes.Length)];
        return kind switch
        {
            PlanKind.Race => new Plan(kind, key, [Draw(0, inRoot: false)]),
            PlanKind.Child or PlanKind.FailingChild => new Plan(kind, key, [Draw(depth - 1, inRoot: false)]),
            PlanKind.Loop => new Plan(kind, key, [Repeatable(Math.Min(depth - 1, 1))], Count: random.Next(1, 4)),
            _ => new Plan(kind, key, [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => Draw(depth - 1, inRoot))]),
        };
    }

    /// <summary>A plan that can run several times.</summary>
    public Plan Repeatable(int depth)
    {
        while (true)
        {
            var plan = Draw(depth, inRoot: false);
            if (plan.IsRepeatable)
            {
                return plan;
            }
        }
    }
}
