using System.Net;
using System.Net.Http.Headers;

namespace Advisor.Kernel.Notifications.Channels;

/// <summary>Posts a JSON body to a configured address and takes the status for the answer.</summary>
/// <remarks>
/// No redirect is followed: a signed body goes to the address that was configured or nowhere. No cookies, no proxy. Of the answer only
/// the status line and bounded headers are read, never the body. Ten seconds in all.
/// </remarks>
internal static class JsonPost
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private static readonly HttpClient s_client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public static async Task<ChannelAnswer> SendAsync(
        string url, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await s_client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return Answer(response.StatusCode, RetryAfter(response, time));
        }
        catch (HttpRequestException fault)
        {
            return new ChannelAnswer.Refused($"The receiver could not be reached ({fault.HttpRequestError}).", Permanent: false, IsDown: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ChannelAnswer.Refused($"The receiver did not answer within {s_timeout.TotalSeconds:0} seconds.", Permanent: false, IsDown: true);
        }
    }

    /// <summary>In seconds or as a date; a date that has passed asks for nothing.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } pause } => pause,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };

    private static ChannelAnswer Answer(HttpStatusCode status, TimeSpan? retryAfter) => (int)status switch
    {
        >= 200 and < 300 => new ChannelAnswer.Accepted($"HTTP {(int)status}"),
        >= 300 and < 400 => new ChannelAnswer.Refused($"The receiver redirects (HTTP {(int)status}), which is not followed; configure the final address.", Permanent: true),
        408 or 425 or 429 or >= 500 => new ChannelAnswer.Refused($"The receiver answered HTTP {(int)status}.", Permanent: false, retryAfter, IsDown: true),
        _ => new ChannelAnswer.Refused($"The receiver refused the message (HTTP {(int)status}).", Permanent: true),
    };
}
