using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Hosting;

namespace Advisor.Kernel.Telemetry;

/// <summary>A series as it stands.</summary>
/// <param name="Kind">histogram, counter or gauge.</param>
/// <param name="Value">Of a counter: its sum since the start; of a gauge: its last value.</param>
public sealed record MetricSeries(
    string Name, string Kind, string? Unit, IReadOnlyDictionary<string, string> Tags,
    long? Count = null, double? Sum = null, double? Min = null, double? Max = null, double? P50 = null, double? P95 = null, double? P99 = null, double? Value = null);

/// <summary>Aggregates in this process, since its start, of what the host's meter measures.</summary>
/// <remarks>
/// Bounded: at most <see cref="MaxSeries"/> series an instrument. What would be one more goes to the instrument's overflow series; that one
/// is shown only where none of it belongs to a tenant, for it may hold the numbers of a single one.
/// </remarks>
public sealed class MetricAggregates : IHostedService, IDisposable
{
    /// <summary>Of one instrument. A histogram series takes 4 kB.</summary>
    public const int MaxSeries = 200;

    private const string TenantTag = "tenant";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, Aggregate> _instruments = [];

    public MetricAggregates(AdvisorMetrics metrics, TimeProvider time)
    {
        Since = time.GetUtcNow();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == metrics.Meter)
            {
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, static made => new Aggregate(made)));
            }
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((Aggregate)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((Aggregate)state!).Record(value, tags));
        _listener.Start();
    }

    public DateTimeOffset Since { get; }

    /// <summary>The series that a tenant may see: its own, and those of the whole process that belong to no tenant. Ordered by name and tags.</summary>
    public IReadOnlyList<MetricSeries> For(TenantId tenant)
    {
        foreach (var gauge in _instruments.Values)
        {
            gauge.ForgetObservations();
        }

        _listener.RecordObservableInstruments();
        return [.. _instruments.Values.SelectMany(aggregate => aggregate.Read(tenant.Value))
            .OrderBy(series => series.Name, StringComparer.Ordinal)
            .ThenBy(series => string.Join('\n', series.Tags.Values), StringComparer.Ordinal)];
    }

    /// <summary>Nothing to do: being started with the host, it has seen everything since.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    private sealed class Aggregate(Instrument instrument)
    {
        private readonly ConcurrentDictionary<TagSet, Series> _series = new(TagSet.Comparer);
        private readonly Series _overflow = new(TagSet.Overflow);
        private volatile bool _overflowHasTenants;

        private bool IsHistogram { get; } = instrument.GetType().GetGenericTypeDefinition() == typeof(Histogram<>);

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var series = Find(tags);
            lock (series)
            {
                if (IsHistogram)
                {
                    (series.Sketch ??= new QuantileSketch()).Add(value);
                }
                else
                {
                    series.Value = instrument.IsObservable ? value : series.Value + value;
                }
            }
        }

        /// <summary>What is no longer observed is no longer there: a gauge shows the present only.</summary>
        public void ForgetObservations()
        {
            if (instrument.IsObservable)
            {
                _series.Clear();
            }
        }

        public IEnumerable<MetricSeries> Read(string tenant)
        {
            foreach (var series in _series.Values)
            {
                if (series.Tags.ValueOf(TenantTag) is not { } owner || owner == tenant)
                {
                    yield return Read(series);
                }
            }

            if (!_overflowHasTenants && (_overflow.Sketch is not null || _overflow.Value != 0))
            {
                yield return Read(_overflow);
            }
        }

        private MetricSeries Read(Series series)
        {
            var kind = IsHistogram ? "histogram" : instrument.IsObservable ? "gauge" : "counter";
            lock (series)
            {
                return series.Sketch is { } sketch
                    ? new MetricSeries(
                        instrument.Name, kind, instrument.Unit, series.Tags.ToDictionary(), sketch.Count, sketch.Sum, sketch.Min, sketch.Max,
                        sketch.Quantile(0.5), sketch.Quantile(0.95), sketch.Quantile(0.99))
                    : new MetricSeries(instrument.Name, kind, instrument.Unit, series.Tags.ToDictionary(), Value: series.Value);
            }
        }

        private Series Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (_series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>().TryGetValue(tags, out var known))
            {
                return known;
            }

            // Two threads may both find room for the last one: the bound is of memory, and one more does it no harm.
            if (_series.Count < MaxSeries)
            {
                var made = new TagSet(tags.ToArray());
                return _series.GetOrAdd(made, static set => new Series(set));
            }

            foreach (var tag in tags)
            {
                _overflowHasTenants |= tag.Key == TenantTag;
            }

            return _overflow;
        }
    }

    private sealed class Series(TagSet tags)
    {
        public TagSet Tags { get; } = tags;

        public QuantileSketch? Sketch { get; set; }

        public double Value { get; set; }
    }

    /// <summary>Tags in the order in which the instrument's one caller gives them.</summary>
    private sealed class TagSet(KeyValuePair<string, object?>[] tags)
    {
        public static IEqualityComparer<TagSet> Comparer { get; } = new TagSetComparer();

        public static TagSet Overflow { get; } = new([new("overflow", "true")]);

        public string? ValueOf(string name) => tags.FirstOrDefault(tag => tag.Key == name).Value?.ToString();

        public Dictionary<string, string> ToDictionary() => tags.ToDictionary(tag => tag.Key, tag => tag.Value?.ToString() ?? string.Empty);

        private sealed class TagSetComparer : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
        {
            public bool Equals(TagSet? x, TagSet? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.All, y));

            public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
            {
                var all = other.All;
                if (alternate.Length != all.Length)
                {
                    return false;
                }

                for (var i = 0; i < all.Length; i++)
                {
                    if (alternate[i].Key != all[i].Key || !Equals(alternate[i].Value, all[i].Value))
                    {
                        return false;
                    }
                }

                return true;
            }

            public int GetHashCode([DisallowNull] TagSet obj) => GetHashCode(obj.All);

            public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
            {
                var hash = default(HashCode);
                foreach (var tag in alternate)
                {
                    hash.Add(tag.Value);
                }

                return hash.ToHashCode();
            }

            public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate.ToArray());
        }

        private ReadOnlySpan<KeyValuePair<string, object?>> All => tags;
    }
}
