using System.Diagnostics;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Storage;
using Advisor.Tests.Embedded.Durable;
using Advisor.Tests.Embedded.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>Work that takes its process down beside long work that does not: processes of their own are started on the same files until one comes to its end.</summary>
public sealed class PoisonKilledTests
{
    private const string FolderVariable = "ADVISOR_POISONED_ENGINE";
    private const string KindVariable = "ADVISOR_POISON";
    private const string Ended = "ended";
    private const int Innocents = 4;
    private const int MostProcesses = 12;

    private static readonly TimeSpan s_headStart = TimeSpan.FromMilliseconds(100);

    /// <summary>Longer than the head start, so that none is over before the next begins.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromMilliseconds(500);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("step", "The orchestration 'Deadly' is quarantined: a step of it was running each of the 3 times that the process died.")]
    [InlineData("activity", "The activity 'Deadly' is quarantined: it was running each of the 3 times that the process died.")]
    public async Task Death_OfPoisonBesideLongWork_QuarantinesThePoisonAlone(string kind, string reason)
    {
        using var folder = new TemporaryFolder();
        (await CountDeathsAsync(folder, kind)).ShouldBe(3);

        (await File.ReadAllLinesAsync(folder.File(Ended), Cancel)).ShouldBe([$"PoisonedTask {reason}", .. Enumerable.Repeat("Completed", Innocents)]);
    }

    [Fact]
    public async Task Death_OfAMessagesHandlerBesideLongOnes_DeadLettersThatMessageAlone()
    {
        using var folder = new TemporaryFolder();
        (await CountDeathsAsync(folder, "message")).ShouldBe(PoisonedHost.MaxDeliveryCount);

        (await File.ReadAllLinesAsync(folder.File(Ended), Cancel)).ShouldBe(["deadly MaxDeliveryCountExceeded", .. Enumerable.Range(1, Innocents).Select(i => $"innocent{i}")]);
    }

    /// <summary>What dies: a process of its own, started by the tests above.</summary>
    [Fact(Explicit = true)]
    public async Task Victim()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, $"It runs under the tests beside it, which say where ({FolderVariable}).");
        var kind = Environment.GetEnvironmentVariable(KindVariable)!;
        var lines = kind == "message" ? await PoisonedHost.RunAsync(folder!, s_headStart, s_long, Innocents) : await RunEngineAsync(folder!, kind);
        await File.WriteAllLinesAsync(Path.Combine(folder!, Ended), lines, Cancel);
    }

    private static async Task<int> CountDeathsAsync(TemporaryFolder folder, string kind)
    {
        for (var deaths = 0; deaths < MostProcesses; deaths++)
        {
            string[] arguments = [typeof(PoisonKilledTests).Assembly.Location, "-noLogo", "-explicit", "only", "-method", $"*{nameof(PoisonKilledTests)}.{nameof(Victim)}"];
            using var victim = Process.Start(new ProcessStartInfo("dotnet", arguments)
            {
                Environment = { [FolderVariable] = folder.Path, [KindVariable] = kind },
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var printed = Task.WhenAll(victim.StandardOutput.ReadToEndAsync(Cancel), victim.StandardError.ReadToEndAsync(Cancel));
            await victim.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromMinutes(1), Cancel);
            if (File.Exists(folder.File(Ended)))
            {
                return deaths;
            }

            victim.ExitCode.ShouldBe(137, string.Join('\n', await printed));
        }

        throw new InvalidOperationException($"Still dying after {MostProcesses} processes.");
    }

    private static async Task<IEnumerable<string>> RunEngineAsync(string folder, string kind)
    {
        await using var journal = new SqliteDatabase(Path.Combine(folder, "durable.db"), DurableEngine.Schema);
        using var begun = new CountdownEvent(Innocents);
        var functions = new DelegateFunctions()
            .Activity("Long", async (int i, CancellationToken cancellation) =>
            {
                if (!begun.IsSet)
                {
                    begun.Signal();
                }

                await Task.Delay(s_long, cancellation);
                return i;
            })
            .Activity("Deadly", (int i) => Die(i))
            .Orchestrator("Innocent", context => context.CallActivityAsync<int>("Long", 1))
            .Orchestrator("Calls", context => context.CallActivityAsync<int>("Deadly", 1))
            .Orchestrator("Deadly", context => Task.FromResult(Die(context.IsReplaying ? 1 : 0)));
        await using var engine = new DurableEngine(journal, functions, new DurableEngineOptions { SuspectHeadStart = s_headStart }, TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(Cancel);
        if (await engine.Client.GetInstanceAsync("deadly", Cancel) is null)
        {
            for (var i = 0; i < Innocents; i++)
            {
                await StartAsync("Innocent", $"innocent{i}");
            }

            begun.Wait(Cancel);
            await StartAsync(kind == "step" ? "Deadly" : "Calls", "deadly");
        }

        await engine.Client.WaitForInstanceCompletionAsync("deadly", Cancel);
        List<string> lines = [];
        for (var i = 0; i < Innocents; i++)
        {
            lines.Add((await engine.Client.WaitForInstanceCompletionAsync($"innocent{i}", Cancel)).RuntimeStatus.ToString());
        }

        var details = (await engine.Client.GetInstanceAsync("deadly", true, Cancel))!.FailureDetails!;
        details = details.InnerFailure ?? details;
        return [$"{details.ErrorType} {details.ErrorMessage}", .. lines];

        Task StartAsync(string name, string id) => engine.Client.ScheduleNewOrchestrationInstanceAsync(name, new StartOrchestrationOptions(id), Cancel);
    }

    /// <summary>As the kernel ends a process that ran out of memory: it gets no chance to do anything.</summary>
    internal static int Die(int never)
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
        return never;
    }
}
