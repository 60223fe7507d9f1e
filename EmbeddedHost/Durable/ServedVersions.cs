namespace Advisor.Embedded.Durable;

/// <summary>host.json's versionMatchStrategy: which instances a build runs.</summary>
public enum VersionMatch
{
    /// <summary>All.</summary>
    None,

    /// <summary>Those of its own version.</summary>
    Strict,

    /// <summary>Those of its own version and before.</summary>
    CurrentOrOlder,
}

/// <summary>host.json's versionFailureStrategy: what becomes of an instance whose version the build does not run.</summary>
public enum VersionFailure
{
    /// <summary>It waits for a build that runs it.</summary>
    Reject,

    /// <summary>It fails.</summary>
    Fail,
}

/// <summary>The versions of instances that a build runs, ordered and matched as the Durable Task worker does.</summary>
/// <param name="Current">The build's own: host.json's defaultVersion. Empty stands before all others.</param>
public sealed record ServedVersions(string Current, VersionMatch Match)
{
    public bool Contains(string version) => Match switch
    {
        VersionMatch.Strict => Compare(version, Current) == 0,
        VersionMatch.CurrentOrOlder => Compare(version, Current) <= 0,
        _ => true,
    };

    /// <summary>Whether a version came before this build's own.</summary>
    public bool IsOlder(string version) => Compare(version, Current) < 0;

    /// <summary>Why an instance of a version is not run; for one that is not contained.</summary>
    public string Refusal(string version) => Match == VersionMatch.Strict
        ? $"The orchestration version '{version}' does not match the worker version '{Current}'."
        : $"The orchestration version '{version}' is greater than the worker version '{Current}'.";

    private static int Compare(string one, string other) =>
        string.IsNullOrWhiteSpace(one) || string.IsNullOrWhiteSpace(other) ? string.IsNullOrWhiteSpace(other).CompareTo(string.IsNullOrWhiteSpace(one))
        : System.Version.TryParse(one, out var left) && System.Version.TryParse(other, out var right) ? left.CompareTo(right)
        : string.Compare(one, other, StringComparison.OrdinalIgnoreCase);
}
