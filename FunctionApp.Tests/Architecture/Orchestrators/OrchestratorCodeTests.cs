using Mono.Cecil;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Architecture.Orchestrators;

/// <summary>That the product's orchestrators replay as they ran, and that the check of it bites.</summary>
public sealed class OrchestratorCodeTests
{
    private static readonly ModuleDefinition s_product = SolutionAssemblies.Read(typeof(Composition).Assembly.Location);
    private static readonly Lazy<ModuleDefinition> s_tests = new(() => SolutionAssemblies.Read(typeof(OrchestratorCodeTests).Assembly.Location));

    /// <summary>Orchestrator, the one rule that it breaks, and how it comes to break it.</summary>
    public static TheoryData<string, string, string> Planted => new()
    {
        { nameof(PlantedOrchestrators.ReadsTheClockAfterAwaiting), OrchestratorRules.Clock, "ReadsTheClockAfterAwaiting uses System.DateTime.get_UtcNow" },
        { nameof(PlantedOrchestrators.MeasuresTime), OrchestratorRules.Clock, "MeasuresTime uses System.Diagnostics.Stopwatch.StartNew" },
        { nameof(PlantedOrchestrators.AsksATimeProvider), OrchestratorRules.Clock, "AsksATimeProvider uses System.TimeProvider.GetUtcNow" },
        { nameof(PlantedOrchestrators.DrawsInALambda), OrchestratorRules.Randomness, "DrawsInALambda > PlantedOrchestrators.DrawsInALambda (lambda) uses System.Guid.NewGuid" },
        { nameof(PlantedOrchestrators.DrawsInALocalFunction), OrchestratorRules.Randomness, "> PlantedOrchestrators.DrawsInALocalFunction.Draw uses System.Random." },
        { nameof(PlantedOrchestrators.DrawsInAnIterator), OrchestratorRules.Randomness, "> PlantedOrchestrators.Numbers uses System.Random." },
        { nameof(PlantedOrchestrators.DrawsInAGenericMethod), OrchestratorRules.Randomness, "> PlantedOrchestrators.Choose uses System.Security.Cryptography.RandomNumberGenerator.GetInt32" },
        { nameof(PlantedOrchestrators.DrawsInAConstructor), OrchestratorRules.Randomness, "> Numbered.constructor uses System.Guid.CreateVersion7" },
        { nameof(PlantedOrchestrators.DrawsInAResult), OrchestratorRules.Randomness, "> Numbered.constructor uses System.Guid.CreateVersion7" },
        { nameof(PlantedOrchestrators.DrawsBehindAnInterface), OrchestratorRules.Randomness, "> PlantedOrchestrators.Named > Company.Name uses System.IO.Path.GetRandomFileName" },
        { nameof(PlantedOrchestrators.DrawsForASecret), OrchestratorRules.Randomness, "uses System.Security.Cryptography.RandomNumberGenerator.GetBytes" },
        { nameof(PlantedOrchestrators.HashesAText), OrchestratorRules.Randomness, "uses System.String.GetHashCode" },
        { nameof(PlantedOrchestrators.ReadsTheEnvironmentInAProperty), OrchestratorRules.Environment, "> Company.Machine uses System.Environment.get_MachineName" },
        { nameof(PlantedOrchestrators.ReadsTheEnvironmentInAStaticConstructor), OrchestratorRules.Environment, "> Started.static constructor uses System.Environment.get_MachineName" },
        { nameof(PlantedOrchestrators.FormatsForThisMachine), OrchestratorRules.Environment, "uses System.Globalization.CultureInfo.get_CurrentCulture" },
        { nameof(PlantedOrchestrators.StartsAThread), OrchestratorRules.Threads, "uses System.Threading.Thread." },
        { nameof(PlantedOrchestrators.RunsATask), OrchestratorRules.Threads, "uses System.Threading.Tasks.Task.Run" },
        { nameof(PlantedOrchestrators.RunsInParallel), OrchestratorRules.Threads, "uses System.Threading.Tasks.Parallel.For" },
        { nameof(PlantedOrchestrators.WaitsInAMethodItCalls), OrchestratorRules.Timers, "WaitsInAMethodItCalls > PlantedOrchestrators.WaitAsync uses System.Threading.Tasks.Task.Delay" },
        { nameof(PlantedOrchestrators.WaitsInADelegate), OrchestratorRules.Timers, "> PlantedOrchestrators.WaitsInADelegate (lambda) uses System.Threading.Tasks.Task.Delay" },
        { nameof(PlantedOrchestrators.LimitsItsTime), OrchestratorRules.Timers, "uses System.Threading.CancellationTokenSource..ctor" },
        { nameof(PlantedOrchestrators.SetsATimer), OrchestratorRules.Timers, "uses System.Threading.Timer..ctor" },
        { nameof(PlantedOrchestrators.TakesALock), OrchestratorRules.Locks, "uses System.Threading.Lock.EnterScope" },
        { nameof(PlantedOrchestrators.TakesASemaphore), OrchestratorRules.Locks, "uses System.Threading.SemaphoreSlim.WaitAsync" },
        { nameof(PlantedOrchestrators.AwaitsAForeignTask), OrchestratorRules.ForeignTask, "uses System.Threading.Channels.ChannelReader`1.ReadAsync" },
        { nameof(PlantedOrchestrators.LosesItsThread), OrchestratorRules.LostThread, "uses System.Threading.Tasks.Task.ConfigureAwait" },
        { nameof(PlantedOrchestrators.ReadsAFile), OrchestratorRules.InputOutput, "uses System.IO.File.Exists" },
        { nameof(PlantedOrchestrators.CallsAService), OrchestratorRules.InputOutput, "uses System.Net.Http.HttpClient.GetStringAsync" },
        { nameof(PlantedOrchestrators.ReadsARecord), OrchestratorRules.InputOutput, "uses Advisor.Kernel.Records.IRecordStore.FindAsync" },
        { nameof(PlantedOrchestrators.PrintsALine), OrchestratorRules.InputOutput, "uses System.Console.WriteLine" },
        { nameof(PlantedOrchestrators.ReadsASetting), OrchestratorRules.Settings, "uses Microsoft.Extensions.Configuration.IConfiguration.get_Item" },
        { nameof(PlantedOrchestrators.ReadsOptions), OrchestratorRules.Settings, "uses Microsoft.Extensions.Options.IOptions`1.get_Value" },
        { nameof(PlantedOrchestrators.AsksForAService), OrchestratorRules.Services, "uses Microsoft." },
        { nameof(PlantedOrchestrators.LogsOnEveryReplay), OrchestratorRules.Logging, "uses the parameter log" },
        { nameof(PlantedOrchestrators.MakesItsOwnLogger), OrchestratorRules.Logging, "CreateLogger" },
        { nameof(PlantedOrchestrators.CountsItsRuns), OrchestratorRules.StaticState, "PlantedOrchestrators.s_runs" },
        { nameof(PlantedOrchestrators.ReadsAChangingProperty), OrchestratorRules.StaticState, "PlantedOrchestrators.Mode" },
        { nameof(PlantedOrchestrators.FansOutOverASet), OrchestratorRules.Unordered, "uses System.Collections.Generic.HashSet`1.GetEnumerator" },
        { nameof(PlantedOrchestrators.FansOutOverADictionary), OrchestratorRules.Unordered, "uses System.Collections.Concurrent.ConcurrentDictionary`2.GetEnumerator" },
        { nameof(PlantedOrchestrators.CallsTheSystem), OrchestratorRules.Native, "uses libc!getpid" },
    };

