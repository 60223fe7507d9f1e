using System.Globalization;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.LanguageModels;

/// <summary>Tokens, and what they cost where the model has a price.</summary>
public sealed record ModelUse(long Tokens, decimal UsDollars)
{
    public static ModelUse None { get; } = new(0, 0);

    public static ModelUse operator +(ModelUse one, ModelUse other) => new(one.Tokens + other.Tokens, one.UsDollars + other.UsDollars);
}

/// <summary>What one tenant's day, or one run, has used, and what calls under way may still use.</summary>
/// <param name="Settled">Of calls that ended.</param>
/// <param name="Open">Worst cases by call; of a call that never ended it counts for ever.</param>
public sealed record ModelBudget(ModelUse Settled, IReadOnlyDictionary<string, ModelUse> Open)
{
    /// <summary>Ids <c>day.2026-11-21</c> and <c>run.{run id}</c>.</summary>
    public static readonly RecordContainer<ModelBudget> Container = new("model-budgets");

    internal static ModelBudget Empty { get; } = new(ModelUse.None, new Dictionary<string, ModelUse>(StringComparer.Ordinal));

    /// <summary>What counts against the limit.</summary>
    internal ModelUse Counted => Open.Values.Aggregate(Settled, (sum, open) => sum + open);
}

/// <summary>A place for a call's worst case, on the day it was taken and in its run.</summary>
internal sealed record ModelReservation(TenantId Tenant, string RunId, string Day, string Id);

/// <summary>Holds the limits of runs and of tenants' days, whichever host calls.</summary>
/// <remarks>
/// The worst case is written before a call, with the record's ETag, so that calls side by side can never pass a limit together. Reserving again
/// under the same id takes nothing more. What a call really used takes the place of its worst case when it ends; a host that dies in
/// between leaves the worst case standing.
/// </remarks>
internal sealed class ModelBudgets(IRecordStore records, IOptions<LanguageModelOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>The calls of one host take turns; only hosts can get into each other's way, and then the one that lost repeats.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Reserves, or says what leaves no room.</summary>
    /// <param name="id">Of the call's sample, of the time that it is asked, and of the attempt.</param>
    public async Task<(ModelReservation? Reservation, ModelFailure? Failure)> ReserveAsync(TenantId tenant, string runId, string id, ModelUse worst, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var reservation = new ModelReservation(tenant, runId, time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), id);
        if (!await ChangeAsync(tenant, Day(reservation), budget => Reserved(budget, id, worst, limits.TenantTokensPerDay, limits.TenantUsDollarsPerDay), cancellationToken))
        {
            return (null, Exceeded("TenantTokensPerDay or LanguageModels:TenantUsDollarsPerDay", "day"));
        }

        if (!await ChangeAsync(tenant, Run(reservation), budget => Reserved(budget, id, worst, limits.RunTokens, limits.RunUsDollars), cancellationToken))
        {
            await ChangeAsync(tenant, Day(reservation), budget => Settled(budget, id, ModelUse.None), cancellationToken);
            return (null, Exceeded("RunTokens or LanguageModels:RunUsDollars", "run"));
        }

        return (reservation, null);
    }

    /// <summary>Puts what was used in place of the worst case; once it is there, again changes nothing.</summary>
    /// <param name="used">Null where nobody knows: then the worst case stays.</param>
    public async Task SettleAsync(ModelReservation reservation, ModelUse? used, CancellationToken cancellationToken)
    {
        await ChangeAsync(reservation.Tenant, Day(reservation), budget => Settled(budget, reservation.Id, used), cancellationToken);
        await ChangeAsync(reservation.Tenant, Run(reservation), budget => Settled(budget, reservation.Id, used), cancellationToken);
    }

    public void Dispose() => _turn.Dispose();

    private static string Day(ModelReservation reservation) => $"day.{reservation.Day}";

    private static string Run(ModelReservation reservation) => $"run.{reservation.RunId}";

    private static ModelFailure Exceeded(string settings, string what) =>
        new(ModelFailure.BudgetExceeded, $"The call's worst case does not fit into what is left of the {what}: LanguageModels:{settings}.");

    /// <summary>Null where there is no room.</summary>
    private static ModelBudget? Reserved(ModelBudget budget, string id, ModelUse worst, long tokens, decimal? usDollars)
    {
        if (budget.Open.ContainsKey(id))
        {
            return budget;
        }

        var after = budget with { Open = new Dictionary<string, ModelUse>(budget.Open, StringComparer.Ordinal) { [id] = worst } };
        return after.Counted.Tokens <= tokens && (usDollars is null || after.Counted.UsDollars <= usDollars) ? after : null;
    }

    private static ModelBudget Settled(ModelBudget budget, string id, ModelUse? used)
    {
        if (!budget.Open.TryGetValue(id, out var worst))
        {
            return budget;
        }

        var open = new Dictionary<string, ModelUse>(budget.Open, StringComparer.Ordinal);
        open.Remove(id);
        return new ModelBudget(budget.Settled + (used ?? worst), open);
    }

    /// <returns>False where the change is refused.</returns>
    private async Task<bool> ChangeAsync(TenantId tenant, string id, Func<ModelBudget, ModelBudget?> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            for (var lost = 0; ; lost++)
            {
                var stored = await records.FindAsync(ModelBudget.Container, tenant, id, cancellationToken);
                var before = stored?.Value ?? ModelBudget.Empty;
                if (change(before) is not { } after)
                {
                    return false;
                }

                if (ReferenceEquals(after, before))
                {
                    return true;
                }

                try
                {
                    await (stored is null
                        ? records.CreateAsync(ModelBudget.Container, tenant, id, after, cancellationToken)
                        : records.PutAsync(ModelBudget.Container, tenant, id, after, stored.ETag, cancellationToken));
                    return true;
                }
                catch (RecordConflictException)
                {
                    // Another host was quicker; a pause of random length lets one of those who lost be first.
                    await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 20 << Math.Min(lost, 4))), time, cancellationToken);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
