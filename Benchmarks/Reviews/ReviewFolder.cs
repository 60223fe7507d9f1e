using System.Globalization;
using Advisor.Benchmarks.Documents;
using Advisor.Embedded;
using Advisor.Embedded.Identity;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Benchmarks.Reviews;

/// <summary>A data folder with open reviews, each with an orchestration that waits for it, as the product opens them.</summary>
internal sealed class ReviewFolder : IDisposable
{
    private const int AtOnce = 32;
    private const int Seed = 20;

    private ReviewFolder(string path, IReadOnlyList<string> tokens, IReadOnlyList<string> kinds, IReadOnlyList<string> ids) =>
        (FolderPath, Tokens, Kinds, Ids) = (path, tokens, kinds, ids);

    public string FolderPath { get; }

    /// <summary>Of reviewers, one each.</summary>
    public IReadOnlyList<string> Tokens { get; }

    public IReadOnlyList<string> Kinds { get; }

    public IReadOnlyList<string> Ids { get; }

    public static async Task<ReviewFolder> MakeAsync(int reviews, int kinds, int reviewers, CancellationToken cancellationToken)
    {
        var path = Directory.CreateTempSubdirectory("advisor-bench-").FullName;
        try
        {
            await using var host = await AdvisorHost.StartAsync(new AdvisorHostOptions { DataFolder = path, Url = "http://127.0.0.1:0", LogToConsole = false }, cancellationToken);
            var tokens = new List<string>();
            for (var i = 0; i < reviewers; i++)
            {
                var caller = new Caller(BenchTenant.Id, $"reviewer-{i}", $"reviewer-{i}@bench.example", [Role.Reviewer]);
                tokens.Add((await host.Services.GetRequiredService<ApiTokens>().CreateAsync(caller, TimeSpan.FromHours(4))).Text);
            }

            var names = Enumerable.Range(0, kinds).Select(i => $"bench/kind-{i}").ToList();
            var (random, now) = (new Random(Seed), TimeProvider.System.GetUtcNow());
            var asked = Enumerable.Range(0, reviews).Select(i => Asked(i, names[i % kinds], random, now)).ToList();
            var desk = host.Services.GetRequiredService<ReviewDesk>();
            await Parallel.ForEachAsync(
                asked, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (review, cancel) => await desk.OpenAsync(BenchTenant.Id, review, cancel));
            foreach (var review in asked)
            {
                while (await host.Durable.GetInstanceAsync(ReviewRecord.InstanceOf(review.Id), cancellationToken) is null)
                {
                    await Task.Delay(50, cancellationToken);
                }
            }

            return new ReviewFolder(path, tokens, names, [.. asked.Select(review => review.Id)]);
        }
        catch
        {
            Directory.Delete(path, recursive: true);
            throw;
        }
    }

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);

    /// <summary>As long as one on an insight of the sample report.</summary>
    private static ReviewRecord Asked(int number, string kind, Random random, DateTimeOffset now)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"bench-{number}");
        var evidence = Enumerable.Range(1, 4)
            .Select(i => new ReviewEvidence($"Revenue, FY202{i}", "1,234,567 EUR", "document-1", "annual-report.pdf", i, Printed: "1,234,567", FactId: $"fact-{i}")).ToList();
        return new ReviewRecord(
            DeterministicId.Of("review", subject), kind, subject, "low", ReviewDepth.Full, ReviewStatus.Open, "May this insight be published?",
            ["its confidence is in the low band"], random.Next(30, 60) / 100m, random.Next(1_000, 10_000_000), now)
        {
            Proposed = "Revenue rose by 12.4 % to 1,234,567 EUR while the operating margin fell by 1.2 percentage points.",
            SubjectPath = $"/api/v1/insights/{subject}",
            Evidence = evidence,
            Correctables = [.. evidence.Select(one => new Correctable($"fact:{one.FactId}", one.Label, CorrectionKind.Number, "1234567", "EUR"))],
            Decisions = [ReviewDecision.Approve, ReviewDecision.Correct, ReviewDecision.Reject, ReviewDecision.Escalate],
            Signals = new Signals { Grounding = Score.One },
            RawScore = 0.5m,
            ReasoningChainId = $"chain-{number}",
        };
    }
}
