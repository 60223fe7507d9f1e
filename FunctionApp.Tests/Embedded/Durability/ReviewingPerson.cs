using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>Takes the next open review and decides it, until there are none, whatever happens to the host meanwhile.</summary>
/// <param name="host">Where the host listens now.</param>
/// <param name="claims">Takes a review before deciding it; otherwise decides on what was seen.</param>
internal sealed class ReviewingPerson(string userId, string token, int seed, Func<Uri> host, bool claims) : IDisposable
{
    /// <summary>So many of the list are looked at: few enough for people to meet on them.</summary>
    private const int Seen = 12;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Random _random = new(seed);

    /// <summary>Requests whose answer did not come.</summary>
    public int Lost { get; private set; }

    /// <summary>Decisions of which the person learned under the same key again.</summary>
    public int AnsweredAgain { get; private set; }

    /// <summary>Acts that were refused because another was first.</summary>
    public int Refused { get; private set; }

    /// <param name="told">Called with the review and the person once the decision was answered with 200.</param>
    public async Task WorkAsync(Action<string, string> told, CancellationToken cancellationToken)
    {
        while (true)
        {
            var list = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"api/v1/reviews?limit={Seen}"), cancellationToken);
            list.Status.ShouldBe(HttpStatusCode.OK, list.Text);
            var open = JsonElement.Parse(list.Text).GetProperty("reviews").EnumerateArray()
                .Where(review => !review.TryGetProperty("claimed_by", out var by) || by.GetString() is var holder && (holder is null || holder == userId))
                .Select(review => review.GetProperty("id").GetString()!).ToList();
            if (open.Count > 0)
            {
                await TakeAsync(open[_random.Next(open.Count)], told, cancellationToken);
            }
            else if (JsonElement.Parse(list.Text).GetProperty("reviews").GetArrayLength() == 0)
            {
                return;
            }
            else
            {
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task TakeAsync(string review, Action<string, string> told, CancellationToken cancellationToken)
    {
        var seen = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"api/v1/reviews/{review}"), cancellationToken);
        if (claims)
        {
            seen = await ActAsync(review, "claim", seen.Tag, null, cancellationToken);
        }

        var decided = seen.Status == HttpStatusCode.OK
            ? await ActAsync(review, "decision", seen.Tag, new { decision = _random.Next(4) == 0 ? "reject" : "approve" }, cancellationToken)
            : seen;
        if (decided.Status == HttpStatusCode.OK)
        {
            AnsweredAgain += decided.Repeated ? 1 : 0;
            told(review, userId);
            return;
        }

        decided.Status.ShouldBeOneOf(HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed);
        Refused++;
    }

    private Task<Reply> ActAsync(string review, string act, string? tag, object? body, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString();
        return SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/reviews/{review}/{act}") { Content = body is null ? null : JsonContent.Create(body) };
                request.Headers.TryAddWithoutValidation("If-Match", tag);
                request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
                return request;
            },
            cancellationToken);
    }

    /// <summary>Sends it until it is answered.</summary>
    private async Task<Reply> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var repeated = false; ; repeated = true)
        {
            using var request = make();
            request.RequestUri = new Uri(host(), request.RequestUri!);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            try
            {
                using var response = await _http.SendAsync(request, cancellationToken);
                var text = await response.Content.ReadAsStringAsync(cancellationToken);

                // A key whose first request died with the host is held until its lease ends; the answer says when to ask again.
                if (response.Headers.RetryAfter is null)
                {
                    return new Reply(response.StatusCode, text, response.Headers.ETag?.ToString(), repeated);
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                Lost++;
            }

            await Task.Delay(s_pause, cancellationToken);
        }
    }

    private sealed record Reply(HttpStatusCode Status, string Text, string? Tag, bool Repeated);
}
