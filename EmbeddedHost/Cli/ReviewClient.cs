using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reviews;

namespace Advisor.Embedded.Cli;

/// <summary>A review as it was given, with the tag of that version.</summary>
internal sealed record SeenReview(ReviewView Review, string Tag);

/// <summary>The reviews that wait, the dearest minute first.</summary>
/// <param name="More">There are more than these.</param>
internal sealed record WaitingReviews(IReadOnlyList<ReviewItem> Reviews, bool More);

/// <summary>Reviews over the product's HTTP API.</summary>
internal sealed class ReviewClient(AdvisorApi api)
{
    private const string List = "api/v1/reviews?limit=500";

    /// <summary>Problems that say: somebody else was faster, or another is to decide.</summary>
    private static readonly string[] s_tooLate = ["review-closed", "claimed", "assigned", "changed", "not-your-level", "four-eyes", "not-found"];

    public static bool IsTooLate(ApiProblem problem) => s_tooLate.Contains(problem.Type.Split(':')[^1], StringComparer.Ordinal);

    public async Task<WaitingReviews> WaitingAsync(CancellationToken cancellationToken)
    {
        var page = await api.GetAsync(List, cancellationToken);
        return new WaitingReviews(page["reviews"].Deserialize<List<ReviewItem>>(AdvisorJson.Options) ?? [], page["pagination"]?["next"] is not null);
    }

    /// <summary>The whole list as the API gives it.</summary>
    public Task<JsonArray> AllAsync(CancellationToken cancellationToken) => api.GetAllAsync(List, "reviews", cancellationToken);

    public async Task<SeenReview> GetAsync(string id, CancellationToken cancellationToken) => Seen(await api.GetVersionAsync(Path(id), cancellationToken));

    public async Task<SeenReview> ClaimAsync(string id, CancellationToken cancellationToken)
    {
        var seen = await GetAsync(id, cancellationToken);
        return await ActAsync(seen, "claim", null, cancellationToken);
    }

    public Task<SeenReview> ReleaseAsync(SeenReview seen, CancellationToken cancellationToken) => ActAsync(seen, "release", null, cancellationToken);

    public Task<SeenReview> UndoAsync(SeenReview seen, CancellationToken cancellationToken) => ActAsync(seen, "undo", null, cancellationToken);

    public Task<SeenReview> DecideAsync(SeenReview seen, Verdict verdict, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["decision"] = Name(verdict.Decision) };
        if (verdict.Corrections.Count > 0)
        {
            body["corrections"] = new JsonArray([.. verdict.Corrections.Select(correction => new JsonObject
            {
                ["target"] = correction.What.Target,
                ["value"] = correction.What.Kind == CorrectionKind.Number ? decimal.Parse(correction.Value, NumberStyles.Float, CultureInfo.InvariantCulture) : correction.Value,
            })]);
        }

        if (verdict.Comment is not null)
        {
            body["comment"] = verdict.Comment;
        }

        return ActAsync(seen, "decision", body, cancellationToken);
    }

    /// <summary>As the API spells it.</summary>
    public static string Name(ReviewDecision decision) => decision.ToString().ToLowerInvariant();

    private async Task<SeenReview> ActAsync(SeenReview seen, string act, JsonObject? body, CancellationToken cancellationToken) =>
        Seen(await api.ActAsync($"{Path(seen.Review.Id)}/{act}", seen.Tag, body, cancellationToken));

    private static SeenReview Seen((JsonObject Body, string? Tag) answer) => answer.Body.Deserialize<ReviewView>(AdvisorJson.Options) is { } review && answer.Tag is { } tag
        ? new SeenReview(review, tag)
        : throw new ApiProblemException(new ApiProblem("about:blank", "Unexpected answer", "The host's answer is no review with its ETag."));

    private static string Path(string id) => $"api/v1/reviews/{Uri.EscapeDataString(id)}";
}

/// <summary>What a person decides.</summary>
internal sealed record Verdict(ReviewDecision Decision, IReadOnlyList<Correction> Corrections, string? Comment);

/// <param name="Value">Of a number its digits, with a point.</param>
internal sealed record Correction(Correctable What, string Value)
{
    /// <summary>A correction as it was typed, or what is wrong with it in a sentence.</summary>
    public static (Correction? Correction, string? Fault) Read(Correctable what, string typed)
    {
        if (what.Kind == CorrectionKind.Text)
        {
            return typed.Length is >= 1 and <= 200 ? (new Correction(what, typed), null) : (null, "A text has 1 to 200 characters.");
        }

        // No separators of thousands: 1.234 and 1,234 mean different things to different people.
        return decimal.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (new Correction(what, number.ToString(CultureInfo.InvariantCulture)), null)
            : (null, $"'{typed}' is no number; write it with digits and a point, such as 1234.5.");
    }
}
