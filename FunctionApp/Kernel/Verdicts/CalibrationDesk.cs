using Advisor.Kernel.Audit;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Verdicts;

/// <summary>Keeps what verdicts teach, and tells every workflow how claims of a kind are to be scored and routed.</summary>
/// <remarks>A version follows from the kind's verdicts, the policy's budget and the version before: computed again, it comes out the same.</remarks>
public sealed class CalibrationDesk(IRecordStore records, IMessageBus bus, IAuditLog audit, TimeProvider time) : IReviewObserver
{
    private const int MaxAttempts = 50;

    /// <summary>Verdicts within it are taken in together.</summary>
    private static readonly TimeSpan s_together = TimeSpan.FromSeconds(2);

    /// <summary>Another process's clock may be behind this one's: its moments are its own.</summary>
    private static readonly string s_process = Guid.NewGuid().ToString("N");

    /// <inheritdoc />
    public async Task EndedAsync(TenantId tenant, ReviewRecord review, CancellationToken cancellationToken)
    {
        if (VerdictRecord.Of(review) is not { } verdict)
        {
            return;
        }

        try
        {
            await records.CreateAsync(VerdictRecord.Container, tenant, verdict.Id, verdict, cancellationToken);
        }
        catch (RecordConflictException)
        {
            // Kept already, but perhaps nobody has taken it in.
        }

        // One message for all verdicts of a moment, which comes when the moment is over.
        var moment = (time.GetUtcNow().UtcTicks / s_together.Ticks) + 1;
        var at = new DateTimeOffset(moment * s_together.Ticks, TimeSpan.Zero);
        await bus.SendAsync(
            VerdictQueues.Calibrations,
            TenantMessage.Create(tenant, $"calibrate/{tenant}/{CalibrationRecord.IdOf(review.Kind)}/{moment}/{s_process}", new VerdictsGiven(review.Kind)) with { ScheduledAt = at }, cancellationToken);
    }

    /// <summary>How claims of the kind are to be scored and routed now, under the policy of now.</summary>
    public async Task<(RoutingTerms Terms, CalibrationRecord? Record)> TermsAsync(TenantId tenant, TenantPolicy policy, string kind, CancellationToken cancellationToken)
    {
        var record = (await records.FindAsync(CalibrationRecord.Container, tenant, CalibrationRecord.IdOf(kind), cancellationToken))?.Value;
        if (record?.Budget != policy.ErrorBudgetFor(kind))
        {
            // The policy has changed since the last verdict.
            record = await UpdateAsync(tenant, policy, kind, cancellationToken);
        }

        var limits = new[] { policy.Amounts.Material, policy.Amounts.FourEyes }.OfType<decimal>().ToList();

        // Under a handful of verdicts a record holds the prior of the day it was written.
        var calibration = record is { Calibration: { IsProvisional: false } fitted } ? fitted : Calibration.Prior;
        return (new RoutingTerms(
            policy.BandsFor(kind), calibration, limits.Count == 0 ? null : limits.Min(),
            record is { Budget: { } share, Status: { } status } ? new BudgetInForce(share, status, record.Threshold) : null), record);
    }

