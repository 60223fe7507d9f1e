using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Verdicts;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Advisor.Tests.Contract;

/// <summary>Exchanges about calibration and budgets.</summary>
internal static class CalibrationExchanges
{
    private const string Path = "/api/v1/calibration";

    private const string Kind = "insight/anomaly";

    public static IEnumerable<Exchange> Of(ContractWorld world)
    {
        yield return new("GetCalibration", 200, Path) { Before = () => KnownAsync(world) };
        yield return new("GetCalibration", 200, $"{Path}?kind={Kind}");
        yield return new("GetCalibration", 400, $"{Path}?kinds=all") { Problem = "invalid-request" };
        yield return new("GetCalibration", 404, $"{Path}?kind=insight/none") { Problem = "not-found" };
        yield return new("GetCalibrationPlan", 200, $"{Path}/plan?budget=0.02") { Before = () => KnownAsync(world) };
        yield return new("GetCalibrationPlan", 200, $"{Path}/plan?budget=0.02&kind={Kind}");
        yield return new("GetCalibrationPlan", 400, $"{Path}/plan?budget=2") { Problem = "invalid-request" };
        yield return new("GetCalibrationPlan", 404, $"{Path}/plan?budget=0.02&kind=insight/none") { Problem = "not-found" };
        yield return new("GetCalibrationHistory", 200, $"{Path}/history?kind={Kind}") { Before = () => KnownAsync(world) };
        yield return new("GetCalibrationHistory", 400, $"{Path}/history?kind={Kind}&limit=1&continuation=nonsense") { Problem = "invalid-request" };
        yield return new("GetCalibrationHistory", 400, $"{Path}/history") { Problem = "invalid-request" };
    }

    /// <summary>A kind of which the scores of claims are known and one version has been in force.</summary>
    private static async Task KnownAsync(ContractWorld world)
    {
        var (services, tenant, cancellation) = (world.Advisor.Services, new TenantId(ContractWorld.Tenant), TestContext.Current.CancellationToken);
        await services.GetRequiredService<ReviewTimes>().NoteAsync(tenant, Kind, cancellation);
        var (desk, policies) = (services.GetRequiredService<CalibrationDesk>(), services.GetRequiredService<Advisor.Kernel.Policies.PolicyDesk>());
        await desk.NoteAsync(tenant, Kind, [.. Enumerable.Range(0, 20).Select(i => ($"claim-{i}", 0.5m + (i / 50m)))], cancellation);
        await desk.UpdateAsync(tenant, await policies.CurrentAsync(tenant, cancellation), Kind, cancellation);
    }
}
