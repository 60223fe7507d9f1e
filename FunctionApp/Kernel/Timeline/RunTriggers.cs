using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Timeline;

/// <summary>Runs of every workflow, as their timelines tell them.</summary>
public sealed class RunTriggers(RunTimeline timeline, TimeProvider time)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Gateways cut longer streams: end before they do, and let the client resume.</summary>
    private static readonly TimeSpan s_streamFor = TimeSpan.FromSeconds(200);

    [AllowAnyRole]
    [Function("GetRun")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/runs/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var events = await AllAsync(request.Caller().Tenant, id, cancellationToken);
        if (events.Count == 0)
        {
            return Problem.NotFound("run", id);
        }

        var final = events.FirstOrDefault(e => e.Type == TimelineEventType.Final);
        return Answer.Ok(new RunView(id, final?.Step ?? "running", events[0].Ts, final?.Ts, events[^1].Seq, new Dictionary<string, Link>
        {
            ["self"] = new($"/api/v1/runs/{id}"),
            ["events"] = new($"/api/v1/runs/{id}/events"),
            ["stream"] = new($"/api/v1/runs/{id}/stream"),
        }));
    }

    [AllowAnyRole]
    [QueryParameters("after")]
    [Function("GetRunEvents")]
    public async Task<IResult> EventsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/runs/{id}/events")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!TryAfter(request.Query["after"].ToString(), out var after))
        {
            return Problem.Invalid("after", "'after' is the sequence number of the last event you have, 0 or more.");
        }

        var tenant = request.Caller().Tenant;
        var events = await timeline.ReadAsync(tenant, id, after, cancellationToken);
        if (events.Count == 0 && (await timeline.ReadAsync(tenant, id, 0, cancellationToken)).Count == 0)
        {
            return Problem.NotFound("run", id);
        }

        var last = events.Count == 0 ? after : events[^1].Seq;
        return Answer.Ok(new EventList(events, new Pagination(events.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"/api/v1/runs/{id}/events?after={last}"))));
    }

    [AllowAnyRole]
    [NotRateLimited]
    [AnswersIn("text/event-stream")]
    [QueryParameters("after")]
    [Function("StreamRun")]
    public async Task<IResult> StreamAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/runs/{id}/stream")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var tenant = request.Caller().Tenant;
        var header = request.Headers["Last-Event-ID"].ToString();
        if (!TryAfter(header.Length > 0 ? header : request.Query["after"].ToString(), out var after))
        {
            return Problem.Invalid("after", "'Last-Event-ID' is the sequence number of the last event you have, 0 or more.");
        }

        var events = await AllAsync(tenant, id, cancellationToken);
        if (events.Count == 0)
        {
            return Problem.NotFound("run", id);
        }

        if (events.Find(e => e.Type == TimelineEventType.Final)?.Seq <= after)
        {
            // EventSource connects again whenever a stream ends; 204 tells it that there is no more to come.
            return Results.NoContent();
        }

        await WriteStreamAsync(request.HttpContext.Response, tenant, id, after, request.HttpContext.RequestAborted);
        return Results.Empty;
    }

    private async Task WriteStreamAsync(HttpResponse response, TenantId tenant, string id, int after, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync("retry: 1000\n\n", cancellationToken);
        var (started, spoken) = (time.GetTimestamp(), time.GetTimestamp());
        while (!cancellationToken.IsCancellationRequested && time.GetElapsedTime(started) < s_streamFor)
        {
            var events = await timeline.ReadAsync(tenant, id, after, cancellationToken);
            foreach (var item in events)
            {
                after = item.Seq;
                await response.WriteAsync(Frame(item), cancellationToken);
            }

            if (events.Count > 0 || time.GetElapsedTime(spoken) >= s_heartbeat)
            {
                await response.WriteAsync(events.Count > 0 ? "" : ": heartbeat\n\n", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
                spoken = time.GetTimestamp();
            }

            if (events.Any(e => e.Type == TimelineEventType.Final))
            {
                return;
            }

            await Task.Delay(s_poll, time, cancellationToken);
        }
    }

    private static string Frame(TimelineEvent item) => new StringBuilder()
        .Append("id: ").Append(item.Seq.ToString(CultureInfo.InvariantCulture)).Append('\n')
        .Append("event: ").Append(JsonNamingPolicy.SnakeCaseLower.ConvertName(item.Type.ToString())).Append('\n')
        .Append("data: ").Append(JsonSerializer.Serialize(item, AdvisorJson.Options)).Append("\n\n")
        .ToString();

    private async Task<List<TimelineEvent>> AllAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var all = new List<TimelineEvent>();
        while (await timeline.ReadAsync(tenant, id, all.Count == 0 ? 0 : all[^1].Seq, cancellationToken) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        return all;
    }

    private static bool TryAfter(string text, out int after)
    {
        after = 0;
        return text.Length == 0 || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after) && after >= 0);
    }

    private sealed record RunView(
        string RunId, string Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int Events, [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, Link> Links);

    private sealed record EventList(IReadOnlyList<TimelineEvent> Events, Pagination Pagination);
}
