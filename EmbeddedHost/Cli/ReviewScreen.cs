using System.Globalization;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Reviews;
using Spectre.Console;

namespace Advisor.Embedded.Cli;

/// <summary>Reviews for people. All that comes from documents and colleagues is cleaned for the terminal.</summary>
internal static class ReviewScreen
{
    /// <summary>What the list shows of a sentence.</summary>
    private const int LongestSentence = 60;

    /// <summary>More values than these would push what they are about off the screen.</summary>
    private const int MostEvidence = 15;

    public static readonly string Keys = string.Join('\n',
        "  a  approve: it is right as it is",
        "  c  correct: choose a value by its number, type what is right, see before and after, confirm",
        "  r  reject: it is wrong",
        "  e  escalate: the next level is to decide",
        "  s  skip: leave it to somebody else, show the next",
        "  u  undo the last decision, while its seconds run",
        "  o  open: where the sources are",
        "  h  history of this review",
        "  n  note: a comment that goes with the next decision",
        "  q  quit; what is shown is given back");

    public static void List(IReadOnlyList<ReviewItem> reviews, CliConsole console, DateTimeOffset now) => console.DrawLines(
        ["Review", "At stake a minute", "Amount", "Due in", "Level", "Kind", "Taken by", "Proposed"], reviews.Select(item => new Text[]
        {
            new(item.Id), new(item.ExpectedLossPerMinute is { } worth ? Money(worth) : "-"), new(item.Amount is { } amount ? Money(amount) : "-"), new(InWords(item.Deadline - now)),
            new(DemoTenant.Name(item.Level)), new(TerminalText.Of(item.Kind)), new(TerminalText.Of(item.ClaimedBy ?? item.AssignedTo ?? "-")), new(Short(TerminalText.Of(item.Proposed ?? item.Question))),
        }));

    /// <param name="place">Where it is in the queue, in words; null outside of one.</param>
    /// <param name="whole">All of the evidence, however long.</param>
    public static void Show(ReviewView review, string? place, CliConsole console, DateTimeOffset now, bool whole = false) => console.DrawOutput(draw =>
    {
        Line(draw, "");
        Line(draw, $"{(place is null ? "Review" : $"Review {place}")}  {review.Id}  {review.Kind}{(review.Depth == ReviewDepth.Full ? ", full review" : ", one click")}{(review.Blind ? ", blind" : "")}", s_faint);
        Line(draw, review.Question);
        Line(draw, "");
        Line(draw, review.Proposed ?? "What was proposed is no longer kept.", s_bold);
        Line(draw, "");
        Line(draw, Stake(review));
        Line(draw, Due(review, now));
        if (review.Confidence is { } confidence)
        {
            Line(draw, $"Confidence {confidence.ToString("0.00", CultureInfo.InvariantCulture)}{(review.Band is { } band ? $" ({band} band)" : "")}{SignalsOf(review.Signals)}");
        }

        foreach (var reason in review.Reasons)
        {
            Line(draw, $"Asked because {reason}", new Style(Color.Yellow));
        }

        if (review.FourEyes && review.Status is ReviewStatus.Open or ReviewStatus.AwaitingSecond)
        {
            Line(draw, review.Status == ReviewStatus.AwaitingSecond ? "Two persons must decide; one has." : "Two persons must decide.");
        }

        if (review.Outcome is { } outcome)
        {
            Line(draw, $"{Capital(review.Status.ToString())}: {outcome.InWords}{(outcome.By.Count == 0 ? "" : $" by {string.Join(" and ", outcome.By)}")}.");
        }

        if (review.Evidence.Count > 0)
        {
            var shown = whole ? review.Evidence.Count : MostEvidence;
            draw.Write(Evidence(review, shown));
            if (review.Evidence.Count > shown)
            {
                Line(draw, $"and {(review.Evidence.Count - shown).ToString(CultureInfo.InvariantCulture)} more; o lists them all");
            }
        }
    });

    public static void History(ReviewView review, CliConsole console) => console.DrawLines(["Time (UTC)", "Who", "What", "Note"], review.History.Select(act => new Text[]
    {
        new(Time(act.At)), new(TerminalText.Of(act.By)), new(act.Act), new(TerminalText.Of(act.Note ?? "")),
    }));

    /// <summary>Where each source is opened.</summary>
    public static void Sources(ReviewView review, string url, CliConsole console)
    {
        foreach (var source in review.Evidence.Where(evidence => evidence.DocumentId is not null).GroupBy(evidence => evidence.DocumentId))
        {
            console.Output.WriteLine($"{TerminalText.Of(source.First().Document ?? "A document")}  {url}/api/v1/documents/{Uri.EscapeDataString(source.Key!)}/original");
            foreach (var evidence in source)
            {
                console.Output.WriteLine($"  {TerminalText.Of($"{Place(evidence)}  {evidence.Label}{(evidence.Printed is { } printed ? $", printed as {printed}" : "")}")}");
            }
        }

        if (review.Links.TryGetValue("reasoning_chain", out var chain))
        {
            console.Output.WriteLine($"How it was reasoned  {url}{chain.Href}");
        }
    }

    /// <summary>A value before and after, as a person is to see it before it is sent.</summary>
    public static string Change(Correction correction) =>
        TerminalText.Of($"  {correction.What.Label}: {Grouped(correction.What.Current)} -> {Grouped(correction.Value)}{(correction.What.Unit is { } unit ? $" {unit}" : "")}");

