using System.Net.Http.Headers;
using System.Text;

namespace Advisor.Tests.Contract;

/// <summary>A request to make of the running host, and the status it is answered with.</summary>
/// <param name="Operation">Id of the operation it exercises.</param>
/// <param name="Path">With the query; the method is the operation's.</param>
internal sealed record Exchange(string Operation, int Status, string Path)
{
    /// <summary>Null without a body.</summary>
    public Func<HttpContent>? Content { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Last part of the problem's type; null when it is not asked for.</summary>
    public string? Problem { get; init; }

    /// <summary>Brings about what the request is to find; null where it is there.</summary>
    public Func<Task>? Before { get; init; }

    /// <summary>The answer must say that it was given before.</summary>
    public bool IsRepeat { get; init; }

    public static Func<HttpContent> Json(string body, string contentType = "application/json") => () => new StringContent(body, Encoding.UTF8, contentType);

    public static Func<HttpContent> Form(string name, byte[] file, params (string Name, string Value)[] fields) => () =>
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", name } };
        Array.ForEach(fields, field => form.Add(new StringContent(field.Value), field.Name));
        return form;
    };

    public HttpRequestMessage Request(string method)
    {
        var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), Path) { Content = Content?.Invoke() };
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public override string ToString() => $"{Operation} {Path}";
}

/// <summary>What came back.</summary>
/// <param name="Headers">Those of the body included; names in any case.</param>
internal sealed record Exchanged(int Status, string? ContentType, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public static async Task<Exchanged> SendAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            return new Exchanged((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(cancellationToken), headers);
        }
    }
}
