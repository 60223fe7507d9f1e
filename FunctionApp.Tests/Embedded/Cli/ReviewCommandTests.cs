using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Embedded.Cli;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded.Storage;
using Advisor.Tests.Kernel.Reviews;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Cli;

/// <summary><c>review</c> against a running host whose clock stands still until told.</summary>
public sealed class ReviewCommandTests : IAsyncLifetime
{
    private ReviewHost? _host;
    private ApiClient? _reviewer;
    private ApiClient? _approver;

    private ReviewHost Host => _host!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ReviewHost.StartAsync();
        _reviewer = await Host.Advisor.ClientAsync(Role.Reviewer);
        _approver = await Host.Advisor.ClientAsync(Role.Approver);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    [Fact]
    public async Task Work_KeysForEach_ShowsTheDearestDecidesAndGivesTheNextBack()
    {
        var (cheap, dear) = (await Host.OpenAsync(500), await Host.OpenAsync(9_000, "thing-2"));

        var run = await WorkAsync("a", "q");

        run.ExitCode.ShouldBe(0, run.Error);
        var text = Flat(run.Output);
        text.ShouldContain($"Review 1 of 2 {dear} sample/thing, one click Is this right? Revenue is 10. At stake 9,000; a minute on it is worth 900");
        text.ShouldContain("Due in 2 days (2026-01-07 09:00 UTC); with the reviewers for 1 day; if nobody decides, it stays held");
        text.ShouldContain("Confidence 0.70 (low band): grounding 1.00 Asked because the reader was unsure");
        text.ShouldContain("1 Revenue, FY2025 10 10 EUR report.pdf p.3");
        text.ShouldContain("Approved. ");
        text.ShouldContain($"Review 1 of 1 {cheap}");
        text.ShouldEndWith("1 decision. ");
        (await Host.ReviewAsync(dear)).Verdicts.ShouldHaveSingleItem().Decision.ShouldBe(ReviewDecision.Approve);
        var left = await Host.ReviewAsync(cheap);
        left.Claim.ShouldBeNull();
        left.History.Select(act => act.Act).ShouldBe(["opened", "claimed", "released"]);
    }

    [Fact]
    public async Task Work_UndoWhileItsSecondsRun_ShowsTheReviewAgain()
    {
        var id = await Host.OpenAsync();
        await Host.OpenAsync(100, "thing-2");

        var run = await WorkAsync("r", Wait(3), "u", "a", "q");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("Rejected; u undoes it for 10 s > ");
        run.Output.ShouldContain("Undone; it waits again.");
        Regex.Count(run.Output, $"  {id}  ").ShouldBe(2);
        (await Host.ReviewAsync(id)).History.Select(act => act.Act).Take(6).ShouldBe(["opened", "claimed", "decided", "undone", "claimed", "decided"]);
        (await Host.ReviewAsync(id)).Outcome!.Decision.ShouldBe(ReviewDecision.Approve);
    }

    [Fact]
    public async Task Work_UndoAfterItsSeconds_IsNotOfferedAnyMore()
    {
        var id = await Host.OpenAsync();
        await Host.OpenAsync(100, "thing-2");

        var run = await WorkAsync("r", Wait(11), "u", "q");

        run.Output.ShouldContain("There is no decision of this session to undo.");
        (await Host.UntilAsync(id, review => review.Status == ReviewStatus.Settled)).Outcome!.Decision.ShouldBe(ReviewDecision.Reject);
    }

    [Fact]
    public async Task Work_Correction_IsChosenTypedShownAndConfirmed()
    {
        var id = await Host.OpenAsync();

        var run = await WorkAsync("n", "page 3\n", "c", "7\n", "1\n", "1,5\n", "1\n", "12346.4\b5\n", "y");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Output.ShouldContain("  1  Revenue, FY2025: 10 EUR\n");
        run.Output.ShouldContain("Type a number from 1 to 1.");
        run.Output.ShouldContain("'1,5' is no number");
        run.Output.ShouldContain("  Revenue, FY2025: 10 -> 12,346.5 EUR\n");
        var verdict = (await Host.ReviewAsync(id)).Verdicts.ShouldHaveSingleItem();
        (verdict.Decision, verdict.Corrections.ShouldHaveSingleItem(), verdict.Comment).ShouldBe((ReviewDecision.Correct, new ReviewCorrection("fact:f1", "12346.5"), "page 3"));
    }