    /// <summary>Takes in every verdict on the kind, and writes a version down where something has changed.</summary>
    public async Task<CalibrationRecord> UpdateAsync(TenantId tenant, TenantPolicy policy, string kind, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stored = await records.FindAsync(CalibrationRecord.Container, tenant, CalibrationRecord.IdOf(kind), cancellationToken);
            var fresh = Compute(kind, await VerdictsAsync(tenant, kind, cancellationToken), policy, stored?.Value);
            if (stored is not null && fresh.Decides(stored.Value) && fresh.Verdicts == stored.Value.Verdicts && fresh.Why == stored.Value.Why)
            {
                return stored.Value;
            }

            try
            {
                if (stored is not null)
                {
                    // A crash may have come between that version and its history.
                    await KeepAsync(tenant, stored.Value, cancellationToken);
                }

                var held = (await (stored is null
                    ? records.CreateAsync(CalibrationRecord.Container, tenant, CalibrationRecord.IdOf(kind), fresh, cancellationToken)
                    : records.PutAsync(CalibrationRecord.Container, tenant, stored.Id, fresh, stored.ETag, cancellationToken))).Value;
                await KeepAsync(tenant, held, cancellationToken);
                return held;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Another worker took verdicts in at the same time.
            }
        }
    }

    /// <summary>Writes a version that was in force into the history and the log, once: what is there of it stays.</summary>
    private async Task KeepAsync(TenantId tenant, CalibrationRecord held, CancellationToken cancellationToken)
    {
        await Http.Operation.CreateOnceAsync(records, CalibrationRecord.History, tenant, CalibrationRecord.HistoryIdOf(held.Kind, held.Version), held, cancellationToken);
        await audit.AppendAsync(Changed(tenant, held), cancellationToken);
    }

    /// <summary>Every verdict on the kind, oldest first; of several on one claim the first alone.</summary>
    public async Task<IReadOnlyList<VerdictRecord>> VerdictsAsync(TenantId tenant, string kind, CancellationToken cancellationToken) =>
        [.. (await records.AllAsync(VerdictRecord.Container, tenant, [new RecordFilter("kind", RecordOperator.Equal, kind)], cancellationToken))
            .Select(item => item.Value).OrderBy(verdict => verdict.AtMs).ThenBy(verdict => verdict.Id, StringComparer.Ordinal).DistinctBy(verdict => verdict.ClaimKey)];

    /// <summary>Whether the claim's coin sends it to a person whatever its score.</summary>
    /// <param name="rate">Share of claims chosen, in [0,1].</param>
    public async Task<Func<string, bool>> CoinAsync(TenantId tenant, decimal rate, CancellationToken cancellationToken)
    {
        var salt = await SaltAsync(tenant, cancellationToken);
        return id => BlindSample.Chooses(id, salt, rate);
    }

    /// <summary>The tenant's secret, made when it is first asked for.</summary>
    internal async Task<string> SaltAsync(TenantId tenant, CancellationToken cancellationToken) =>
        (await records.FindAsync(SampleSalt.Container, tenant, SampleSalt.Id, cancellationToken))?.Value.Salt
        ?? (await Http.Operation.CreateOnceAsync(records, SampleSalt.Container, tenant, SampleSalt.Id, new SampleSalt(Guid.NewGuid().ToString("N")), cancellationToken)).Salt;

    /// <summary>The rate at which coins fall for a kind.</summary>
    public static decimal RateOf(TenantPolicy policy, CalibrationRecord? record) => Math.Max(policy.Sampling.HighBandRate, record?.SampleRate ?? 0);

    /// <summary>Takes note of the scores of claims, judged or not.</summary>
    public async Task NoteAsync(TenantId tenant, string kind, IReadOnlyList<(string Claim, decimal Raw)> claims, CancellationToken cancellationToken)
    {
        for (var attempt = 1; claims.Count > 0; attempt++)
        {
            var stored = await records.FindAsync(RecentScores.Container, tenant, CalibrationRecord.IdOf(kind), cancellationToken);
            var known = stored?.Value.Scores ?? [];
            var fresh = claims.Where(claim => known.All(score => score.Claim != claim.Claim)).Select(claim => new RecentScore(claim.Claim, Score.Clamp(claim.Raw))).ToList();
            if (fresh.Count == 0)
            {
                return;
            }

            var scores = new RecentScores(kind, [.. known.Concat(fresh).TakeLast(RecentScores.Most)]);
            try
            {
                await (stored is null
                    ? records.CreateAsync(RecentScores.Container, tenant, CalibrationRecord.IdOf(kind), scores, cancellationToken)
                    : records.PutAsync(RecentScores.Container, tenant, stored.Id, scores, stored.ETag, cancellationToken));
                return;
            }
            catch (RecordConflictException) when (attempt < MaxAttempts)
            {
                // Another analysis of the kind ended at the same time.
            }
        }
    }

    /// <summary>Raw scores of the kind's last claims, judged or not.</summary>
    public async Task<IReadOnlyList<Score>> RecentAsync(TenantId tenant, string kind, CancellationToken cancellationToken) =>
        [.. (await records.FindAsync(RecentScores.Container, tenant, CalibrationRecord.IdOf(kind), cancellationToken))?.Value.Scores.Select(score => score.Raw) ?? []];

    private CalibrationRecord Compute(string kind, IReadOnlyList<VerdictRecord> verdicts, TenantPolicy policy, CalibrationRecord? before)
    {
        var judged = verdicts.Count(verdict => !verdict.IsMissing);

        // A fit that a twentieth more verdicts would hardly move is kept: every version is one that somebody may have to explain.
        var calibration = before is { Calibration.IsProvisional: false } && judged < before.Calibration.Verdicts * 1.05m ? before.Calibration : CalibrationFit.Of([.. verdicts.Where(verdict => !verdict.IsMissing).Select(verdict => new Graded(verdict.Raw, verdict.Correct))], Calibration.Prior);
        var budget = policy.ErrorBudgetFor(kind);
        var (cause, by) = before?.Budget == budget ? ("verdicts", AuditEvent.Product) : ("policy", policy.SetBy ?? AuditEvent.Product);
        var record = new CalibrationRecord(kind, 0, calibration, budget, null, null, 0, "No error budget is set: the bands of the policy decide.", judged, cause, by, time.GetUtcNow());
        if (budget is { } share)
        {
            var automation = new Automation(new ErrorBudget(share));
            foreach (var verdict in verdicts.Where(verdict => verdict.ByScoreAlone))
            {
                automation.Add(new Judged(verdict.Raw, verdict.Correct, verdict.Counts));
            }

            var state = automation.State();

            // Another budget does not end a stop: only a candidate that has passed does.
            var stopped = before?.Status is AutomationStatus.Drifted or AutomationStatus.NotRanking && state.Status is AutomationStatus.Gathering or AutomationStatus.Testing;
            record = stopped
                ? record with { Status = before!.Status, SampleRate = automation.SampleRate, Why = $"Nothing is released since a stop under an earlier version. {state.Why}" }
                : record with { Status = state.Status, Threshold = state.Threshold, SampleRate = automation.SampleRate, Why = state.Why };
        }

        return record with { Version = before is null ? 1 : record.Decides(before) ? before.Version : before.Version + 1 };
    }

    private static AuditEvent Changed(TenantId tenant, CalibrationRecord record) => AuditEvent.Decision(
        tenant, "calibration.changed", $"calibrations/{record.Kind}", record.Status?.ToString().ToLowerInvariant() ?? "bands",
        ("version", record.Version), ("calibration", record.Calibration.Version), ("budget", record.Budget), ("threshold", record.Threshold?.Value), ("verdicts", record.Verdicts), ("cause", record.Cause))
        with { UserId = record.By, EventId = $"{tenant}/calibration/{record.Kind}/{record.Version}" };
}
