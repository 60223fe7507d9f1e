using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Http;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;

namespace Advisor.Embedded.Cli;

/// <summary><c>review [ID]</c>: works the queue of reviews at the terminal, lists it, or decides one review.</summary>
internal static class ReviewCommand
{
    /// <summary>Exit code when somebody else was faster, or is to decide.</summary>
    public const int TooLate = 2;

    private const string How = "Decide one with './advisor review ID --approve|--reject|--escalate|--correct TARGET=VALUE [--comment TEXT]', or run this at a terminal.";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private static readonly Role[] s_roles = [Role.Reviewer, Role.Approver, Role.Cfo, Role.Admin];

    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console, TimeProvider time)
    {
        var id = new Argument<string?>("ID") { Description = "One review. Default: the queue, the dearest minute first.", Arity = ArgumentArity.ZeroOrOne };
        var list = new Option<bool>("--list") { Description = "Print what waits." };
        var json = new Option<bool>("--json") { Description = "Print the API's answer as JSON." };
        var approve = new Option<bool>("--approve") { Description = "It is right as it is." };
        var reject = new Option<bool>("--reject") { Description = "It is wrong." };
        var escalate = new Option<bool>("--escalate") { Description = "The next level is to decide." };
        var correct = new Option<string[]>("--correct")
        {
            Description = "It is right with this value; TARGET is the value's number in the review, or its name. May be given for several values.",
            HelpName = "TARGET=VALUE",
            DefaultValueFactory = _ => [],
        };
        var comment = new Option<string?>("--comment") { Description = "What others should know.", HelpName = "TEXT" };
        var role = new Option<Role?>("--role") { Description = "As which of the demo tenant's users: reviewer, approver, cfo, admin. Default: reviewer.", HelpName = "ROLE" };
        role.Validators.Add(result =>
        {
            if (result.Tokens is [var named] && !s_roles.Any(known => DemoTenant.Name(known).Equals(named.Value, StringComparison.OrdinalIgnoreCase)))
            {
                result.AddError("Reviews are decided by reviewer, approver, cfo and admin.");
            }
        });
        var url = new Option<Uri?>("--url") { Description = "Another host than this checkout's.", HelpName = "URL", CustomParser = AddressOf };
        var token = new Option<string?>("--token") { Description = "The token for that host. Default: $ADVISOR_TOKEN.", HelpName = "TOKEN" };
        var command = new Command("review", $"Decide what waits for a person: one key each at a terminal ('?' there lists them). Exit code 1 when it was refused, {TooLate} when somebody else was faster.")
        {
            id, list, json, approve, reject, escalate, correct, comment, role, url, token,
        };
        command.Validators.Add(result =>
        {
            var decisions = new[] { result.GetValue(approve), result.GetValue(reject), result.GetValue(escalate), result.GetResult(correct) is { Implicit: false } }.Count(given => given);
            var fault = (Decisions: decisions, Id: result.GetValue(id), List: result.GetValue(list)) switch
            {
                { Decisions: > 1 } => "Give one decision.",
                { Decisions: 1, Id: null } => "Say which review: the ID stands before the decision.",
                { Decisions: 1, List: true } or { Id: not null, List: true } => "Give --list alone.",
                { Decisions: 0 } when result.GetValue(comment) is not null => "A comment goes with a decision.",
                _ when result.GetValue(url) is not null && TokenOf(result.GetValue(token)) is null => "Give a --token for that host, or set ADVISOR_TOKEN.",
                _ => null,
            };
            if (fault is not null)
            {
                result.AddError(fault);
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var host = parsed.GetValue(url) is { } address
                ? HostAccess.To(address, TokenOf(parsed.GetValue(token))!, time)
                : await HostAccess.OpenAsync(folder(parsed), parsed.GetValue(role) ?? Role.Reviewer, console, time, cancellationToken);
            try
            {
                ReviewDecision? decision = parsed switch
                {
                    _ when parsed.GetValue(approve) => ReviewDecision.Approve,
                    _ when parsed.GetValue(reject) => ReviewDecision.Reject,
                    _ when parsed.GetValue(escalate) => ReviewDecision.Escalate,
                    _ when parsed.GetValue(correct) is { Length: > 0 } => ReviewDecision.Correct,
                    _ => null,
                };
                return (decision, parsed.GetValue(id), parsed.GetValue(list)) switch
                {
                    ({ } decided, { } one, _) => await DecideAsync(host, one, decided, parsed.GetRequiredValue(correct), parsed.GetValue(comment), parsed.GetValue(json), console, time, cancellationToken),
                    (_, var one, false) when console.Keys is { } keys && !parsed.GetValue(json) => await WorkAsync(host, one, keys, console, time, cancellationToken),
                    (_, { } one, _) => await ShowAsync(host, one, parsed.GetValue(json), console, time, cancellationToken),
                    _ => await ListAsync(host, parsed.GetValue(json), console, time, cancellationToken),
                };
            }
            catch (ApiProblemException fault)
            {
                await console.Error.WriteLineAsync(TerminalText.Of(fault.Problem.Sentence));
                return ReviewClient.IsTooLate(fault.Problem) && !fault.Problem.Type.EndsWith(":not-found", StringComparison.Ordinal) ? TooLate : 1;
            }
        });
        return command;
    }

    private static Uri? AddressOf(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
        {
            return address;
        }

        result.AddError("--url is an absolute address such as https://advisor.example.");
        return null;
    }

    /// <summary>What is given on the command line, others on the machine can read: a variable is better.</summary>
    private static string? TokenOf(string? given) => (given ?? Environment.GetEnvironmentVariable("ADVISOR_TOKEN")) is { } token && !string.IsNullOrWhiteSpace(token) ? token.Trim() : null;

    private static async Task<int> WorkAsync(HostAccess host, string? id, CliKeys keys, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var decided = await new ReviewSession(host, console, keys, time, id).RunAsync(cancellationToken);
        await console.Output.WriteLineAsync(decided == 1 ? "1 decision." : $"{decided.ToString(System.Globalization.CultureInfo.InvariantCulture)} decisions.");
        return 0;
    }

    private static async Task<int> ListAsync(HostAccess host, bool json, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var reviews = await new ReviewClient(host.Api).AllAsync(cancellationToken);
        if (json)
        {
            await WriteJsonAsync(new JsonObject { ["reviews"] = reviews }, console);
            return 0;
        }

        if (reviews.Count == 0)
        {
            await console.Output.WriteLineAsync("Nothing waits for a decision.");
            return 0;
        }

        ReviewScreen.List(reviews.Deserialize<List<ReviewItem>>(AdvisorJson.Options)!, console, time.GetUtcNow());
        await console.Error.WriteLineAsync(How);
        return 0;
    }

    private static async Task<int> ShowAsync(HostAccess host, string id, bool json, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        if (json)
        {
            await WriteJsonAsync(await host.Api.GetAsync($"api/v1/reviews/{Uri.EscapeDataString(id)}", cancellationToken), console);
            return 0;
        }

        var review = (await new ReviewClient(host.Api).GetAsync(id, cancellationToken)).Review;
        ReviewScreen.Show(review, null, console, time.GetUtcNow(), whole: true);
        if (review.Status is ReviewStatus.Open or ReviewStatus.AwaitingSecond)
        {
            await console.Error.WriteLineAsync(How);
        }

        return 0;
    }

    private static async Task<int> DecideAsync(
        HostAccess host, string id, ReviewDecision decision, string[] correct, string? comment, bool json, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var client = new ReviewClient(host.Api);
        var seen = await client.GetAsync(id, cancellationToken);
        var corrections = new List<Correction>();
        foreach (var text in correct)
        {
            var (correction, fault) = CorrectionOf(text, seen.Review.Correctables);
            if (correction is null)
            {
                await console.Error.WriteLineAsync(TerminalText.Of(fault!));
                return 1;
            }

            corrections.Add(correction);
        }

        var decided = await client.DecideAsync(seen, new Verdict(decision, corrections, comment), cancellationToken);
        foreach (var correction in corrections)
        {
            await console.Error.WriteLineAsync(ReviewScreen.Change(correction));
        }

        if (host.IsOwn && decided.Review.Status == ReviewStatus.Decided)
        {
            await console.Error.WriteLineAsync("The host stays up until the decision stands, for ten seconds.");
            while ((decided = await client.GetAsync(id, cancellationToken)).Review.Status == ReviewStatus.Decided)
            {
                await Task.Delay(s_look, time, cancellationToken);
            }
        }

        if (json)
        {
            await WriteJsonAsync(JsonSerializer.SerializeToNode(decided.Review, AdvisorJson.Options)!, console);
        }
        else
        {
            await console.Output.WriteLineAsync($"{TerminalText.Of(decided.Review.Id)}: {ReviewClient.Name(decision)}, {JsonNamingPolicy.SnakeCaseLower.ConvertName(decided.Review.Status.ToString())}");
        }

        return 0;
    }

    /// <summary>The target is the number that the review shows, or its name; the value is all after the first '='.</summary>
    private static (Correction? Correction, string? Fault) CorrectionOf(string text, IReadOnlyList<Correctable> targets)
    {
        if (text.Split('=', 2) is not [var target, var value])
        {
            return (null, $"'{text}' is not of the form TARGET=VALUE.");
        }

        var what = int.TryParse(target, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= targets.Count
            ? targets[number - 1]
            : targets.FirstOrDefault(known => known.Target == target);
        return what is null
            ? (null, $"'{target}' is nothing that can be corrected here; it has {string.Join(", ", targets.Select((known, i) => $"{i + 1} ({known.Target})"))}.")
            : Correction.Read(what, value);
    }

    private static Task WriteJsonAsync(JsonNode answer, CliConsole console) =>
        console.Output.WriteLineAsync(answer.ToJsonString(new JsonSerializerOptions { Encoder = AdvisorJson.Options.Encoder }));
}
