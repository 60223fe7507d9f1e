namespace Advisor.Kernel.Reasoning;

/// <summary>That a fact's value was given by a person, in place of the one that was read.</summary>
/// <param name="ReviewId">The review in which it was decided: who looked at what, and why.</param>
/// <param name="Version">From 1: how often the fact has been corrected.</param>
/// <param name="From">The value that it had before this correction.</param>
/// <param name="By">User ids of those who decided.</param>
public sealed record CorrectedValue(string ReviewId, int Version, decimal From, IReadOnlyList<string> By, DateTimeOffset At);
