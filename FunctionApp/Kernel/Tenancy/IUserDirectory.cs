namespace Advisor.Kernel.Tenancy;

/// <summary>The people of a tenant, as far as the product knows them: holders of valid tokens on the embedded host, those who have signed in on Azure.</summary>
public interface IUserDirectory
{
    /// <summary>The user with that e-mail address, whatever its case; null when the tenant has none. Tells nothing of other tenants.</summary>
    Task<Caller?> FindByEmailAsync(TenantId tenant, string email, CancellationToken cancellationToken);

    /// <summary>The users of the tenant that have the role, ordered by e-mail address.</summary>
    Task<IReadOnlyList<Caller>> WithRoleAsync(TenantId tenant, Role role, CancellationToken cancellationToken);

    /// <summary>Tells the directory of a caller who has just proved who they are, with every request. Directories that know their users otherwise ignore it.</summary>
    /// <remarks>Never fails but by cancellation: a directory that cannot be written must not keep callers out, least of all from asking what is wrong.</remarks>
    ValueTask NoteAsync(Caller caller, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
