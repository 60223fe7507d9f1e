using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Advisor.Kernel.Http;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>An answer as it came over the wire.</summary>
/// <param name="Json">Undefined when the body is not JSON.</param>
public sealed record ApiAnswer(HttpStatusCode Status, string? ContentType, string Text, JsonElement Json, HttpResponseHeaders Headers)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public T As<T>() => Json.Deserialize<T>(AdvisorJson.Options)!;

    public JsonElement this[string name] => Json.GetProperty(name);

    /// <summary>The request was refused for this field of it.</summary>
    public void ShouldBlame(string field)
    {
        (Status, Type).ShouldBe((HttpStatusCode.BadRequest, "urn:advisor:problem:invalid-request"), Text);
        this["errors"].TryGetProperty(field, out _).ShouldBeTrue(Text);
    }
}

/// <summary>One caller of a running host: requests as a browser or a program would send them.</summary>
public sealed class ApiClient : IDisposable
{
    /// <summary>Between two looks at something that is under way.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <param name="token">Null sends no credential.</param>
    public ApiClient(Uri host, string? token)
    {
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(30) })
        {
            BaseAddress = host,
            Timeout = s_patience,
        };
        Http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    public HttpClient Http { get; }

    public void Dispose() => Http.Dispose();

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<ApiAnswer> PostAsync(string path, string body, string contentType = "application/json") =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, contentType) });

    /// <param name="ifMatch">Null sends none.</param>
    public Task<ApiAnswer> PatchAsync(string path, string body, string? ifMatch, string contentType = "application/merge-patch+json")
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return SendAsync(request);
    }

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new ApiAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, text, Parse(text), response.Headers);
        }
    }

    /// <summary>Sends a file with further form fields; a field may come more than once.</summary>
    public Task<ApiAnswer> UploadAsync(string name, byte[] content, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", name } };
        foreach (var (field, value) in fields)
        {
            form.Add(new StringContent(value), field);
        }

        // A host that refuses a large file must be heard before the file is sent.
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/documents/ingest") { Content = form };
        request.Headers.ExpectContinue = content.Length > 1024 * 1024;
        return SendAsync(request);
    }

    /// <summary>All items of a list, page after page.</summary>
    public async Task<List<T>> AllAsync<T>(string path, string name)
    {
        var all = new List<T>();
        for (string? next = path; next is not null;)
        {
            var page = await GetAsync(next);
            page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
            all.AddRange(page[name].Deserialize<List<T>>(AdvisorJson.Options)!);
            next = page["pagination"].GetProperty("next").GetString();
        }

        return all;
    }

    /// <summary>Asks again until the answer is as wanted.</summary>
    /// <exception cref="TimeoutException">It did not become so in time; the message holds the last answer.</exception>
    public async Task<ApiAnswer> UntilAsync(string path, Func<ApiAnswer, bool> wanted)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await GetAsync(path);
            if (wanted(answer))
            {
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(started) > s_patience)
            {
                throw new TimeoutException($"{path} did not come to what was waited for: {answer.Text}");
            }

            await Task.Delay(s_pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The ingestion or analysis once it has completed or failed.</summary>
    public Task<ApiAnswer> EndOfAsync(string path) =>
        UntilAsync(path, answer => answer.Status != HttpStatusCode.OK || answer["status"].GetString() is "completed" or "failed");

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
