using System.Threading.Channels;

namespace Advisor.Embedded.Durable;

/// <summary>A queue of lanes: each take is the next lane's turn, and within a lane the oldest goes first. Safe for threads.</summary>
/// <param name="share">How many items of one lane may be held at once, from their taking to their release.</param>
internal sealed class FairQueue<T>(int share = int.MaxValue)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly Queue<Lane> _turns = new();

    /// <summary>One for each item that may be takeable now. A taker who finds none after all waits for the next.</summary>
    private readonly Channel<bool> _hints = Channel.CreateUnbounded<bool>();

    public void Add(string name, T item)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(name, out var lane))
            {
                _lanes.Add(name, lane = new Lane());
                _turns.Enqueue(lane);
            }

            lane.Items.Enqueue(item);
        }

        _hints.Writer.TryWrite(true);
    }

    /// <summary>The next item of the lane whose turn it is, passing over those that hold their share.</summary>
    public async ValueTask<T> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _hints.Reader.ReadAsync(cancellationToken);
            lock (_gate)
            {
                for (var passed = 0; passed < _turns.Count; passed++)
                {
                    var lane = _turns.Dequeue();
                    _turns.Enqueue(lane);
                    if (lane.Held < share && lane.Items.TryDequeue(out var item))
                    {
                        lane.Held++;
                        return item;
                    }
                }
            }
        }
    }

    /// <summary>Gives back one held item's place in its lane.</summary>
    public void Release(string name)
    {
        bool waits;
        lock (_gate)
        {
            var lane = _lanes[name];
            lane.Held--;
            waits = lane.Items.Count > 0;
            if (!waits && lane.Held == 0)
            {
                _lanes.Remove(name);
                Drop(lane);
            }
        }

        if (waits)
        {
            _hints.Writer.TryWrite(true);
        }
    }

    private void Drop(Lane gone)
    {
        for (var left = _turns.Count; left > 0; left--)
        {
            if (_turns.Dequeue() is var lane && lane != gone)
            {
                _turns.Enqueue(lane);
            }
        }
    }

    private sealed class Lane
    {
        public Queue<T> Items { get; } = new();

        public int Held { get; set; }
    }
}
