using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Advisor.Kernel.Records;
using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Http;

/// <summary>What a request asks for, in a hash: two requests that ask the same have the same, however they are written.</summary>
/// <remarks>
/// JSON counts by its values, so that neither blanks nor the order of members matter; a form by its parts, so that a retry with another
/// boundary is the same; any other body by its bytes. The body can be read again afterwards.
/// </remarks>
internal static class RequestFingerprint
{
    /// <exception cref="BadHttpRequestException">The body ends early, is malformed as a form, or is too large.</exception>
    public static async Task<string> OfAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        List<string> asked = [request.Method, request.Path.Value ?? "", request.QueryString.Value ?? ""];
        if (request.HasFormContentType)
        {
            await AddFormAsync(request, asked, cancellationToken);
        }
        else
        {
            request.EnableBuffering();
            asked.Add(request.HasJsonContentType() ? await JsonAsync(request, cancellationToken) : await BytesAsync(request, cancellationToken));
            request.Body.Position = 0;
        }

        return Hash(JsonSerializer.SerializeToUtf8Bytes(asked));
    }

    private static async Task<string> JsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellationToken);
            return "json " + CanonicalJson.Hash(json.RootElement);
        }
        catch (JsonException)
        {
            // The function says what is wrong with it.
            request.Body.Position = 0;
            return await BytesAsync(request, cancellationToken);
        }
    }

    private static async Task<string> BytesAsync(HttpRequest request, CancellationToken cancellationToken) =>
        "bytes " + Convert.ToHexStringLower(await SHA256.HashDataAsync(request.Body, cancellationToken));

    private static async Task AddFormAsync(HttpRequest request, List<string> asked, CancellationToken cancellationToken)
    {
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException and not BadHttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The form is malformed.", StatusCodes.Status400BadRequest, fault);
        }

        foreach (var (name, values) in form.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            asked.Add("field " + name);
            asked.AddRange(values.Select(value => "value " + value));
        }

        foreach (var file in form.Files)
        {
            await using var content = file.OpenReadStream();
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            asked.AddRange(["file " + file.Name, file.FileName, file.ContentType ?? "", hash]);
        }
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
