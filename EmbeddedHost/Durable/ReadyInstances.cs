using System.Threading.Channels;

namespace Advisor.Embedded.Durable;

/// <summary>The instances that have something to take in. One instance is in hand at most once at a time.</summary>
/// <remarks>Signals are only hints: the inbox in the journal says what there is to do. A signal while the instance is in hand brings it back afterwards.</remarks>
internal sealed class ReadyInstances
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, State> _states = [];
    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>();

    private enum State
    {
        Queued,
        InHand,
        InHandAndSignalled,
    }

    public void Signal(string id)
    {
        lock (_gate)
        {
            if (_states.TryAdd(id, State.Queued))
            {
                _queue.Writer.TryWrite(id);
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
        var id = await _queue.Reader.ReadAsync(cancellationToken);
        lock (_gate)
        {
            _states[id] = State.InHand;
        }

        return id;
    }

    public void Release(string id)
    {
        lock (_gate)
        {
            if (_states[id] == State.InHandAndSignalled)
            {
                _states[id] = State.Queued;
                _queue.Writer.TryWrite(id);
            }
            else
            {
                _states.Remove(id);
            }
        }
    }
}
