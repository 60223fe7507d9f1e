using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>Reads JSON request bodies, and says what is wrong with those that cannot be read.</summary>
public static class JsonBody
{
    /// <summary>The body as a <typeparamref name="T"/>, or the problem with it: 415 for another media type, 400 naming the member that is malformed.</summary>
    /// <param name="form">What is expected, as JSON: <c>{"ingestion_id": "..."}</c>.</param>
    public static async Task<(T? Body, Problem? Problem)> ReadAsync<T>(HttpRequest request, string form, CancellationToken cancellationToken)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, Problem.UnsupportedMediaType($"Send 'Content-Type: application/json' with a body of the form {form}."));
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, AdvisorJson.Options, cancellationToken) is { } body
                ? (body, null)
                : (null, Problem.Invalid("body", $"The body is null; send JSON of the form {form}."));
        }
        catch (JsonException fault)
        {
            var member = fault.Path is { Length: > 2 } path ? path[2..].Split('.', '[')[0] : "body";
            return (null, Problem.Invalid(member, member == "body"
                ? $"The body is not JSON of the form {form}."
                : $"'{member}' has a value of the wrong kind; the body is JSON of the form {form}."));
        }
    }
}