    [Fact]
    public void Product_Orchestrators_ReplayAsTheyRan()
    {
        var orchestrators = OrchestratorCode.In(s_product);
        orchestrators.Select(method => method.DeclaringType.Name).ShouldContain("DocumentOrchestrator");
        orchestrators.SelectMany(orchestrator => OrchestratorCode.Faults(orchestrator)).Select(fault => fault.ToString()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public void Faults_PlantedOrchestrator_NameTheRuleAndTheWayToIt(string orchestrator, string rule, string way)
    {
        var faults = OrchestratorCode.Faults(Orchestrator(orchestrator));
        faults.Select(fault => fault.Rule).Distinct().ShouldBe([rule], string.Join('\n', faults));
        var text = faults.First(fault => fault.ToString().Contains(way, StringComparison.Ordinal)).ToString();
        text.ShouldStartWith($"[{rule}] PlantedOrchestrators.{orchestrator}");
    }

    [Fact]
    public void Planted_EveryRuleAndEveryOrchestrator_IsInTheTable()
    {
        Planted.Select(row => row.Data.Item1).ShouldBe(
            OrchestratorCode.In(s_tests.Value).Where(method => method.DeclaringType.Name == nameof(PlantedOrchestrators)).Select(method => method.Name), ignoreOrder: true);
        Planted.Select(row => row.Data.Item2).Distinct().ShouldBe(
            typeof(OrchestratorRules).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!), ignoreOrder: true);
    }

    [Fact]
    public void Faults_OrchestratorThatKeepsTheRules_AreNone() =>
        OrchestratorCode.Faults(Orchestrator(nameof(RightOrchestrators.KeepsTheRules))).Select(fault => fault.ToString()).ShouldBeEmpty();

    [Fact]
    public void Faults_MoreCodeThanTheBudget_SaysThatItWasNotRead() =>
        OrchestratorCode.Faults(Orchestrator(nameof(RightOrchestrators.KeepsTheRules)), budget: 2).ShouldHaveSingleItem().Rule.ShouldBe("budget");

    private static MethodDefinition Orchestrator(string name) => OrchestratorCode.In(s_tests.Value).Single(method => method.Name == name);
}
