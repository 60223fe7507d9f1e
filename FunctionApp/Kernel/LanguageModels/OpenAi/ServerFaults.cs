using System.ClientModel;
using System.Globalization;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Advisor.Kernel.LanguageModels.OpenAi;

/// <summary>What a server's fault means. No message of a server is passed on: it may hold the key or the prompt.</summary>
internal static partial class ServerFaults
{
    /// <summary>The fault in the product's own terms; never null, whatever a server or the client threw.</summary>
    /// <param name="settings">The section that says where the server is: <c>OpenAI</c>.</param>
    public static Exception Of(Exception thrown, string settings, string address, DateTimeOffset now)
    {
        for (Exception? fault = thrown; fault is not null; fault = fault.InnerException)
        {
            switch (fault)
            {
                case ModelException or ModelServerException:
                    return fault;
                case ClientResultException { Status: > 0 } answered:
                    return OfStatus(answered, settings, address, now);
                case AuthenticationException:
                    // Neither asking again nor waiting makes a certificate right.
                    return new ModelException(Unavailable($"The server's certificate is not trusted, or not for its name. Check {settings}:{address} and the machine's certificates."), cause: thrown);
                case CredentialFaultException:
                    return new ModelException(Unavailable("No token was given for Azure OpenAI. Check the host's managed identity, or set AzureOpenAI:ApiKey."), cause: thrown);
                case HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpIOException or EndOfStreamException:
                    return new ModelServerException(new ModelFailure(ModelFailure.CutOff, "The connection ended before the answer did."), thrown) { MayHaveCost = true };
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }:
                    if (fault.InnerException is AuthenticationException)
                    {
                        continue;
                    }

                    return new ModelServerException(Unavailable($"The server is not reached. Check {settings}:{address} and that it runs."), thrown);
                case HttpRequestException or IOException:
                    if (fault.InnerException is not null and (AuthenticationException or HttpRequestException or IOException))
                    {
                        continue;
                    }

                    return new ModelServerException(new ModelFailure(ModelFailure.CutOff, "The connection failed before the answer ended."), thrown) { MayHaveCost = true };
            }
        }

        return new ModelException(new ModelFailure(ModelFailure.InvalidAnswer, "The server's answer is not in OpenAI's wire format."), cause: thrown) { MayHaveCost = true };
    }

    /// <summary>The parameter that a server does not take; null where the answer is no such complaint.</summary>
    public static string? RefusedParameter(Exception thrown)
    {
        if (thrown is not ClientResultException { Status: 400 or 422 } answered)
        {
            return null;
        }

        var (_, parameter, message) = Error(answered);
        return OptionalParameters.FirstOrDefault(name => parameter == name) ?? OptionalParameters.FirstOrDefault(name => message?.Contains(name, StringComparison.OrdinalIgnoreCase) == true);
    }

    /// <summary>What a request can do without. The first stands for the number of probabilities too.</summary>
    public static IReadOnlyList<string> OptionalParameters { get; } = ["logprobs", "temperature", "seed"];

    private static Exception OfStatus(ClientResultException answered, string settings, string address, DateTimeOffset now)
    {
        var status = answered.Status;
        var (code, _, _) = Error(answered);
        var known = code is not null && Code().IsMatch(code) ? string.Create(CultureInfo.InvariantCulture, $"{status} ({code})") : status.ToString(CultureInfo.InvariantCulture);
        var pause = answered.GetRawResponse() is { } response ? RetryAfterHeader.Read(name => response.Headers.TryGetValue(name, out var value) ? value : null, now) : null;
        return (status, code) switch
        {
            (_, "content_filter" or "content_policy_violation") => new ModelException(new ModelFailure(ModelFailure.ContentFiltered, $"The server's content filter stopped the prompt: {known}."), cause: answered),
            (_, "context_length_exceeded") or (413, _) => new ModelException(new ModelFailure(ModelFailure.PromptTooLong, $"The prompt is longer than the model takes: {known}. Lower LanguageModels:MaxPromptTokens."), cause: answered),
            (429, "insufficient_quota") => new ModelException(new ModelFailure(ModelFailure.RateLimited, $"The account's quota at the server is used up: {known}."), cause: answered),
            (429, _) => new ModelException(new ModelFailure(ModelFailure.RateLimited, $"The server is asked too often: {known}."), cause: answered) { Repeatable = true, RetryAfter = pause },
            (401 or 403, _) => new ModelException(Unavailable($"The server refuses the credentials: {known}. Check {settings}:ApiKey{(settings == "AzureOpenAI" ? ", or the role of the host's managed identity" : "")}."), cause: answered),
            (404, _) => new ModelException(Unavailable($"The server does not know the address or the model: {known}. Check {settings}:{address} and {settings}:{(settings == "AzureOpenAI" ? "Deployment" : "Model")}."), cause: answered),
            (>= 300 and < 400, _) => new ModelException(Unavailable($"The server sends callers elsewhere, where nothing is sent: {known}. Check {settings}:{address}."), cause: answered),
            (408 or 409 or 425 or >= 500, _) => new ModelServerException(Unavailable($"The server failed: {known}."), answered) { RetryAfter = pause },
            _ => new ModelException(Unavailable($"The server refuses the request: {known}. Check that the model takes a JSON schema as response_format."), cause: answered),
        };
    }

    private static ModelFailure Unavailable(string detail) => new(ModelFailure.Unavailable, detail);

    private static (string? Code, string? Parameter, string? Message) Error(ClientResultException answered)
    {
        try
        {
            using var body = JsonDocument.Parse(answered.GetRawResponse()?.Content.ToMemory() ?? default);
            var error = body.RootElement.GetProperty("error");
            return (Text(error, "code"), Text(error, "param"), Text(error, "message"));
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return default;
        }

        static string? Text(JsonElement error, string name) => error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    [GeneratedRegex(@"\A[a-z]+(_[a-z]+){0,5}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}

/// <summary>The identity of the host gave no token.</summary>
internal sealed class CredentialFaultException(Exception cause) : Exception("No token was given.", cause);