    [Theory]
    [InlineData("c\e")]
    [InlineData("c1\n\e")]
    [InlineData("c1\n12\nx")]
    public async Task Work_CorrectionDropped_DecidesNothing(string keys)
    {
        var id = await Host.OpenAsync();
        (await WorkAsync(keys, "q")).ExitCode.ShouldBe(0);
        (await Host.ReviewAsync(id)).Verdicts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Work_SkippedWithAComment_GivesItBackAndLeavesTheCommentBehind()
    {
        var (dear, cheap) = (await Host.OpenAsync(9_000), await Host.OpenAsync(500, "thing-2"));

        var run = await WorkAsync("n", "not mine\n", "s", "e");

        run.Output.ShouldContain("Nothing else waits for you; 2 reviews skipped, or somebody else's.");
        (await Host.ReviewAsync(dear)).Claim.ShouldBeNull();
        var escalated = await Host.ReviewAsync(cheap);
        (escalated.Level, escalated.History[^1].Note).ShouldBe((1, "to approver"));
    }

    [Fact]
    public async Task Work_SomebodyElseIsFaster_SaysSoAndShowsTheNext()
    {
        var (taken, dear, cheap) = (await Host.OpenAsync(90_000, "thing-3"), await Host.OpenAsync(9_000, "thing-2"), await Host.OpenAsync());
        await ReviewHost.ActAsync(_approver!, taken, "claim");
        async Task HandOver() => (await ReviewHost.ActAsync(_reviewer!, dear, "reassign", """{"reviewer_email": "approver@northwind.example"}""")).Status.ShouldBe(System.Net.HttpStatusCode.OK);

        var run = await WorkAsync((Func<Task>)HandOver, "a", "a");

        run.ExitCode.ShouldBe(0, run.Error);
        var text = Flat(run.Output);
        text.ShouldNotContain($" {taken} ");
        text.ShouldContain("It was changed meanwhile: Somebody changed the review");
        text.ShouldContain($"Review 3 of 3 {cheap}");
        (await Host.ReviewAsync(dear)).Verdicts.ShouldBeEmpty();
        (await Host.ReviewAsync(cheap)).Verdicts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Work_Interrupted_GivesTheReviewBack()
    {
        var id = await Host.OpenAsync();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var run = await RunAsync(new ScriptedKeys(new Func<Task>(interrupt.CancelAsync)), interrupt.Token);

        run.ExitCode.ShouldBe(AdvisorCli.Cancelled);
        (await Host.ReviewAsync(id)).History.Select(act => act.Act).ShouldBe(["opened", "claimed", "released"]);
    }

    [Fact]
    public async Task Work_BlindOne_ShowsNothingOfWhatTheMachineThinks()
    {
        await Host.OpenAsync(blind: true);
        var text = Flat((await WorkAsync("q")).Output);
        text.ShouldContain("one click, blind");
        text.ShouldContain("if nobody decides, nothing changes");
        text.ShouldContain("At stake 500 ");
        text.ShouldNotContain("worth");
        text.ShouldNotContain("Confidence");
        text.ShouldNotContain("Asked because");
        Flat((await RunAsync(null, Cancel, "--list")).Output).ShouldContain(" - 500 ");
    }

    [Fact]
    public async Task Work_HelpSourcesAndHistory_AreShown()
    {
        await Host.OpenAsync();
        var text = Flat((await WorkAsync("?oh", "q")).Output);
        text.ShouldContain("escalate: the next level is to decide");
        text.ShouldContain($"report.pdf {Url}/api/v1/documents/d-1/original p.3 Revenue, FY2025, printed as 10");
        text.ShouldContain("advisor opened");
        text.ShouldContain("reviewer@northwind claimed");
    }

    [Fact]
    public async Task Work_MoreEvidenceThanFits_IsCutAndListedWholeWhenAsked()
    {
        var many = Enumerable.Range(1, 40).Select(i => new ReviewEvidence($"Row {i}", $"{i}", "d-1", "report.pdf", i)).ToList();
        var asked = SampleReviews.Asked(Host.Clock.GetUtcNow()) with { Evidence = many };
        await Host.Desk.OpenAsync(ReviewHost.Tenant, asked, Cancel);

        var cut = await WorkAsync("q");
        cut.Output.ShouldContain("and 25 more; o lists them all");
        cut.Output.ShouldNotContain("Row 16");
        (await WorkAsync("o", "q")).Output.ShouldContain("p.40  Row 40");
        (await RunAsync(null, Cancel, asked.Id)).Output.ShouldContain("Row 40");
    }

    [Fact]
    public async Task Work_WordsOfADocument_AreCleaned()
    {
        var asked = SampleReviews.Asked(Host.Clock.GetUtcNow()) with { Proposed = "Revenue \u001b[2Jis 10.", Question = "Right\u202e?" };
        await Host.Desk.OpenAsync(ReviewHost.Tenant, asked, Cancel);
        foreach (var run in new[] { await WorkAsync("q"), await RunAsync(null, Cancel, "--list"), await RunAsync(null, Cancel, asked.Id) })
        {
            run.Output.ShouldContain("Revenue ·[2Jis 10.");
            (run.Output + run.Error).ShouldNotContain('\u001b');
            (run.Output + run.Error).ShouldNotContain('\u202e');
        }
    }

    [Fact]
    public async Task List_NobodyAtATerminal_PrintsWhatWaitsAndHowToDecide()
    {
        var (cheap, dear) = (await Host.OpenAsync(500), await Host.OpenAsync(9_000, "thing-2"));

        var run = await RunAsync(null, Cancel);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Lines.Skip(1).Select(line => line.Trim().Split(' ')[0]).ShouldBe([dear, cheap]);
        run.Error.ShouldContain("--approve|--reject|--escalate|--correct TARGET=VALUE");
        var json = await RunAsync(null, Cancel, "--list", "--json");
        json.Error.ShouldBe("");
        JsonDocument.Parse(json.Output).RootElement.GetProperty("reviews").Deserialize<List<ReviewItem>>(AdvisorJson.Options)!.Select(item => item.Id).ShouldBe([dear, cheap]);
    }

    [Fact]
    public async Task Decide_ById_IsDoneOnceAndThenTooLate()
    {
        var id = await Host.OpenAsync();

        var first = await RunAsync(null, Cancel, id, "--correct", "1=12.5", "--comment", "page 3");
        var second = await RunAsync(null, Cancel, id, "--approve");

        (first.ExitCode, first.Output.Trim()).ShouldBe((0, $"{id}: correct, decided"));
        first.Error.ShouldContain("Revenue, FY2025: 10 -> 12.5 EUR");
        (second.ExitCode, second.Output).ShouldBe((ReviewCommand.TooLate, ""));
        second.Error.ShouldContain("It was corrected by 'reviewer@northwind'");
        (await Host.ReviewAsync(id)).Verdicts.ShouldHaveSingleItem().Comment.ShouldBe("page 3");
    }

    [Theory]
    [InlineData("'2' is nothing that can be corrected here; it has 1 (fact:f1).", "--correct", "2=5")]
    [InlineData("'5' is not of the form TARGET=VALUE.", "--correct", "5")]
    [InlineData("'1.000,5' is no number", "--correct", "fact:f1=1.000,5")]
    [InlineData("has that value already", "--correct", "fact:f1=10")]
    public async Task Decide_CorrectionThatIsNone_SaysWhyAndExitsWithOne(string sentence, params string[] args)
    {
        var id = await Host.OpenAsync();
        var run = await RunAsync(null, Cancel, [id, .. args]);
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(sentence);
        (await Host.ReviewAsync(id)).Verdicts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Decide_UnknownReview_ExitsWithOne()
    {
        var run = await RunAsync(null, Cancel, "no-such-id", "--approve");
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("There is no review with the id 'no-such-id'");
    }

    [Theory]
    [InlineData("Give one decision.", "r-1", "--approve", "--reject")]
    [InlineData("Say which review", "--approve")]
    [InlineData("Give --list alone.", "r-1", "--list")]
    [InlineData("A comment goes with a decision.", "r-1", "--comment", "x")]
    [InlineData("--url is an absolute address", "--url", "advisor.example")]
    [InlineData("Reviews are decided by reviewer, approver, cfo and admin.", "--role", "analyst")]
    public async Task Review_ArgumentsThatDoNotFit_AreRefused(string sentence, params string[] args)
    {
        var run = await RunAsync(null, Cancel, args);
        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(sentence);
    }

    [Fact]
    public async Task Work_TwoPersons_AreToldThatAnotherDecidesNext()
    {
        var asked = ReviewRules.Open(SampleReviews.Asked(Host.Clock.GetUtcNow(), 2_000), SampleReviews.Terms);
        await Host.Records.CreateAsync(ReviewRecord.Container, ReviewHost.Tenant, asked.Id, asked, Cancel);
        await Host.Desk.OpenAsync(ReviewHost.Tenant, asked, Cancel);

        var run = await WorkAsync("a");

        run.Output.ShouldContain("Two persons must decide.");
        run.Output.ShouldContain("Approved. Another person decides next.");
        (await RunAsync(null, Cancel, asked.Id, "--approve")).ShouldSatisfyAllConditions(
            again => again.ExitCode.ShouldBe(ReviewCommand.TooLate), again => again.Error.ShouldContain("the first verdict is this user's"));
    }

    [Fact]
    public async Task List_NoHostRunning_StartsOneForItself()
    {
        using var folder = new TemporaryFolder();
        var run = await CliRun.RunAsync(folder.Path, "review");
        (run.ExitCode, run.Output.Trim()).ShouldBe((0, "Nothing waits for a decision."), run.Error);
    }

    private string Url => Host.Advisor.Url.ToString().TrimEnd('/');

    private static string Flat(string text) => Regex.Replace(text, @"[\s─]+", " ", RegexOptions.None, TimeSpan.FromSeconds(1));

    private Func<Task> Wait(int seconds) => () =>
    {
        Host.Clock.Advance(TimeSpan.FromSeconds(seconds));
        return Task.CompletedTask;
    };

    private async Task<CliRun> WorkAsync(params object[] steps)
    {
        var keys = new ScriptedKeys(steps);
        var run = await RunAsync(keys, Cancel);
        keys.IsEmpty.ShouldBeTrue(run.Output + run.Error);
        return run;
    }

    private async Task<CliRun> RunAsync(CliKeys? keys, CancellationToken cancellationToken, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = new CliConsole(output, error, OutputIsTerminal: false, ErrorIsTerminal: false) { Keys = keys };
        var token = _reviewer!.Http.DefaultRequestHeaders.Authorization!.Parameter!;
        var code = await AdvisorCli.RunAsync(["review", .. args, .. args.Contains("--url") ? Array.Empty<string>() : ["--url", Url], "--token", token], console, Host.Clock, cancellationToken);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
