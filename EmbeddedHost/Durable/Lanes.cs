using System.Collections.Concurrent;

namespace Advisor.Embedded.Durable;

/// <summary>Whose work an instance is: the value of one of its tags, by which steps and activities are dealt out in turn. Safe for threads.</summary>
/// <remarks>Sub-orchestrations inherit their parent's tags, so a whole tree of work is in one lane. Instances without the tag share one.</remarks>
internal sealed class Lanes(Journal journal, string tag)
{
    /// <summary>Beyond it everything is forgotten and learned again: one indexed read for each.</summary>
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<string, string> _known = new();

    public string Of(string instanceId)
    {
        if (_known.TryGetValue(instanceId, out var lane))
        {
            return lane;
        }

        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        return journal.ReadTags(instanceId) is [var tags]
            ? _known[instanceId] = Tags.FromJson(tags).GetValueOrDefault(tag, string.Empty)
            : string.Empty;
    }

    /// <summary>To be called when an instance has ended, for its id may come again with other tags.</summary>
    public void Forget(string instanceId) => _known.TryRemove(instanceId, out _);
}
