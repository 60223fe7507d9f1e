using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Advisor.Kernel.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Advisor.Azure;

/// <summary>How the platform's sign-in becomes a caller, section <c>Identity</c>.</summary>
public sealed class PrincipalOptions
{
    /// <summary>
    /// Whether the platform signs callers in. Only then does it strip a principal header that a client sends itself, so without this setting
    /// nobody is believed.
    /// </summary>
    public bool TrustPrincipalHeader { get; set; }

    /// <summary>Type of the claim that names the tenant. Where a sign-in has no such claim, its directory (<c>tid</c>) is the tenant.</summary>
    [Required(ErrorMessage = "Identity:TenantClaim must name a claim type.")]
    public string TenantClaim { get; set; } = "extension_advisor_tenant";
}

/// <summary>Callers by the header <c>X-MS-CLIENT-PRINCIPAL</c>, which the platform's sign-in (Entra ID) writes.</summary>
/// <remarks>
/// Registered by the Azure entry alone: elsewhere anybody could send it. What is malformed, too long or ambiguous gives nobody; a caller without any of
/// the product's roles is somebody whom functions for certain roles refuse.
/// </remarks>
public sealed class PrincipalHeaderAuthenticator(IOptions<PrincipalOptions> options) : ICallerAuthenticator
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>Longer than any header a web server lets through by default.</summary>
    private const int MaxLength = 64 * 1024;

    private const int MaxTextLength = 256;

    private static readonly string[] s_directoryClaims = ["tid", "http://schemas.microsoft.com/identity/claims/tenantid"];

    private static readonly string[] s_userClaims =
    [
        "oid", "http://schemas.microsoft.com/identity/claims/objectidentifier", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier",
    ];

    private static readonly string[] s_emailClaims =
    [
        "email", "emails", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "preferred_username", "upn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    ];

    private static readonly string[] s_roleClaims = ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];

    /// <inheritdoc />
    public ValueTask<Caller?> AuthenticateAsync(HttpContext http, CancellationToken cancellationToken) =>
        ValueTask.FromResult(options.Value.TrustPrincipalHeader && http.Request.Headers[Header] is [{ } header] ? Read(header, options.Value.TenantClaim) : null);

    /// <summary>The caller that the header's text tells of; null when it tells of none beyond doubt.</summary>
    public static Caller? Read(string header, string tenantClaim)
    {
        if (Parse(header) is not { } claims
            || TenantOf(claims, tenantClaim) is not { } tenant
            || s_userClaims.Select(type => Single(claims, type)).FirstOrDefault(value => value is not null) is not { } user)
        {
            return null;
        }

        var email = s_emailClaims.SelectMany(type => Values(claims, type)).FirstOrDefault(value => value.Contains('@', StringComparison.Ordinal) && IsShortText(value));
        return new Caller(tenant, user, email ?? "", RolesOf(claims));
    }

    private static Principal? Parse(string header)
    {
        if (header.Length > MaxLength || !Base64.IsValid(header))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Principal>(Convert.FromBase64String(header)) is { Claims: not null } principal ? principal : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A tenant claim that is there but names no tenant does not fall back to the directory: its user belongs somewhere else.</summary>
    private static TenantId? TenantOf(Principal principal, string tenantClaim)
    {
        if (Values(principal, tenantClaim).Any())
        {
            return TenantId.TryParse(Single(principal, tenantClaim), out var named) ? named : null;
        }

        var directory = s_directoryClaims.SelectMany(type => Values(principal, type)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return directory is [var text] && Guid.TryParseExact(text, "D", out var id) ? new TenantId(id.ToString("D")) : null;
    }

    private static IReadOnlyList<Role> RolesOf(Principal principal) =>
    [
        .. s_roleClaims.Append(principal.RoleType ?? "roles").Distinct(StringComparer.Ordinal)
            .SelectMany(type => Values(principal, type))
            .SelectMany(value => Enum.GetValues<Role>().Where(role => string.Equals(role.ToString(), value, StringComparison.OrdinalIgnoreCase)))
            .Distinct()
            .Order(),
    ];

    /// <summary>The claim's one value; null where there is none, where two differ, and where it is no short text.</summary>
    private static string? Single(Principal principal, string type) =>
        Values(principal, type).Distinct(StringComparer.Ordinal).ToList() is [var only] && IsShortText(only) ? only : null;

    private static bool IsShortText(string text) => !string.IsNullOrWhiteSpace(text) && text.Length <= MaxTextLength && !text.Any(char.IsControl);

    private static IEnumerable<string> Values(Principal principal, string type) =>
        principal.Claims!.Where(claim => claim?.Type == type && claim.Value is not null).Select(claim => claim!.Value!);

    private sealed record Principal(
        [property: JsonPropertyName("role_typ")] string? RoleType, [property: JsonPropertyName("claims")] IReadOnlyList<Claim?>? Claims);

    private sealed record Claim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] string? Value);
}
