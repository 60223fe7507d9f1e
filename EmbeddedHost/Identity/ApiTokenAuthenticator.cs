using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Advisor.Embedded.Identity;

/// <summary>Callers by API token: <c>Authorization: Bearer adv_...</c>.</summary>
public sealed class ApiTokenAuthenticator(ApiTokens tokens) : ICallerAuthenticator
{
    private const string Scheme = "Bearer ";

    /// <inheritdoc />
    /// <remarks>More than one Authorization header is refused: which of them counts would be a guess.</remarks>
    public ValueTask<Caller?> AuthenticateAsync(HttpContext http, CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            http.Request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? tokens.Authenticate(header[Scheme.Length..].Trim())
                : null);
}
