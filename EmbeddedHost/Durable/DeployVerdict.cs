namespace Advisor.Embedded.Durable;

/// <summary>Whether a build may take over a store with everything that is under way in it.</summary>
/// <param name="Unfinished">How many instances have not ended.</param>
/// <param name="NotBegun">How many of them have no history yet: whatever the code does, they begin with it.</param>
/// <param name="Older">How many were begun under a version before this build's own.</param>
/// <param name="OlderServed">How many of those this build still runs, by its versionMatchStrategy.</param>
/// <param name="Fits">How many the build carries on; those with differences that do not matter to them are among them.</param>
/// <param name="Differences">What was found, the first breaking difference of an instance last; in order of the instances' age.</param>
internal sealed record DeployVerdict(int Unfinished, int NotBegun, int Older, int OlderServed, int Fits, IReadOnlyList<ReplayDifference> Differences)
{
    public IEnumerable<ReplayDifference> Breaking => Differences.Where(difference => difference.Breaks);

    public bool IsSafe => !Breaking.Any();

    /// <summary>Replays all that is under way. Nothing is run but the orchestrators' code, and nothing written.</summary>
    public static DeployVerdict Over(JournalFile journal, IDurableFunctions functions, ServedVersions versions, CancellationToken cancellationToken)
    {
        var (unfinished, notBegun, older, olderServed, fits) = (0, 0, 0, 0, 0);
        List<ReplayDifference> found = [];
        foreach (var id in journal.Unfinished())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (journal.Find(id) is not { Status: "running" or "pending" or "suspended" } instance)
            {
                // It ended since the list was read.
                continue;
            }

            unfinished++;
            notBegun += instance.History.Count == 0 ? 1 : 0;
            var differences = Replay(instance, functions, versions);
            if (versions.IsOlder(instance.Version))
            {
                older++;
                olderServed += versions.Contains(instance.Version) ? 1 : 0;
            }

            fits += differences.Any(difference => difference.Breaks) ? 0 : 1;
            found.AddRange(differences);
        }

        return new DeployVerdict(unfinished, notBegun, older, olderServed, fits, found);
    }

    private static IReadOnlyList<ReplayDifference> Replay(JournaledInstance instance, IDurableFunctions functions, ServedVersions versions)
    {
        if (instance.Damage is { } damage)
        {
            var begun = new HistoryEvent(EventKind.Started, Name: instance.Name, Target: instance.Version);
            return [new ReplayDifference(DifferenceCode.JournalDamaged, instance.Id, instance.Name, instance.Version, 0, 0, damage, "finds that it is not as it was written", begun)];
        }

        var recorded = instance.ToRecorded();
        if (!versions.Contains(instance.Version))
        {
            return [HistoryReplay.AtTheStart(
                recorded, DifferenceCode.VersionNotServed, $"the version '{instance.Version}'", $"is of version '{versions.Current}' and serves {versions.Match}")];
        }

        if (!functions.HasOrchestrator(instance.Name) || instance.History.Count > 0)
        {
            var differences = HistoryReplay.Differences(functions, recorded, versions.Current);
            if (differences.Any(difference => difference.Breaks))
            {
                return differences;
            }

            return instance.WaitingActivities.FirstOrDefault(activity => !functions.HasActivity(activity)) is { } missing
                ? [.. differences, HistoryReplay.AtTheStart(recorded, DifferenceCode.ActivityMissing, $"a call of the activity '{missing}' that has not ended", "has no activity of that name")]
                : differences;
        }

        return [];
    }
}