    public static string Choice(int number, Correctable what) => TerminalText.Of($"  {number}  {what.Label}: {Grouped(what.Current)}{(what.Unit is { } unit ? $" {unit}" : "")}");

    /// <summary>A time to come in its two largest units.</summary>
    public static string InWords(TimeSpan time) => time switch
    {
        { Ticks: <= 0 } => "over",
        { TotalMinutes: < 1 } => "less than a minute",
        { TotalHours: < 1 } => Count(time.Minutes, "minute"),
        { TotalDays: < 1 } => Both(Count(time.Hours, "hour"), time.Minutes, "minute"),
        _ => Both(Count(time.Days, "day"), time.Hours, "hour"),
    };

    private static readonly Style s_bold = new(decoration: Decoration.Bold);

    private static readonly Style s_faint = new(decoration: Decoration.Dim);

    private static Table Evidence(ReviewView review, int most)
    {
        var numbers = review.Correctables.Select((what, i) => (what.Target, Number: i + 1)).ToDictionary(pair => pair.Target, pair => pair.Number, StringComparer.Ordinal);
        var table = new Table { Border = TableBorder.Horizontal };
        table.AddColumn(new TableColumn("#").RightAligned().NoWrap());
        table.AddColumn("What");
        table.AddColumn(new TableColumn("Printed").RightAligned());
        table.AddColumn(new TableColumn("Value").RightAligned());
        table.AddColumn("Where");
        foreach (var evidence in review.Evidence.Take(most))
        {
            var number = evidence.FactId is { } fact && numbers.TryGetValue($"fact:{fact}", out var found) ? found.ToString(CultureInfo.InvariantCulture) : "";
            table.AddRow(
                new Text(number), new Text(TerminalText.Of(evidence.Label)), new Text(TerminalText.Of(evidence.Printed ?? "")), new Text(TerminalText.Of(Grouped(evidence.Value))),
                new Text(TerminalText.Of($"{evidence.Document} {Place(evidence)}".Trim())));
        }

        return table;
    }

    /// <summary>Of a blind one what a minute is worth is not said: with the amount it would tell the confidence.</summary>
    private static string Stake(ReviewView review) => review.Amount is { } amount
        ? $"At stake {Money(amount)}{(review.ExpectedLossPerMinute is { } worth ? $"; a minute on it is worth {Money(worth)}" : "")}"
        : "No money is known to be at stake";

    private static string Due(ReviewView review, DateTimeOffset now)
    {
        if (review.Status is not (ReviewStatus.Open or ReviewStatus.AwaitingSecond))
        {
            return "It waits for nobody any more.";
        }

        var level = review.Levels.FirstOrDefault(level => level.Role == review.Level);
        var turn = level is null || level.Until == review.Deadline ? "" : $"; with the {DemoTenant.Name(review.Level)}s for {InWords(level.Until - now)}";
        return $"Due in {InWords(review.Deadline - now)} ({Time(review.Deadline)} UTC){turn}; if nobody decides, {(review.DefaultOutcome == "keep" ? "nothing changes" : "it stays held")}";
    }

    private static string SignalsOf(Signals? signals)
    {
        var known = new (string Name, decimal? Value)[]
        {
            ("grounding", signals?.Grounding?.Value), ("reading", signals?.Reading?.Value), ("agreement", signals?.Agreement?.Value),
            ("proof", signals?.Proof?.Value), ("model", signals?.Model?.Value), ("history", signals?.History?.Value),
        }.Where(signal => signal.Value is not null).Select(signal => $"{signal.Name} {signal.Value!.Value.ToString("0.00", CultureInfo.InvariantCulture)}").ToList();
        return known.Count == 0 ? "" : $": {string.Join(", ", known)}";
    }

    private static string Place(ReviewEvidence evidence) => string.Join(' ', new[]
    {
        evidence.Page is { } page ? $"p.{page.ToString(CultureInfo.InvariantCulture)}" : null,
        evidence.Sheet is { } sheet ? $"{sheet}{(evidence.Cell is null ? "" : $"!{evidence.Cell}")}" : evidence.Cell,
    }.OfType<string>());

    /// <summary>Digits in groups of three, whatever unit follows them; other text as it is.</summary>
    private static string Grouped(string value)
    {
        var parts = value.Split(' ', 2);
        return decimal.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? string.Join(' ', [number.ToString("#,0.############", CultureInfo.InvariantCulture), .. parts[1..]])
            : value;
    }

    private static string Money(decimal amount) => amount.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static string Short(string text) => text.Length <= LongestSentence ? text : text[..LongestSentence].TrimEnd() + "…";

    private static string Capital(string text) => text[..1] + text[1..].ToLowerInvariant();

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Both(string first, int count, string thing) => count == 0 ? first : $"{first} {Count(count, thing)}";

    private static string Count(int count, string thing) => $"{count.ToString(CultureInfo.InvariantCulture)} {thing}{(count == 1 ? "" : "s")}";

    private static void Line(IAnsiConsole draw, string text, Style? style = null)
    {
        draw.Write(new Text(TerminalText.Of(text), style));
        draw.WriteLine();
    }
}
