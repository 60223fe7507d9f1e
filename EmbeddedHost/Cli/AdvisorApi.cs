using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Advisor.Embedded.Cli;

/// <summary>A request that the product refused or could not be asked; the message is one sentence for the user.</summary>
/// <param name="problem">The refusal in the API's own words: <c>type, title, detail</c>.</param>
internal sealed class ApiProblemException(ApiProblem problem) : Exception(problem.Sentence)
{
    public ApiProblem Problem { get; } = problem;
}

/// <summary>Problem details as far as the command line shows them.</summary>
internal sealed record ApiProblem(string Type, string Title, string? Detail)
{
    /// <summary>Title and detail, without saying anything twice.</summary>
    [JsonIgnore]
    public string Sentence
    {
        get
        {
            var title = Title.TrimEnd('.', ' ');
            return Detail switch
            {
                null or "" => title + ".",
                _ when Detail.StartsWith(title, StringComparison.OrdinalIgnoreCase) => Detail,
                _ => $"{title}: {Detail}",
            };
        }
    }

    /// <summary>The problem in an object of this shape; what is missing is filled by <paramref name="fallbackTitle"/>.</summary>
    public static ApiProblem From(JsonNode? json, string fallbackTitle) => json is JsonObject found
        ? new ApiProblem(Text(found["type"]) ?? "about:blank", Text(found["title"]) ?? fallbackTitle, Text(found["detail"]))
        : new ApiProblem("about:blank", fallbackTitle, json is JsonValue value ? Text(value) : null);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>The product's HTTP API, as far as the command line uses it. Answers stay JSON: they are passed on as they came.</summary>
internal sealed class AdvisorApi : IDisposable
{
    private const int Attempts = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <param name="url">The host, without a trailing slash.</param>
    public AdvisorApi(string url, string token, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = new Uri(url + "/"),
            Timeout = TimeSpan.FromMinutes(5),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Uploads a file; the answer names the ingestion.</summary>
    /// <exception cref="ApiProblemException">The product refused it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Task<JsonObject> IngestAsync(string path, IReadOnlyList<string> analysisTypes, CancellationToken cancellationToken) => SendAsync(
        () =>
        {
            var file = new StreamContent(File.OpenRead(path));
            file.Headers.ContentType = new MediaTypeHeaderValue(ContentType(path));
            var form = new MultipartFormDataContent { { file, "file", Path.GetFileName(path) } };
            foreach (var type in analysisTypes)
            {
                form.Add(new StringContent(type), "analysis_types");
            }

            // Lets the host refuse a big file before it is sent, instead of breaking the connection while it is.
            var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/documents/ingest") { Content = form };
            request.Headers.ExpectContinue = new FileInfo(path).Length > 32 * 1024 * 1024;
            return request;
        },
        cancellationToken);

    /// <exception cref="ApiProblemException">The product refused it.</exception>
    public Task<JsonObject> GetAsync(string relativeUrl, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, relativeUrl), cancellationToken);

    /// <exception cref="ApiProblemException">The product refused it.</exception>
    public Task<JsonObject> PostAsync(string relativeUrl, JsonObject body, CancellationToken cancellationToken) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Post, relativeUrl) { Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json") }, cancellationToken);

    /// <summary>The answer with the tag of its version, as it is sent back with a change; null when it has none.</summary>
    /// <exception cref="ApiProblemException">The product refused it.</exception>
    public Task<(JsonObject Body, string? Tag)> GetVersionAsync(string relativeUrl, CancellationToken cancellationToken) =>
        ExchangeAsync(() => new HttpRequestMessage(HttpMethod.Get, relativeUrl), cancellationToken);

    /// <summary>Does something, once, with the version that the tag names.</summary>
    /// <param name="body">Null for an act that needs none.</param>
    /// <returns>The answer with the tag of the new version.</returns>
    /// <exception cref="ApiProblemException">The product refused it.</exception>
    public Task<(JsonObject Body, string? Tag)> ActAsync(string relativeUrl, string tag, JsonObject? body, CancellationToken cancellationToken)
    {
        // One key for all attempts: an answer that is lost must not make it two acts.
        var key = Guid.NewGuid().ToString();
        return ExchangeAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, relativeUrl);
                request.Headers.TryAddWithoutValidation("If-Match", tag);
                request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
                request.Content = body is null ? null : new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
                return request;
            },
            cancellationToken);
    }

    /// <summary>All items of a list, following <c>pagination.next</c>.</summary>
    /// <param name="name">The property that holds a page's items.</param>
    public async Task<JsonArray> GetAllAsync(string relativeUrl, string name, CancellationToken cancellationToken)
    {
        var all = new JsonArray();
        for (string? next = relativeUrl; next is not null;)
        {
            var page = await GetAsync(next, cancellationToken);
            var items = page[name] as JsonArray ?? throw Unexpected(next, $"it has no list '{name}'");
            JsonNode?[] moved = [.. items];
            items.Clear();
            Array.ForEach(moved, all.Add);

            next = (page["pagination"]?["next"] as JsonValue)?.GetValue<string>();
        }

        return all;
    }

    private static ApiProblemException Unexpected(string url, string what) =>
        new(new ApiProblem("about:blank", "Unexpected answer", $"The answer of {url.Split('?')[0]} is not one that this program knows: {what}."));

    private static string ContentType(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".pdf" => "application/pdf",
        ".csv" => "text/csv",
        ".xls" => "application/vnd.ms-excel",
        ".xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    };

    private async Task<JsonObject> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken) => (await ExchangeAsync(make, cancellationToken)).Body;

    private async Task<(JsonObject Body, string? Tag)> ExchangeAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = make();
            using var response = await ReachAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return (Parse(body) as JsonObject ?? throw Unexpected(request.RequestUri!.AbsolutePath, "it is not a JSON object"), response.Headers.ETag?.ToString());
            }

            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && attempt < Attempts)
            {
                await Task.Delay(Pause(response, attempt), _time, cancellationToken);
                continue;
            }

            throw new ApiProblemException(ApiProblem.From(Parse(body), $"The host answered {(int)response.StatusCode} {response.ReasonPhrase}"));
        }
    }

    private async Task<HttpResponseMessage> ReachAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException fault)
        {
            throw new ApiProblemException(new ApiProblem("about:blank", "The host cannot be reached", fault.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiProblemException(new ApiProblem("about:blank", "The host did not answer", $"Nothing came within {_http.Timeout.TotalMinutes} minutes."));
        }
    }

    private static TimeSpan Pause(HttpResponseMessage response, int attempt)
    {
        var asked = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(200 << attempt);
        return asked < LongestPause ? asked : LongestPause;
    }

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
