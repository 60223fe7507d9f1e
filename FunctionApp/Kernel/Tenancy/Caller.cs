using Microsoft.AspNetCore.Http;

namespace Advisor.Kernel.Tenancy;

/// <summary>What a caller may do. A caller has one or more.</summary>
public enum Role
{
    Analyst,
    Reviewer,
    Approver,
    Cfo,
    Operator,
    Admin,
}

/// <summary>Who is calling: the tenant everything is scoped to, the user the audit names, the roles that open functions.</summary>
public sealed record Caller(TenantId Tenant, string UserId, string Email, IReadOnlyList<Role> Roles)
{
    public bool Has(Role role) => Roles.Contains(role);
}

/// <summary>Turns a request into its caller: API tokens on the embedded host, the platform's principal header on Azure.</summary>
public interface ICallerAuthenticator
{
    /// <summary>The caller, or null when the request carries no valid, unexpired credential.</summary>
    ValueTask<Caller?> AuthenticateAsync(HttpContext http, CancellationToken cancellationToken);
}
