using Advisor.Embedded.ScriptedModels;
using Advisor.Embedded.Storage;
using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels;

public sealed class ModelBudgetsTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("advisor-budgets-").FullName;
    private readonly SqliteDatabase _database;
    private readonly SqliteRecordStore _store;

    public ModelBudgetsTests()
    {
        _database = new SqliteDatabase(Path.Combine(_folder, "records.db"), "");
        _store = new SqliteRecordStore(_database);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Two hosts with many calls at once over one store: exactly as many find a place as fit, and the record says so.</summary>
    [Theory]
    [InlineData(1_000, 100, 10)]
    [InlineData(1_050, 100, 10)]
    [InlineData(99, 100, 0)]
    [InlineData(100_000, 100, 40)]
    public async Task Reserve_ManyAtOnce_NeverPassTheLimitTogether(long limit, long worst, int fit)
    {
        var options = new LanguageModelOptions { TenantTokensPerDay = limit, RunTokens = 1_000_000 };
        using var one = New(options);
        using var other = New(options);
        var all = await Task.WhenAll(Enumerable.Range(0, 40).Select(call => Task.Run(async () =>
        {
            var budgets = call % 2 == 0 ? one : other;
            var (reservation, _) = await budgets.ReserveAsync(GatewayRig.Tenant, $"run-{call % 3}", $"call-{call}", new ModelUse(worst, 0), Cancel);
            (await DayAsync()).Counted.Tokens.ShouldBeLessThanOrEqualTo(limit);
            return reservation;
        })));
        all.Count(reservation => reservation is not null).ShouldBe(fit);
        await Task.WhenAll(all.Where(reservation => reservation is not null).Select(reservation => one.SettleAsync(reservation!, new ModelUse(7, 0), Cancel)));
        var day = await DayAsync();
        (day.Settled.Tokens, day.Open.Count).ShouldBe((7L * fit, 0));
    }

    [Fact]
    public async Task Reserve_RunOrDayOrDollars_EachHasItsLimit()
    {
        using var run = New(new LanguageModelOptions { RunTokens = 50 });
        var (_, failure) = await run.ReserveAsync(GatewayRig.Tenant, "run-1", "a", new ModelUse(51, 0), Cancel);
        failure.ShouldBe(new ModelFailure(ModelFailure.BudgetExceeded, "The call's worst case does not fit into what is left of the run: LanguageModels:RunTokens or LanguageModels:RunUsDollars."));
        (await DayAsync()).ShouldSatisfyAllConditions(day => day.Settled.ShouldBe(ModelUse.None), day => day.Open.ShouldBeEmpty());
        using var dollars = New(new LanguageModelOptions { TenantUsDollarsPerDay = 0.01m });
        (await dollars.ReserveAsync(GatewayRig.Tenant, "run-1", "b", new ModelUse(1, 0.011m), Cancel)).Failure!.Detail.ShouldContain("left of the day");
        (await dollars.ReserveAsync(GatewayRig.Tenant, "run-1", "c", new ModelUse(1, 0.01m), Cancel)).Failure.ShouldBeNull();
        (await dollars.ReserveAsync(new TenantId("contoso"), "run-1", "d", new ModelUse(1, 0.01m), Cancel)).Failure.ShouldBeNull();
    }

    /// <summary>Its own write repeated takes no second place, and one that is not settled counts in full.</summary>
    [Fact]
    public async Task Reserve_TheSameAgain_TakesNothingMore()
    {
        using var budgets = New(new LanguageModelOptions { RunTokens = 100 });
        var (first, _) = await budgets.ReserveAsync(GatewayRig.Tenant, "run-1", "a", new ModelUse(60, 0), Cancel);
        (await budgets.ReserveAsync(GatewayRig.Tenant, "run-1", "b", new ModelUse(60, 0), Cancel)).Failure!.Code.ShouldBe(ModelFailure.BudgetExceeded);
        var (again, _) = await budgets.ReserveAsync(GatewayRig.Tenant, "run-1", "a", new ModelUse(60, 0), Cancel);
        again.ShouldBe(first);
        (await DayAsync()).Counted.Tokens.ShouldBe(60);
        await budgets.SettleAsync(first!, new ModelUse(10, 0), Cancel);
        await budgets.SettleAsync(first!, new ModelUse(10, 0), Cancel);
        (await DayAsync()).Counted.Tokens.ShouldBe(10);
    }

    [Fact]
    public async Task Ask_RunWithoutRoom_IsNotSentAndSaysSo()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        var exchange = await GatewayRig.AskAsync(server, null, ("LanguageModels:RunTokens", "5000"));
        (exchange.Failure!.Code, server.Requests.Count, exchange.Samples[0].Attempts).ShouldBe((ModelFailure.BudgetExceeded, 0, 0));
    }

    /// <summary>Eight calls side by side where the day has room for three worst cases: no more are ever sent than are paid for.</summary>
    [Fact]
    public async Task Ask_ManySideBySide_HoldTheDaysLimitInDollars()
    {
        await using var server = await ScriptedModel.StartAsync("good", cancellationToken: Cancel);
        var prompt = GatewayRig.Call("call-0").Prompt;
        var worst = ((TokenEstimate.Of(prompt.System, prompt.User, prompt.Schema) * 2m) + (4_096 * 8m)) / 1_000_000m;
        await using var rig = new GatewayRig(server.BaseUrl, settings:
        [
            ("LanguageModels:Prices:0:Model", "asked"), ("LanguageModels:Prices:0:Input", "2"), ("LanguageModels:Prices:0:Output", "8"),
            ("LanguageModels:TenantUsDollarsPerDay", (worst * 3.5m).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ]);
        var exchanges = await Task.WhenAll(Enumerable.Range(0, 8).Select(call => rig.Gateway.AskAsync(GatewayRig.Call($"call-{call}"), Cancel)));
        var paid = exchanges.SelectMany(exchange => exchange.Samples).Sum(sample => sample.CostUsd ?? 0);
        paid.ShouldBeInRange(0.000001m, worst * 3.5m);
        server.Requests.Count.ShouldBe(exchanges.Count(exchange => exchange.Failure is null));
        exchanges.Where(exchange => exchange.Failure is not null).ShouldAllBe(exchange => exchange.Failure!.Code == ModelFailure.BudgetExceeded);
        (await rig.BudgetAsync("run.run-1")).Settled.UsDollars.ShouldBe(paid);
    }

    private async Task<ModelBudget> DayAsync() =>
        (await _store.FindAsync(ModelBudget.Container, GatewayRig.Tenant, $"day.{DateTime.UtcNow:yyyy-MM-dd}", Cancel))?.Value ?? ModelBudget.Empty;

    private ModelBudgets New(LanguageModelOptions options) => new(_store, Options.Create(options), TimeProvider.System);
}
