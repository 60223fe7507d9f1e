using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Identity;

/// <summary>The users of a tenant are those who hold a token that is neither expired nor revoked.</summary>
/// <remarks>A user with several tokens has the roles of all of them.</remarks>
public sealed class TokenUsers(ApiTokens tokens, TimeProvider time) : IUserDirectory
{
    /// <inheritdoc />
    public Task<Caller?> FindByEmailAsync(TenantId tenant, string email, CancellationToken cancellationToken) =>
        Task.FromResult(UsersOf(tenant).FirstOrDefault(user => string.Equals(user.Email, email, StringComparison.OrdinalIgnoreCase)));

    /// <inheritdoc />
    public Task<IReadOnlyList<Caller>> WithRoleAsync(TenantId tenant, Role role, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Caller>>([.. UsersOf(tenant).Where(user => user.Has(role)).OrderBy(user => user.Email, StringComparer.OrdinalIgnoreCase)]);

    private IEnumerable<Caller> UsersOf(TenantId tenant) => tokens.List(tenant)
        .Where(token => token.RevokedAt is null && token.ExpiresAt > time.GetUtcNow())
        .GroupBy(token => token.Caller.UserId)
        .Select(user => user.Last().Caller with { Roles = [.. user.SelectMany(token => token.Caller.Roles).Distinct().Order()] });
}
