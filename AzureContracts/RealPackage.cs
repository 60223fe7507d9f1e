namespace AzureContracts;

/// <summary>What a contract answers when something asks it for the service behind it.</summary>
internal static class RealPackage
{
    /// <summary>The exception of a member that only the real package can perform.</summary>
    /// <param name="member">The member that was called, as its caller would write it.</param>
    /// <param name="group">The group to name in the <c>AzurePackages</c> build property.</param>
    public static NotSupportedException Needed(string member, string group) => new(
        $"{member} needs the real Azure package, and this build has only its contract. " +
        $"Build with -p:AzurePackages=all, or with a list of groups that holds {group}.");
}
