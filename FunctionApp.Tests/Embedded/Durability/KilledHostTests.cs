using System.Diagnostics;
using System.Globalization;
using System.Text;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents;
using Advisor.Tests.Embedded.Storage;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>Kills the host with SIGKILL at random moments of real analyses, restarts it on the same data, and compares with a run that was left alone.</summary>
public sealed class KilledHostTests(ITestOutputHelper output) : IDisposable
{
    private const int AllKills = 20;
    private const int SampleKills = 3;

    /// <summary>Kills are spread over this much of an undisturbed run, so that some come after its end.</summary>
    private const double Spread = 1.2;

    private const string Pdf = "annual-report.pdf";

    private static readonly string[] s_samples = [Pdf, "quarterly-workbook.xlsx", "ledger.csv"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>What running work is given, and what closing takes on a busy machine.</summary>
    private static readonly TimeSpan s_stop = new Advisor.Embedded.AdvisorHostOptions { DataFolder = "any" }.StopTimeout + TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly string _samples = Path.Combine(Evals.RepositoryRoot, "samples");
    private int _uploads;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_AtRandomMomentsOfRuns_LosesAndDoublesNothing()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ADVISOR_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        var kills = Environment.GetEnvironmentVariable("ADVISOR_TEST_DEPTH") == "sample" ? SampleKills : AllKills;
        output.WriteLine($"ADVISOR_TEST_SEED={seed}, {kills} kills");
        var token = await TokenAsync();
        var host = await HostProcess.StartAsync(_folder.Path, token, Cancel);
        try
        {
            await UndisturbedAsync(host);
            var (expected, length) = await UndisturbedAsync(host);
            output.WriteLine($"An undisturbed run takes {length.TotalMilliseconds:0} ms.");
            foreach (var moment in Moments(new Random(seed), kills))
            {
                var accepted = new List<AcceptedDocument>();
                await UploadUntilAsync(host, length * moment, accepted);
                var died = DateTimeOffset.UtcNow;
                host.Dispose();
                host = await HostProcess.StartAsync(_folder.Path, token, Cancel);
                var found = await OutcomesAsync(host, accepted);
                output.WriteLine($"Killed at {moment:P0}, after these steps of the documents: {string.Join(", ", found.Select(pair => $"{pair.Value.EventsBefore(died)} of {pair.Value.Events.Count}"))}.");
                foreach (var (document, outcome) in found)
                {
                    Check(document, outcome, expected[document.Name]);
                }

                await CheckDeliveryAsync(found.Values);
            }
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"With ADVISOR_TEST_SEED={seed}: {fault.Message}\n{host.Log()}", fault);
        }
        finally
        {
            host.Dispose();
        }
    }

    /// <summary>A stop is bounded, whatever runs; what it cuts off goes on in the next process.</summary>
    [Fact]
    public async Task Terminate_WithRunsUnderWay_EndsWithinItsBoundAndLosesNothing()
    {
        SystemTool.Require("pdftotext", "poppler-utils");
        var token = await TokenAsync();
        var accepted = new List<AcceptedDocument>();
        using (var host = await HostProcess.StartAsync(_folder.Path, token, Cancel))
        {
            foreach (var name in s_samples)
            {
                accepted.Add(await UploadAsync(host, name));
            }

            var clock = Stopwatch.StartNew();
            (await host.TerminateAsync(Cancel)).ShouldBe(0, host.Log());
            clock.Elapsed.ShouldBeLessThan(s_stop, host.Log());
        }

        using var next = await HostProcess.StartAsync(_folder.Path, token, Cancel);
        (await OutcomesAsync(next, accepted)).Values.ShouldAllBe(outcome => outcome.Statements.Any());
    }

    /// <summary>One moment in each of as many equal parts of the run, in random order, as fractions of its length.</summary>
    private static double[] Moments(Random random, int count)
    {
        var moments = Enumerable.Range(0, count).Select(i => (i + random.NextDouble()) / count * Spread).ToArray();
        random.Shuffle(moments);
        return moments;
    }

    private async Task<(Dictionary<string, DocumentOutcome> ByName, TimeSpan Length)> UndisturbedAsync(HostProcess host)
    {
        var accepted = new List<AcceptedDocument>();
        var clock = Stopwatch.StartNew();
        await UploadUntilAsync(host, until: null, accepted);
        await SettledAsync(host, accepted);
        var length = clock.Elapsed;
        var found = await OutcomesAsync(host, accepted);
        await CheckDeliveryAsync(found.Values);
        foreach (var (document, outcome) in found)
        {
            outcome.Statements.ShouldNotBeEmpty($"{document.Name} gives nothing that could be lost");
        }

        return (found.ToDictionary(pair => pair.Key.Name, pair => pair.Value, StringComparer.Ordinal), length);
    }

    /// <summary>Uploads every sample; returns <paramref name="until"/> after the first was accepted, whether or not the others are by then.</summary>
    private async Task UploadUntilAsync(HostProcess host, TimeSpan? until, List<AcceptedDocument> accepted)
    {
        accepted.Add(await UploadAsync(host, s_samples[0]));
        var others = Task.Run(
            async () =>
            {
                foreach (var name in s_samples[1..])
                {
                    accepted.Add(await UploadAsync(host, name));
                }
            },
            Cancel);
        if (until is { } moment)
        {
            await Task.Delay(moment, Cancel);
            await host.KillAsync(Cancel);
        }

        try
        {
            await others.WaitAsync(s_patience, Cancel);
        }
        catch (HttpRequestException) when (until is not null)
        {
            // The host died before it had accepted this one: nothing is promised about it.
        }
    }

    private async Task<AcceptedDocument> UploadAsync(HostProcess host, string name)
    {
        var content = await File.ReadAllBytesAsync(Path.Combine(_samples, name), Cancel);

        // Other bytes, so that no reading of an earlier round is used again.
        return await AcceptedDocument.UploadAsync(host.Http, name, name == Pdf ? [.. content, .. Encoding.ASCII.GetBytes($"\n%{++_uploads}\n")] : content, Cancel);
    }

    private async Task<Dictionary<AcceptedDocument, DocumentOutcome>> OutcomesAsync(HostProcess host, List<AcceptedDocument> accepted)
    {
        await SettledAsync(host, accepted);
        var outcomes = new Dictionary<AcceptedDocument, DocumentOutcome>();
        foreach (var document in accepted)
        {
            outcomes.Add(document, await document.OutcomeAsync(host.Http, Cancel));
        }

        return outcomes;
    }

    /// <summary>Waits until every ingestion is completed and everything sent because of it has been dealt with.</summary>
    private async Task SettledAsync(HostProcess host, List<AcceptedDocument> accepted)
    {
        var clock = Stopwatch.StartNew();
        foreach (var document in accepted)
        {
            while (await document.IngestionAsync(host.Http, Cancel) is var ingestion && ingestion.GetProperty("status").GetString() != "completed")
            {
                ingestion.GetProperty("status").GetString().ShouldNotBe("failed", ingestion.ToString());
                clock.Elapsed.ShouldBeLessThan(s_patience, $"{document.Name} did not come to its end: {ingestion}");
                await Task.Delay(s_look, Cancel);
            }
        }

        while (await StoredState.ReadAsync(_folder.Path) is var state && (state.Backlog.Count > 0 || state.OpenWork.Count > 0))
        {
            clock.Elapsed.ShouldBeLessThan(s_patience, $"Work is left over: {string.Join("; ", [.. state.Backlog, .. state.OpenWork])}");
            await Task.Delay(s_look, Cancel);
        }
    }

    private static void Check(AcceptedDocument document, DocumentOutcome outcome, DocumentOutcome expected)
    {
        outcome.Statements.ShouldBe(expected.Statements, $"{document} lost or doubled an insight");
        outcome.Steps.ShouldBe(expected.Steps, $"{document} lost or doubled a step of its timeline");
        outcome.Steps.Count(step => step.StartsWith("final ", StringComparison.Ordinal)).ShouldBe(1, document.ToString());
        outcome.Events.Select(e => e.GetProperty("seq").GetInt32()).ShouldBe(Enumerable.Range(1, outcome.Events.Count), document.ToString());
        outcome.BrokenChains.ShouldBeEmpty(document.ToString());
        outcome.Chains.ShouldBe(expected.Chains, document.ToString());
        outcome.Summarised.ShouldBe(outcome.Ids(high: true), ignoreOrder: true, $"{document} lost or doubled a line of its summary");
    }

    private async Task CheckDeliveryAsync(IReadOnlyCollection<DocumentOutcome> outcomes)
    {
        var subjects = (await StoredState.ReadAsync(_folder.Path)).ReviewSubjects;
        subjects.ShouldBeUnique();
        outcomes.SelectMany(outcome => outcome.Ids(high: false)).Except(subjects).ShouldBeEmpty("every medium and low insight has a review");
        outcomes.SelectMany(outcome => outcome.Ids(high: true)).Intersect(subjects).ShouldBeEmpty("no high insight has a review");
    }

    private async Task<string> TokenAsync()
    {
        await using var database = new SqliteDatabase(new DataFolder(_folder.Path).Identity, "");
        var caller = new Caller(new TenantId("durability"), "tester", "tester@durability.example", [Role.Analyst]);
        return (await new ApiTokens(database, TimeProvider.System).CreateAsync(caller, TimeSpan.FromHours(1))).Text;
    }
}
