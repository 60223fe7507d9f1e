namespace Advisor.Embedded.Triggers;

/// <summary>How many of a queue's places each tenant's messages hold: none has the last one, so that slow messages of one leave room for another's. Safe for threads.</summary>
internal sealed class TenantPlaces(int places)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    private readonly int _share = Math.Max(1, places - 1);

    /// <summary>Who has all that one may have; null when nobody does. There is never a second, for the free place is one of two.</summary>
    public string? Full
    {
        get
        {
            lock (_gate)
            {
                return _held.FirstOrDefault(held => held.Value >= _share).Key;
            }
        }
    }

    public void Take(string tenant)
    {
        lock (_gate)
        {
            _held[tenant] = _held.GetValueOrDefault(tenant) + 1;
        }
    }

    /// <returns>Whether the tenant had all that it may have until now.</returns>
    public bool Return(string tenant)
    {
        lock (_gate)
        {
            var held = _held[tenant]--;
            if (held == 1)
            {
                _held.Remove(tenant);
            }

            return held >= _share;
        }
    }
}
