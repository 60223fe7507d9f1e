using Advisor.Embedded.Identity;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Cli;

/// <summary>The tenant that <c>up</c> and <c>analyze</c> work in, with one user for each role.</summary>
internal static class DemoTenant
{
    /// <summary>Longer than a host is left running between two starts; each start makes new ones and revokes these.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public static TenantId Id { get; } = new("demo");

    /// <summary>New tokens by role name (<c>analyst</c> to <c>admin</c>, in this order). Those of earlier starts are refused from now on.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> IssueTokensAsync(AuditedTokens tokens)
    {
        var roles = Enum.GetValues<Role>();
        var users = roles.Select(User).ToHashSet(StringComparer.Ordinal);
        foreach (var old in tokens.Tokens.List(Id).Where(token => token.RevokedAt is null && users.Contains(token.Caller.UserId)))
        {
            await tokens.RevokeAsync(Id, old.Id);
        }

        var issued = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var role in roles)
        {
            issued.Add(Name(role), (await tokens.CreateAsync(Caller(role), Lifetime)).Text);
        }

        return issued;
    }

    /// <summary>The tenant's user of that role, who has no other.</summary>
    public static Caller Caller(Role role) => new(Id, User(role), $"{Name(role)}@demo.example", [role]);

    /// <summary>The role as commands and answers spell it.</summary>
    public static string Name(Role role) => role.ToString().ToLowerInvariant();

    private static string User(Role role) => $"demo-{Name(role)}";
}
