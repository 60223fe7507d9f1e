using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Advisor.Embedded;
using Advisor.Embedded.Identity;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Kernel.Verdicts;
using Advisor.Tests.Embedded.Storage;
using Advisor.Tests.Kernel.Reviews;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>Fifty people decide on the same reviews over HTTP while the host is killed with SIGKILL and started again on its files.</summary>
public sealed class ReviewsKilledTests(ITestOutputHelper output) : IDisposable
{
    private const int People = 50;
    private const int AllReviews = 2_000;
    private const int SampleReviewCount = 150;
    private const int AllKills = 10;
    private const int SampleKills = 2;
    private const int Kinds = 3;

    /// <summary>Nobody listens to it: what was sent to it is counted at the end.</summary>
    private const string Replies = "replies-of-killed-reviews-queue";

    private const string FolderVariable = "ADVISOR_KILLED_REVIEWS";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Address => _folder.File("address");

    private string Host => HostOf(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_WhileFiftyDecide_DecidesEachReviewOnceByWhoWasTold()
    {
        var (reviews, kills) = TestDepth.IsSample ? (SampleReviewCount, SampleKills) : (AllReviews, AllKills);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TestDepth.SeedVariable}={TestDepth.Seed}, {reviews} reviews, {kills} kills"));
        var random = new Random(TestDepth.Seed);
        var tokens = await OpenAsync(reviews);
        var told = new ConcurrentDictionary<string, ConcurrentBag<string>>(StringComparer.Ordinal);
        var people = new List<ReviewingPerson>();
        var victim = Start();
        try
        {
            var address = await AddressAsync(victim);
            people.AddRange(tokens.Select((token, i) => new ReviewingPerson(UserOf(i), token, random.Next(), () => Volatile.Read(ref address), claims: i % 2 == 0)));
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            ended.CancelAfter(s_patience * 3);
            var work = Task.WhenAll(people.Select(person => person.WorkAsync((review, by) => told.GetOrAdd(review, _ => []).Add(by), ended.Token)));
            for (var kill = 1; kill <= kills; kill++)
            {
                // Spread over the work, whatever it takes: after so many of the decisions, and a moment later.
                while (told.Count < reviews * kill / (kills + 1) && !work.IsCompleted)
                {
                    victim.HasExited.ShouldBeFalse("the process ended by itself");
                    await Task.Delay(s_look, ended.Token);
                }

                await Task.Delay(random.Next(100), ended.Token);
                await KillAsync(victim);
                File.Delete(Address);
                victim = Start();
                Volatile.Write(ref address, await AddressAsync(victim));
            }

            await work;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{told.Count} decisions were told, {people.Sum(person => person.Lost)} answers lost, {people.Sum(person => person.AnsweredAgain)} told under the same key again, {people.Sum(person => person.Refused)} refused."));
            people.Sum(person => person.Lost).ShouldBeGreaterThan(0, "a kill that nobody notices tests nothing");
            people.Sum(person => person.Refused).ShouldBeGreaterThan(0, "they have met on the same reviews");
        }
        finally
        {
            people.ForEach(person => person.Dispose());
            await KillAsync(victim);
        }

        await JudgeAsync(reviews, told);
    }

