using Microsoft.DurableTask.Client;

namespace Advisor.Embedded.Durable;

/// <summary>An orchestrator kept in memory between two of its steps.</summary>
/// <param name="Instance">Its row as it was when the execution was loaded.</param>
/// <param name="HistoryLength">How many lines its history has in the journal.</param>
internal sealed record LiveOrchestration(
    Instance Instance, OrchestrationExecution Execution, OrchestrationRuntimeStatus Status, long HistoryLength);

/// <summary>The waiting orchestrators, so that their next step need not replay; the least recently used beyond the bound are forgotten.</summary>
/// <remarks>Safe for threads. An orchestrator is taken out for a step and put back after it, so nobody else can have it meanwhile.</remarks>
internal sealed class LiveOrchestrations(int bound)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<LiveOrchestration>> _byId = [];
    private readonly LinkedList<LiveOrchestration> _byUse = new();

    public LiveOrchestration? Take(string id)
    {
        lock (_gate)
        {
            if (!_byId.Remove(id, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            return node.Value;
        }
    }

    public void Put(LiveOrchestration live)
    {
        lock (_gate)
        {
            _byId.Add(live.Instance.Id, _byUse.AddLast(live));
            while (_byId.Count > bound)
            {
                var oldest = _byUse.First!;
                _byUse.RemoveFirst();
                _byId.Remove(oldest.Value.Instance.Id);
            }
        }
    }
}
