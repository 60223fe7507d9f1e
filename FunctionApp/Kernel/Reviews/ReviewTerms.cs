using Advisor.Kernel.Policies;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Reviews;

/// <summary>What the tenant's policy said of reviews when this one was opened: a later policy changes no review that is under way.</summary>
/// <param name="Chain">From the first to be asked to the last; at least one.</param>
/// <param name="RemindAfter">Share of a step's time after which its people are reminded, above 0 and below 1.</param>
/// <param name="ClaimMinutes">For how long a claim holds.</param>
/// <param name="FourEyesAbove">Amounts above it need two persons; null needs them for none.</param>
public sealed record ReviewTerms(IReadOnlyList<ChainStep> Chain, decimal RemindAfter, int ClaimMinutes, decimal? FourEyesAbove)
{
    /// <summary>The only hours that count; null where all do.</summary>
    public WorkingHours? WorkingHours { get; init; }

    /// <summary>What a policy says of reviews.</summary>
    public static ReviewTerms Of(PolicyTerms policy) => new(policy.Chain, policy.RemindAfter, policy.ClaimMinutes, policy.Amounts.FourEyes) { WorkingHours = policy.WorkingHours };

    /// <summary>For how long whoever decided may undo it.</summary>
    public static readonly TimeSpan UndoFor = TimeSpan.FromSeconds(PolicyTerms.UndoSeconds);

    /// <summary>Reviewers have a day, approvers and the CFO half a day each.</summary>
    public static ReviewTerms Default { get; } = new([new(Role.Reviewer, 24), new(Role.Approver, 12), new(Role.Cfo, 12)], 0.5m, 30, null);

    /// <summary>The levels of a review that comes to step <paramref name="from"/> at a time.</summary>
    /// <param name="passed">The levels before, as they were.</param>
    public IReadOnlyList<ReviewLevel> LevelsFrom(DateTimeOffset now, int from = 0, IReadOnlyList<ReviewLevel>? passed = null)
    {
        var levels = (passed ?? []).Take(from).ToList();
        foreach (var step in Chain.Skip(from))
        {
            var until = WorkingTime.Add(now, step.Time, WorkingHours);
            levels.Add(new ReviewLevel(step.Role, WorkingTime.Add(now, step.Time * (double)RemindAfter, WorkingHours), until));
            now = until;
        }

        return levels;
    }
}
