namespace Advisor.Embedded.Durable;

/// <summary>The instances that have something to take in, one lane after the other. One instance is in hand at most once at a time.</summary>
/// <remarks>Signals are only hints: the inbox in the journal says what there is to do. A signal while the instance is in hand brings it back afterwards.</remarks>
internal sealed class ReadyInstances(Func<string, string> laneOf)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, State> _states = [];
    private readonly FairQueue<(string Id, string Lane)> _queue = new();

    private enum State
    {
        Queued,
        InHand,
        InHandAndSignalled,
    }

    public void Signal(string id)
    {
        var lane = laneOf(id);
        lock (_gate)
        {
            if (_states.TryAdd(id, State.Queued))
            {
                _queue.Add(lane, (id, lane));
            }
            else if (_states[id] == State.InHand)
            {
                _states[id] = State.InHandAndSignalled;
            }
        }
    }

    /// <summary>The next instance, in the caller's hand until <see cref="Release"/>.</summary>
    public async ValueTask<string> TakeAsync(CancellationToken cancellationToken)
    {
        var (id, lane) = await _queue.TakeAsync(cancellationToken);

        // Steps are short: a lane's turns bound it, not how many it has in hand.
        _queue.Release(lane);
        lock (_gate)
        {
            _states[id] = State.InHand;
        }

        return id;
    }

    /// <summary>Takes this instance, out of turn; false when it is queued or in hand already.</summary>
    public bool TryTake(string id)
    {
        lock (_gate)
        {
            return _states.TryAdd(id, State.InHand);
        }
    }

    public void Release(string id)
    {
        var lane = laneOf(id);
        lock (_gate)
        {
            if (_states[id] == State.InHandAndSignalled)
            {
                _states[id] = State.Queued;
                _queue.Add(lane, (id, lane));
            }
            else
            {
                _states.Remove(id);
            }
        }
    }
}
