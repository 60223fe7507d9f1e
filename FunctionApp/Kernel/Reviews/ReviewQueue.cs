using System.Buffers.Text;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>A review with the minutes that its kind takes.</summary>
public sealed record QueuedReview(ListedReview Review, decimal Minutes);

/// <summary>The reviews that somebody can decide, the dearest minute first.</summary>
/// <remarks>
/// Each kind's reviews are stored in the order of their expected loss; how many minutes a kind takes changes all the time. So every kind is read in its own order, divided by
/// its own median, and the kinds are merged: the order is right at once when a median moves, and no review is written for it. Equal ones come in the order of kind, then of id.
/// </remarks>
public sealed class ReviewQueue(IRecordStore records, ReviewTimes times)
{
    private const string Order = "expected_loss";

    /// <summary>No expected loss comes near it; a continuation that somebody made up may.</summary>
    private const double LargestBound = 1e26;

    /// <param name="kind">One kind only; null for all.</param>
    /// <param name="filters">On other properties, all of which must hold.</param>
    /// <param name="continuation">From an earlier page of the same list.</param>
    /// <returns>The page, and where the next begins; null on the last page.</returns>
    /// <exception cref="InvalidContinuationException">The continuation is none that this list gave.</exception>
    public async Task<(IReadOnlyList<QueuedReview> Reviews, string? Continuation)> PageAsync(
        TenantId tenant, string? kind, IReadOnlyList<RecordFilter> filters, int limit, string? continuation, CancellationToken cancellationToken)
    {
        var kinds = (await times.KindsAsync(tenant, cancellationToken)).Where(known => kind is null || known.Kind == kind).ToList();
        var places = Read(continuation);

        // A page as long as the list for each kind would mostly be read in vain.
        var pageSize = Math.Clamp((limit / Math.Max(kinds.Count, 1)) + 10, 1, 500);
        var streams = new List<Stream>();
        foreach (var known in kinds)
        {
            var query = new RecordQuery([new RecordFilter("waiting_kind", RecordOperator.Equal, known.Kind), .. filters], Order, Descending: true, pageSize);
            streams.Add(await Stream.BeginAsync(records, tenant, known, query, places.GetValueOrDefault(known.Kind), cancellationToken));
        }

        var page = new List<QueuedReview>();
        while (page.Count < limit && streams.Where(stream => stream.Next is not null).MaxBy(stream => stream.Worth) is { } dearest)
        {
            page.Add(new QueuedReview(dearest.Next!, dearest.Minutes));
            await dearest.TakeAsync(cancellationToken);
        }

        return (page, streams.Exists(stream => stream.Next is not null) ? Write(streams) : null);
    }

    private static string Write(List<Stream> streams) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
        streams.Where(stream => stream.Place is not null).ToDictionary(stream => stream.Kind, stream => stream.Place!), AdvisorJson.Options));

    private static Dictionary<string, string> Read(string? continuation)
    {
        try
        {
            return continuation is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(Base64Url.DecodeFromChars(continuation), AdvisorJson.Options) ?? [];
        }
        catch (Exception fault) when (fault is FormatException or JsonException)
        {
            throw new InvalidContinuationException();
        }
    }

    /// <summary>One kind's reviews in their order.</summary>
    private sealed class Stream(IRecordStore records, TenantId tenant, ReviewKind kind, RecordQuery query, string? begun)
    {
        private readonly Queue<ListedReview> _ahead = new();
        private ListedReview? _taken;
        private RecordQuery? _further;

        public string Kind => kind.Kind;

        public decimal Minutes { get; } = kind.MedianMinutes;

        /// <summary>Behind the last review that was taken; null before the first.</summary>
        public string? Place => _taken is null ? begun : ContinuationToken.Write(Fingerprint(query), _taken.ExpectedLoss, _taken.Id);

        public ListedReview? Next => _ahead.TryPeek(out var next) ? next : null;

        public decimal Worth => ReviewWorth.PerMinute(Next!.ExpectedLoss, Minutes);

        public static async Task<Stream> BeginAsync(IRecordStore records, TenantId tenant, ReviewKind kind, RecordQuery query, string? place, CancellationToken cancellationToken)
        {
            var stream = new Stream(records, tenant, kind, query, place);
            await stream.ReadAsync(place is null ? query : stream.From(place), cancellationToken);
            return stream;
        }

        public async Task TakeAsync(CancellationToken cancellationToken)
        {
            _taken = _ahead.Dequeue();
            if (_ahead.Count == 0 && _further is not null)
            {
                await ReadAsync(_further, cancellationToken);
            }
        }

        /// <summary>The query from a place on.</summary>
        /// <remarks>The store is told a bound besides the place: a bound it finds in its index, while the place alone makes it pass every review that comes before.</remarks>
        private RecordQuery From(string place)
        {
            var position = ContinuationToken.Read(place, Fingerprint(query));
            decimal? loss = position.Order switch
            {
                long whole => whole,
                double part when Math.Abs(part) < LargestBound => (decimal)part,
                _ => null,
            };
            if (loss is not { } known)
            {
                return query with { Continuation = place };
            }

            // A little above the place, which is exact: a double as a decimal has 15 digits.
            var bounded = query with { Filters = [.. query.Filters, new RecordFilter(Order, RecordOperator.LessOrEqual, known + (Math.Abs(known) * 1e-12m) + 0.0001m)] };
            return bounded with { Continuation = ContinuationToken.Write(Fingerprint(bounded), position.Order, position.Id) };
        }

        private async Task ReadAsync(RecordQuery asked, CancellationToken cancellationToken)
        {
            var page = await records.QueryAsync(ReviewRecord.Listed, tenant, asked, cancellationToken);
            _further = page.Continuation is { } further ? asked with { Continuation = further } : null;
            foreach (var item in page.Items)
            {
                _ahead.Enqueue(item.Value);
            }
        }

        private string Fingerprint(RecordQuery asked) => ContinuationToken.Fingerprint(ReviewRecord.Listed.Name, tenant, asked);
    }
}
