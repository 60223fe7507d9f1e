using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Advisor.Embedded.Identity;
using Advisor.Embedded.ServiceBus;
using Advisor.Kernel.Policies;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded.Durability;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reviews;

/// <summary>Four months of reviews under a clock that is told: everything that time does comes when a plain count of quarter hours says, once.</summary>
public sealed class ReviewMonthsTests(ITestOutputHelper output)
{
    private const int AllReviews = 300;
    private const int SampleReviewCount = 25;
    private const int Days = 120;

    /// <summary>The clock stops at each of these at which something is due: what happens is at most so much late.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);

    /// <summary>Both zones change their clocks within the months.</summary>
    private static readonly WorkingHours s_berlin = new("Europe/Berlin", [Weekday.Mon, Weekday.Tue, Weekday.Wed, Weekday.Thu, Weekday.Fri], new TimeOnly(9, 0), new TimeOnly(17, 30));
    private static readonly WorkingHours s_newYork = new("America/New_York", [Weekday.Sat, Weekday.Sun], new TimeOnly(0, 0), new TimeOnly(6, 0));

    private static readonly PolicyTerms[] s_policies =
    [
        Terms(0.5m, null, (Role.Reviewer, 24), (Role.Approver, 12), (Role.Cfo, 12)),
        Terms(0.25m, null, (Role.Approver, 4)),
        Terms(0.75m, s_berlin, (Role.Reviewer, 8), (Role.Cfo, 24)),
        Terms(0.5m, s_newYork, (Role.Cfo, 6)),
        Terms(0.25m, s_berlin, (Role.Reviewer, 4), (Role.Approver, 16), (Role.Cfo, 8)),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Months_OfReviewsSomeDecided_EverythingComesWhenTheModelSays()
    {
        var reviews = TestDepth.IsSample ? SampleReviewCount : AllReviews;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TestDepth.SeedVariable}={TestDepth.Seed}, {reviews} reviews"));
        var random = new Random(TestDepth.Seed);
        await using var host = await ReviewHost.StartAsync();
        var client = await EverybodyAsync(host);
        var start = host.Clock.GetUtcNow();
        var plans = Enumerable.Range(0, reviews).Select(i => Plan.Draw(i, start, random)).ToList();
        var stops = plans.SelectMany(plan => plan.Events.Select(due => (Plan: plan, Due: due))).GroupBy(one => StopOf(start, one.Due.At)).OrderBy(stop => stop.Key).ToList();
        foreach (var stop in stops)
        {
            host.Clock.Advance(stop.Key - host.Clock.GetUtcNow());
            foreach (var (plan, due) in stop)
            {
                await (due.Act switch
                {
                    "opened" => OpenAsync(host, plan),
                    "decided" => DecideAsync(host, client, plan),
                    _ => HappenedAsync(host, plan, due.Act),
                });
            }

            await QuietAsync(host);
        }

        var told = 0;
        foreach (var plan in plans)
        {
            var review = await host.ReviewAsync(plan.Id);
            review.History.Select(act => act.Act).ShouldBe(plan.Events.Select(due => due.Act), plan.ToString());
            foreach (var (act, due) in review.History.Zip(plan.Events))
            {
                (act.At - due.At).ShouldBeInRange(TimeSpan.Zero, act.Act is "opened" or "escalated" ? TimeSpan.Zero : s_step * 1.1, $"{act.Act} of {plan}");
            }

            told += plan.Events.Count(due => due.Act is "reminded" or "escalated");
        }

        var notices = await client.AllAsync<JsonElement>("/api/v1/notifications?kind=review-due&limit=500", "notifications");
        notices.Count.ShouldBe(told, "people are told of each reminder and escalation once");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stops.Count} stops of the clock, {plans.Sum(plan => plan.Events.Count)} acts, {told} notices."));
    }

    private static PolicyTerms Terms(decimal remindAfter, WorkingHours? hours, params (Role Role, decimal Hours)[] chain) =>
        PolicyTerms.Default(new(0.85m, 0.6m)) with { RemindAfter = remindAfter, WorkingHours = hours, Chain = [.. chain.Select(step => new ChainStep(step.Role, step.Hours))] };

    private static DateTimeOffset StopOf(DateTimeOffset start, DateTimeOffset at) => start + (s_step * Math.Ceiling((at - start) / s_step));

    /// <summary>Somebody of every role, whose credential outlives the months.</summary>
    private static async Task<ApiClient> EverybodyAsync(ReviewHost host)
    {
        var caller = new Caller(ReviewHost.Tenant, "everybody", "everybody@northwind.example", Enum.GetValues<Role>());
        return host.Advisor.Stranger((await host.Advisor.Services.GetRequiredService<ApiTokens>().CreateAsync(caller, TimeSpan.FromDays(3 * Days))).Text);
    }

    /// <summary>Puts the plan's policy in force, by two persons where it takes two, and opens the review.</summary>
    private static async Task OpenAsync(ReviewHost host, Plan plan)
    {
        var desk = host.Advisor.Services.GetRequiredService<PolicyDesk>();
        var outcome = await desk.SetAsync(
            SampleReviews.Person("ann", Role.Admin), await desk.StateAsync(ReviewHost.Tenant, Cancel), plan.Terms, "other people for other months", Cancel);
        if (outcome is PolicyOutcome.Proposed proposed)
        {
            outcome = await desk.ApproveAsync(SampleReviews.Person("bob", Role.Cfo), proposed.State, $"approve-{plan.Id}", Cancel);
        }

        outcome.ShouldBeOfType<PolicyOutcome.InForce>();
        (await host.Desk.OpenAsync(ReviewHost.Tenant, SampleReviews.Asked(plan.Events[0].At, subject: plan.Subject), Cancel)).ShouldBeTrue();
    }

    private static async Task DecideAsync(ReviewHost host, ApiClient client, Plan plan)
    {
        var answer = await ReviewHost.DecideAsync(client, plan.Id, "approve");
        answer.Status.ShouldBe(HttpStatusCode.OK, $"{plan}: {answer.Text}");
        (await host.ReviewAsync(plan.Id)).Status.ShouldBe(ReviewStatus.Decided);
    }

    /// <summary>Waits until the act is in the history, and whoever is to know of it has been told.</summary>
    private static async Task HappenedAsync(ReviewHost host, Plan plan, string act)
    {
        var clock = Stopwatch.StartNew();
        while (await host.ReviewAsync(plan.Id) is var review && (review.History[^1].Act != act || (act is "reminded" or "escalated" && review.Announced != review.History.Count)))
        {
            clock.Elapsed.ShouldBeLessThan(s_patience, $"{plan} was to be {act} at {host.Clock.GetUtcNow():O}: {JsonSerializer.Serialize(review.History)}");
            await PassAsync(host, s_moment);
        }
    }

    /// <summary>Waits until nothing is left but reviews and their timers: what is in hand while the clock goes on by days loses its lock, and what a person does comes late.</summary>
    private static async Task QuietAsync(ReviewHost host)
    {
        var (queues, clock) = (host.Advisor.Services.GetRequiredService<SqliteQueues>(), Stopwatch.StartNew());
        while (await StoredState.ReadAsync(host.Advisor.DataFolder) is var state && (state.OpenWork.Count > 0 || state.Backlog.Count > 0))
        {
            clock.Elapsed.ShouldBeLessThan(s_patience, $"Work is left over: {string.Join("; ", [.. state.Backlog, .. state.OpenWork])}");

            // Only messages that are to come later wait for the clock.
            var later = state.OpenWork.Count == 0 && queues.ListQueues().All(queue => queues.Count(queue) is { Ready: 0, Locked: 0 });
            await PassAsync(host, later ? TimeSpan.FromMilliseconds(500) : s_moment);
        }
    }

    /// <summary>Timers that were set for a time that is over are fired when the clock moves.</summary>
    private static async Task PassAsync(ReviewHost host, TimeSpan by)
    {
        host.Clock.Advance(by);
        await Task.Delay(2, Cancel);
    }

    /// <summary>What is to become of a review, and when.</summary>
    private sealed record Plan(string Subject, PolicyTerms Terms, IReadOnlyList<(string Act, DateTimeOffset At)> Events)
    {
        private static readonly TimeSpan s_quarter = TimeSpan.FromMinutes(15);

        public string Id { get; } = SampleReviews.Asked(default, subject: Subject).Id;

        public static Plan Draw(int number, DateTimeOffset start, Random random)
        {
            var terms = s_policies[random.Next(s_policies.Length)];
            var now = start + (s_step * random.Next((int)(TimeSpan.FromDays(Days) / s_step)));
            var events = new List<(string Act, DateTimeOffset At)> { ("opened", now) };
            foreach (var (step, i) in terms.Chain.Select((step, i) => (step, i)))
            {
                events.Add(("reminded", After(now, step.Hours * terms.RemindAfter, terms.WorkingHours)));
                now = After(now, step.Hours, terms.WorkingHours);
                events.Add((i + 1 < terms.Chain.Count ? "escalated" : "expired", now));
            }

            // Half are decided, half-way between two of the things that time does.
            if (random.Next(2) == 0)
            {
                var place = random.Next(1, events.Count);
                var decided = StopOf(start, events[place - 1].At + ((events[place].At - events[place - 1].At) / 2));
                events = [.. events.Take(place), ("decided", decided), ("settled", decided + ReviewTerms.UndoFor)];
            }

            return new Plan($"month-{number}", terms, events);
        }

        public override string ToString() => $"{Subject} ({string.Join(", ", Events.Select(due => $"{due.Act} {due.At:yyyy-MM-dd HH:mm}"))})";

        /// <summary>Counts quarter hours, one after the other.</summary>
        private static DateTimeOffset After(DateTimeOffset from, decimal hours, WorkingHours? within)
        {
            for (var left = hours * 4; left > 0; from += s_quarter)
            {
                left -= IsWorked(from, within) ? 1 : 0;
            }

            return from;
        }

        private static bool IsWorked(DateTimeOffset at, WorkingHours? within)
        {
            if (within is null)
            {
                return true;
            }

            var local = TimeZoneInfo.ConvertTime(at, within.Zone);
            var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
            return within.Days.Any(day => day.ToString() == local.DayOfWeek.ToString()[..3]) && time >= within.From && time < within.To;
        }
    }
}
