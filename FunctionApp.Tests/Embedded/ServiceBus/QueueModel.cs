using Advisor.Embedded.ServiceBus;

namespace Advisor.Tests.Embedded.ServiceBus;

/// <summary>Queues as plain lists: what <see cref="SqliteQueues"/> is held against.</summary>
/// <remarks>Locks go by a clock that nobody can set, all else by the wall clock.</remarks>
internal sealed class QueueModel(QueueOptions options)
{
    private readonly List<Item> _items = [];
    private readonly Dictionary<(string Queue, string Id), DateTimeOffset> _seen = [];
    private readonly Dictionary<string, string> _turns = [];
    private long _sequence;

    private enum State
    {
        Ready,
        Locked,
        Scheduled,
        Dead,
    }

    public void Send(string queue, string id, string tenant, DateTimeOffset? scheduledAt, DateTimeOffset now)
    {
        if (_seen.TryGetValue((queue, id), out var until) && until > now)
        {
            _seen[(queue, id)] = until < now + options.DuplicateWindow ? until : now + options.DuplicateWindow;
            return;
        }

        _seen[(queue, id)] = now + options.DuplicateWindow;
        var later = scheduledAt > now;
        _items.Add(new Item(queue, id, tenant)
        {
            Sequence = ++_sequence,
            State = later ? State.Scheduled : State.Ready,
            Due = later ? scheduledAt!.Value : default,
            EnqueuedAt = now,
        });
    }

    /// <summary>The id, delivery count, sequence number and time of the message whose turn it is; null when there is none.</summary>
    public (string Id, int Deliveries, long Sequence, DateTimeOffset EnqueuedAt)? Receive(string queue, string? passOver, Guid token, DateTimeOffset now, DateTimeOffset steady)
    {
        foreach (var item in Of(queue, State.Locked).Where(item => item.Due <= steady))
        {
            GiveBack(item);
        }

        foreach (var item in Of(queue, State.Scheduled).Where(item => item.EnqueuedAt > now))
        {
            (item.Due, item.EnqueuedAt) = (now + (item.Due - item.EnqueuedAt), now);
        }

        foreach (var item in Of(queue, State.Scheduled).Where(item => item.Due <= now).OrderBy(item => item.Due).ThenBy(item => item.Sequence).ToList())
        {
            (item.Sequence, item.State, item.EnqueuedAt) = (++_sequence, State.Ready, item.Due);
        }

        var tenants = Of(queue, State.Ready).Select(item => item.Tenant).Where(tenant => tenant != passOver).Distinct().Order(StringComparer.Ordinal).ToList();
        if (tenants.Count == 0)
        {
            return null;
        }

        var turn = _turns.TryGetValue(queue, out var last) ? tenants.FirstOrDefault(tenant => string.CompareOrdinal(tenant, last) > 0) ?? tenants[0] : tenants[0];
        var head = Of(queue, State.Ready).Where(item => item.Tenant == turn).MinBy(item => item.Sequence)!;
        _turns[queue] = turn;

        (head.State, head.Token, head.Due) = (State.Locked, token, steady + options.LockDuration);
        return (head.Id, ++head.Deliveries, head.Sequence, head.EnqueuedAt);
    }

    /// <summary>False when the lock is no longer held; the same for the other ways to settle.</summary>
    public bool Complete(string queue, Guid token, DateTimeOffset steady) => Held(queue, token, steady, item => _items.Remove(item));

    public bool Abandon(string queue, Guid token, DateTimeOffset steady) => Held(queue, token, steady, GiveBack);

    public bool Renew(string queue, Guid token, DateTimeOffset steady) => Held(queue, token, steady, item => item.Due = steady + options.LockDuration);

    public bool Kill(string queue, Guid token, string reason, DateTimeOffset steady) =>
        Held(queue, token, steady, item => (item.State, item.Token, item.Reason) = (State.Dead, null, reason));

    public bool Resubmit(string queue, long sequence, DateTimeOffset now)
    {
        // A number is used up even where there is nothing to resubmit.
        ++_sequence;
        if (Of(queue, State.Dead).FirstOrDefault(item => item.Sequence == sequence) is not { } item)
        {
            return false;
        }

        (item.Sequence, item.State, item.Deliveries, item.EnqueuedAt, item.Reason) = (_sequence, State.Ready, 0, now, null);
        return true;
    }

    /// <summary>The process ends and another opens the file: whoever held a lock is gone.</summary>
    public void Reopen() => _items.FindAll(item => item.State == State.Locked).ForEach(item => item.Due = DateTimeOffset.MinValue);

    public QueueCounts Count(string queue, DateTimeOffset now, DateTimeOffset steady)
    {
        var locked = Of(queue, State.Locked).ToLookup(item => item.Due > steady);
        var scheduled = Of(queue, State.Scheduled).ToLookup(item => item.Due > now);
        return new QueueCounts(Of(queue, State.Ready).Count() + locked[false].Count() + scheduled[false].Count(), locked[true].Count(), scheduled[true].Count(), Of(queue, State.Dead).Count());
    }

    public IEnumerable<(string Id, string? Reason, long Sequence)> DeadLetters(string queue) =>
        Of(queue, State.Dead).OrderBy(item => item.Sequence).Select(item => (item.Id, item.Reason, item.Sequence));

    private IEnumerable<Item> Of(string queue, State state) => _items.Where(item => item.Queue == queue && item.State == state);

    private void GiveBack(Item item)
    {
        var spent = item.Deliveries >= options.MaxDeliveryCount;
        (item.State, item.Token, item.Reason) = (spent ? State.Dead : State.Ready, null, spent ? "MaxDeliveryCountExceeded" : null);
    }

    private bool Held(string queue, Guid token, DateTimeOffset steady, Action<Item> settle)
    {
        if (Of(queue, State.Locked).FirstOrDefault(item => item.Token == token && item.Due > steady) is not { } held)
        {
            return false;
        }

        settle(held);
        return true;
    }

    private sealed class Item(string queue, string id, string tenant)
    {
        public string Tenant { get; } = tenant;

        public string Queue { get; } = queue;

        public string Id { get; } = id;

        public long Sequence { get; set; }

        public State State { get; set; }

        public DateTimeOffset Due { get; set; }

        public DateTimeOffset EnqueuedAt { get; set; }

        public Guid? Token { get; set; }

        public int Deliveries { get; set; }

        public string? Reason { get; set; }
    }
}