    /// <summary>What is killed: a process of its own, started by the test above.</summary>
    [Fact(Explicit = true)]
    public async Task Victim()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, $"It runs under the test beside it, which says where ({FolderVariable}).");
        var host = await HostAsync(HostOf(folder!));
        await File.WriteAllTextAsync(Path.Combine(folder!, "address.new"), host.Url.ToString(), Cancel);
        File.Move(Path.Combine(folder!, "address.new"), Path.Combine(folder!, "address"));
        await Task.Delay(Timeout.InfiniteTimeSpan, Cancel);
    }

    private static string HostOf(string folder) => Path.Combine(folder, "host");

    private static string UserOf(int person) => string.Create(CultureInfo.InvariantCulture, $"person-{person}");

    private static Task<AdvisorHost> HostAsync(string folder) => AdvisorHost.StartAsync(
        new AdvisorHostOptions
        {
            DataFolder = folder,
            Url = "http://127.0.0.1:0",
            LogToConsole = false,
            Settings = new Dictionary<string, string?> { ["RateLimit:PerSecond"] = "1000000", ["RateLimit:Burst"] = "1000000", ["Idempotency:LeaseSeconds"] = "2" },

            // What is running at its death is not counted against anything: here the process dies of the test, not of its work.
            ConfigureServices = UploadLoad.Patient,
        },
        CancellationToken.None);

    /// <summary>Opens the reviews in a host that ends in peace.</summary>
    /// <returns>A token for each person.</returns>
    private async Task<IReadOnlyList<string>> OpenAsync(int reviews)
    {
        await using var host = await HostAsync(Host);
        var (desk, now) = (host.Services.GetRequiredService<ReviewDesk>(), TimeProvider.System.GetUtcNow());
        await Parallel.ForEachAsync(Enumerable.Range(0, reviews), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (i, cancel) =>
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            await desk.OpenAsync(ReviewHost.Tenant, SampleReviews.Asked(now, i, kind: $"sample/{i % Kinds}", subject: $"killed-{number}") with { ReplyTo = Replies }, cancel);
        });
        var tokens = new List<string>();
        for (var person = 0; person < People; person++)
        {
            var caller = new Caller(ReviewHost.Tenant, UserOf(person), $"{UserOf(person)}@northwind.example", [Role.Reviewer]);
            tokens.Add((await host.Services.GetRequiredService<ApiTokens>().CreateAsync(caller, TimeSpan.FromHours(2))).Text);
        }

        return tokens;
    }

    private Process Start()
    {
        string[] arguments = [typeof(ReviewsKilledTests).Assembly.Location, "-noLogo", "-explicit", "only", "-method", $"*{nameof(ReviewsKilledTests)}.{nameof(Victim)}"];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { Environment = { [FolderVariable] = _folder.Path }, UseShellExecute = false })!;
    }

    private async Task<Uri> AddressAsync(Process victim)
    {
        var clock = Stopwatch.StartNew();
        while (!File.Exists(Address))
        {
            victim.HasExited.ShouldBeFalse("the process ended by itself");
            clock.Elapsed.ShouldBeLessThan(s_patience, "the host does not start");
            await Task.Delay(s_look, Cancel);
        }

        return new Uri(await File.ReadAllTextAsync(Address, Cancel));
    }

    private static async Task KillAsync(Process victim)
    {
        victim.Kill();
        await victim.WaitForExitAsync(CancellationToken.None);
        victim.Dispose();
    }

    /// <summary>Lets everything come to its end, and holds what is left against what people were told.</summary>
    private async Task JudgeAsync(int reviews, ConcurrentDictionary<string, ConcurrentBag<string>> told)
    {
        told.Values.ShouldAllBe(by => by.Count == 1, "nobody is told of a decision that another was told of too");
        await using var host = await HostAsync(Host);
        var records = host.Services.GetRequiredService<IRecordStore>();
        var clock = Stopwatch.StartNew();
        List<ReviewRecord> all;
        while ((all = [.. (await records.AllAsync(ReviewRecord.Container, ReviewHost.Tenant, [], Cancel)).Select(item => item.Value)]).Exists(review => review.Status != ReviewStatus.Settled)
            || await StoredState.ReadAsync(Host) is var state && (state.OpenWork.Count > 0 || state.Backlog.Any(queue => !queue.StartsWith(Replies, StringComparison.Ordinal))))
        {
            clock.Elapsed.ShouldBeLessThan(s_patience, $"{all.Count(review => review.Status != ReviewStatus.Settled)} reviews are not settled, or work is left over");
            await Task.Delay(s_look * 10, Cancel);
        }

        all.Count.ShouldBe(reviews);
        all.ShouldAllBe(review => review.Verdicts.Count == 1 && review.History.Count(act => act.Act == "decided") == 1 && review.History.Count(act => act.Act == "settled") == 1);
        all.ToDictionary(review => review.Id, review => review.Verdicts[0].By).ShouldBe(told.ToDictionary(pair => pair.Key, pair => pair.Value.Single()), ignoreOrder: true, "the verdict that stands is of who was told so");

        var verdicts = (await records.AllAsync(VerdictRecord.Container, ReviewHost.Tenant, [], Cancel)).ToDictionary(item => item.Id, item => item.Value.By.Single());
        verdicts.ShouldBe(all.ToDictionary(review => review.Id, review => review.Verdicts[0].By), ignoreOrder: true, "each verdict is kept once as evidence");
        var audited = await AuditedAsync(host.Services.GetRequiredService<IAuditLog>());
        audited.Order(StringComparer.Ordinal).ShouldBe(all.Select(review => $"reviews/{review.Id} {review.Verdicts[0].By}").Order(StringComparer.Ordinal), "each decision is in the log once");
        (await RepliesAsync()).Order(StringComparer.Ordinal).ShouldBe(all.Select(review => $"review/{review.Id}/ended").Order(StringComparer.Ordinal), "who asked is told once");
    }

    private static async Task<List<string>> AuditedAsync(IAuditLog audit)
    {
        var entries = new List<string>();
        string? continuation = null;
        do
        {
            var page = await audit.QueryAsync(ReviewHost.Tenant, new AuditQuery(Action: "review.decided", PageSize: 1_000, Continuation: continuation), Cancel);
            entries.AddRange(page.Entries.Select(entry => $"{entry.Resource} {entry.UserId}"));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return entries;
    }

    private async Task<List<string>> RepliesAsync()
    {
        await using var database = new SqliteDatabase(new DataFolder(Host).Queues, "");
        return database.Read(connection => connection.Rows(row => row.GetString(0), "SELECT message_id FROM queue_messages WHERE queue = @queue", ("@queue", Replies)));
    }
}
