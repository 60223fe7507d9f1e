using System.Globalization;
using Advisor.Kernel.Reviews;

namespace Advisor.Embedded.Cli;

/// <summary>Works a queue of reviews key by key: shows the dearest, takes it for as long as it is shown, and does what the keys say.</summary>
/// <param name="only">The one review to work on; null for the queue.</param>
internal sealed class ReviewSession(HostAccess host, CliConsole console, CliKeys keys, TimeProvider time, string? only)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly ReviewClient _client = new(host.Api);

    /// <summary>Reviews that are not to be shown again: skipped, decided, or somebody else's.</summary>
    private readonly HashSet<string> _passed = new(StringComparer.Ordinal);

    private SeenReview? _shown;
    private (SeenReview Review, string Words, DateTimeOffset Until)? _last;
    private readonly string? _only = only;
    private string? _again = only;
    private string? _comment;
    private int _decided;

    private enum Next
    {
        Another,
        Quit,
    }

    /// <returns>How many were decided, undone ones not counted.</returns>
    /// <exception cref="ApiProblemException">The host refuses to be asked at all.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await TakeAsync(cancellationToken) is { } place)
            {
                ReviewScreen.Show(_shown!.Review, place.Length == 0 ? null : place, console, time.GetUtcNow());
                if (await WorkAsync(cancellationToken) == Next.Quit)
                {
                    break;
                }
            }
        }
        finally
        {
            // Also when Ctrl+C ended it: nobody is to wait half an hour for what nobody reads.
            await GiveBackAsync(CancellationToken.None);
        }

        await LingerAsync(cancellationToken);
        return _decided;
    }

    /// <summary>Takes the dearest that can be had. What others have is passed by.</summary>
    /// <returns>Its place in the queue, in words; null when nothing is left.</returns>
    private async Task<string?> TakeAsync(CancellationToken cancellationToken)
    {
        // A comment on one review must not go with the decision on another.
        _comment = null;
        if (_again is { } id)
        {
            _again = null;
            if (await ClaimAsync(id, known: false, cancellationToken))
            {
                return "";
            }
        }

        if (_only is not null)
        {
            return null;
        }

        while (true)
        {
            var waiting = await _client.WaitingAsync(cancellationToken);
            var place = waiting.Reviews.ToList().FindIndex(item => !_passed.Contains(item.Id));
            if (place < 0)
            {
                var others = waiting.Reviews.Count;
                await SayAsync(others == 0 ? "Nothing waits for a decision." : $"Nothing else waits for you; {Reviews(others)} skipped, or somebody else's.");
                return null;
            }

            var item = waiting.Reviews[place];
            if (await ClaimAsync(item.Id, item.ClaimedBy is not null || item.AssignedTo is not null, cancellationToken))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{place + 1} of {waiting.Reviews.Count}{(waiting.More ? "+" : "")}");
            }
        }
    }

    /// <param name="known">The list said already that it is somebody's, so that nobody is told.</param>
    private async Task<bool> ClaimAsync(string id, bool known, CancellationToken cancellationToken)
    {
        try
        {
            _shown = await _client.ClaimAsync(id, cancellationToken);
            return true;
        }
        catch (ApiProblemException fault) when (ReviewClient.IsTooLate(fault.Problem))
        {
            _passed.Add(id);
            if (!known)
            {
                await SayAsync(fault.Problem.Sentence);
            }

            return false;
        }
    }

    private async Task<Next> WorkAsync(CancellationToken cancellationToken)
    {
        await SayAsync("a approve  c correct  r reject  e escalate  s skip  u undo  o open  h history  n note  ? help  q quit");
        while (true)
        {
            switch (char.ToLowerInvariant((await KeyAsync(cancellationToken)).KeyChar))
            {
                case 'a' when await DecideAsync(ReviewDecision.Approve, [], cancellationToken):
                case 'r' when await DecideAsync(ReviewDecision.Reject, [], cancellationToken):
                case 'e' when await DecideAsync(ReviewDecision.Escalate, [], cancellationToken):
                case 'c' when await CorrectionsAsync(cancellationToken) is { Count: > 0 } corrections && await DecideAsync(ReviewDecision.Correct, corrections, cancellationToken):
                case 'u' when await UndoAsync(cancellationToken):
                    return Next.Another;
                case 's':
                    _passed.Add(_shown!.Review.Id);
                    await GiveBackAsync(cancellationToken);
                    return Next.Another;
                case 'q':
                    return Next.Quit;
                case 'o':
                    ReviewScreen.Sources(_shown!.Review, host.Url, console);
                    break;
                case 'h':
                    ReviewScreen.History(_shown!.Review, console);
                    break;
                case 'n':
                    _comment = await keys.ReadLineAsync("Comment to the next decision: ", console.Output, cancellationToken) is { Length: > 0 } typed ? typed : null;
                    await SayAsync(_comment is null ? "No comment." : "It goes with the next decision.");
                    break;
                case '?':
                    await SayAsync(ReviewScreen.Keys);
                    break;
            }
        }
    }

    /// <returns>False when the review is still to be decided.</returns>
    private async Task<bool> DecideAsync(ReviewDecision decision, IReadOnlyList<Correction> corrections, CancellationToken cancellationToken)
    {
        var shown = _shown!;
        try
        {
            var decided = await _client.DecideAsync(shown, new Verdict(decision, corrections, _comment), cancellationToken);
            (_shown, _comment) = (null, null);
            _passed.Add(shown.Review.Id);
            _decided++;
            var words = decision switch
            {
                ReviewDecision.Approve => "Approved",
                ReviewDecision.Correct => "Corrected",
                ReviewDecision.Reject => "Rejected",
                _ => "Escalated",
            };
            _last = decided.Review.UndoUntil is null ? null : (decided, words, time.GetUtcNow() + ReviewTerms.UndoFor);
            await SayAsync($"{words}.{(decided.Review.Status == ReviewStatus.AwaitingSecond ? " Another person decides next." : "")}");
            return true;
        }
        catch (ApiProblemException fault)
        {
            await SayAsync(fault.Problem.Sentence);
            if (!ReviewClient.IsTooLate(fault.Problem))
            {
                return false;
            }

            // What was changed meanwhile is shown again as it is then; the rest is no longer this person's.
            if (!fault.Problem.Type.EndsWith(":changed", StringComparison.Ordinal))
            {
                _passed.Add(shown.Review.Id);
            }

            _shown = null;
            return true;
        }
    }

    /// <summary>What is right, chosen, typed and confirmed; none when it was dropped.</summary>
    private async Task<IReadOnlyList<Correction>> CorrectionsAsync(CancellationToken cancellationToken)
    {
        var (targets, corrections) = (_shown!.Review.Correctables, new List<Correction>());
        if (targets.Count == 0)
        {
            await SayAsync("Nothing can be corrected here; approve or reject it.");
            return [];
        }

        while (true)
        {
            await SayAsync(string.Join('\n', targets.Select((what, i) => ReviewScreen.Choice(i + 1, what))));
            if (await keys.ReadLineAsync("Which (number, Esc drops it): ", console.Output, cancellationToken) is not { } typed)
            {
                return [];
            }

            if (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > targets.Count)
            {
                await SayAsync($"Type a number from 1 to {targets.Count.ToString(CultureInfo.InvariantCulture)}.");
                continue;
            }

            if (await keys.ReadLineAsync("What is right: ", console.Output, cancellationToken) is not { } value)
            {
                return [];
            }

            var (correction, fault) = Correction.Read(targets[number - 1], value);
            if (correction is null)
            {
                await SayAsync(fault!);
                continue;
            }

            corrections.RemoveAll(earlier => earlier.What.Target == correction.What.Target);
            corrections.Add(correction);
            await SayAsync(string.Join('\n', corrections.Select(ReviewScreen.Change)));
            await SayAsync("y send  m correct another  any other key drops it");
            switch (char.ToLowerInvariant((await KeyAsync(cancellationToken)).KeyChar))
            {
                case 'y':
                    return corrections;
                case 'm':
                    continue;
                default:
                    await SayAsync("Dropped.");
                    return [];
            }
        }
    }

    /// <returns>True when the undone review is to be shown again.</returns>
    private async Task<bool> UndoAsync(CancellationToken cancellationToken)
    {
        if (_last is not { } last)
        {
            await SayAsync("There is no decision of this session to undo.");
            return false;
        }

        _last = null;
        try
        {
            await _client.UndoAsync(last.Review, cancellationToken);
        }
        catch (ApiProblemException fault)
        {
            await SayAsync(fault.Problem.Sentence);
            return false;
        }

        _decided--;
        await SayAsync("Undone; it waits again.");
        await GiveBackAsync(cancellationToken);
        _passed.Remove(last.Review.Review.Id);
        _again = last.Review.Review.Id;
        return true;
    }

    /// <summary>A host that ends with the command must stay until the last decision stands, or nothing comes of it before another is started.</summary>
    private async Task LingerAsync(CancellationToken cancellationToken)
    {
        if (!host.IsOwn || _last is not { } last)
        {
            return;
        }

        await SayAsync("The host stays up until the last decision stands; u undoes it, q leaves at once.");
        while (_last is not null && (await _client.GetAsync(last.Review.Review.Id, cancellationToken)).Review.Status == ReviewStatus.Decided)
        {
            switch (char.ToLowerInvariant((await keys.ReadAsync(s_second, cancellationToken))?.KeyChar ?? ' '))
            {
                case 'u':
                    await UndoAsync(cancellationToken);
                    return;
                case 'q':
                    return;
            }
        }
    }

    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        if (_shown is not { } shown)
        {
            return;
        }

        _shown = null;
        try
        {
            await _client.ReleaseAsync(shown, cancellationToken);
        }
        catch (ApiProblemException)
        {
            // It is no longer held, which is what was wanted.
        }
    }

    /// <summary>The next key. While the last decision can be undone, its seconds count down on the line of the prompt.</summary>
    private async Task<ConsoleKeyInfo> KeyAsync(CancellationToken cancellationToken)
    {
        for (var first = true; ; first = false)
        {
            var left = _last is { } last ? last.Until - time.GetUtcNow() : TimeSpan.Zero;
            if (left <= TimeSpan.Zero)
            {
                _last = null;
            }

            var prompt = _last is { } recent ? $"{recent.Words}; u undoes it for {Math.Ceiling(left.TotalSeconds).ToString("0", CultureInfo.InvariantCulture)} s > " : "> ";
            if (console.OutputIsTerminal)
            {
                await console.Output.WriteAsync($"\r\u001b[K{prompt}");
            }
            else if (first)
            {
                await console.Output.WriteAsync(prompt);
            }

            await console.Output.FlushAsync(cancellationToken);
            if (await keys.ReadAsync(_last is null ? Timeout.InfiniteTimeSpan : s_second, cancellationToken) is { } key)
            {
                await console.Output.WriteLineAsync(char.IsControl(key.KeyChar) ? "" : key.KeyChar.ToString());
                return key;
            }
        }
    }

    private static string Reviews(int count) => count == 1 ? "1 review" : $"{count.ToString(CultureInfo.InvariantCulture)} reviews";

    private Task SayAsync(string text) => console.Output.WriteLineAsync(string.Join('\n', text.Split('\n').Select(TerminalText.Of)));
}
