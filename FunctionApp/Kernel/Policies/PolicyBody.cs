using System.Text.Json;
using System.Text.RegularExpressions;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Policies;

/// <summary>Reads a policy as somebody sends it: the whole of it, and nothing else.</summary>
/// <remarks>What may be absent is absent from the policy too: without <c>amounts</c> there are no limits. All that is wrong is said at once.</remarks>
internal static partial class PolicyBody
{
    public const string Form = "{\"bands\": {\"high\": 0.85, \"medium\": 0.6}, \"chain\": [{\"role\": \"reviewer\", \"hours\": 24}], ..., \"reason\": \"...\"}";

    /// <summary>More kinds than the product has; a bound on what is stored.</summary>
    private const int MaxKinds = 100;

    private const int MaxReason = 500;

    /// <summary>Beyond any amount that a report prints, and exact in every store.</summary>
    private const decimal MaxAmount = 1_000_000_000_000_000m;

    private static readonly string[] s_givenByProduct =
        ["version", "set_by", "approved_by", "set_at", "content_hash", "change_pending", "_links"];

    /// <returns>The terms and the reason; both null where there are faults.</returns>
    public static (PolicyTerms? Terms, string? Reason, IReadOnlyDictionary<string, string[]> Faults) Read(JsonElement body)
    {
        var faults = new FieldFaults();
        if (JsonFields.Of(body, "", Form, faults) is not { } fields)
        {
            return (null, null, faults.Messages);
        }

        foreach (var name in s_givenByProduct.Intersect(fields.Names))
        {
            fields.Fault(name, $"'{name}' is the product's to say; leave it out.");
        }

        fields.RefuseOthers("bands", "bands_by_kind", "error_budgets", "amounts", "chain", "remind_after", "claim_minutes", "sampling", "working_hours", "reason");
        var (reason, bands, chain, sampling) = (fields.Text("reason", MaxReason), Bands(fields.Object("bands", "{\"high\": 0.85, \"medium\": 0.6}")), Chain(fields), Sampling(fields));
        var (remindAfter, claimMinutes) = (Share(fields, "remind_after"), Minutes(fields, "claim_minutes", 5, 240));
        var terms = new PolicyTerms
        {
            Bands = bands ?? BandPolicy.Default,
            BandsByKind = ByKind(fields, "bands_by_kind", (kinds, kind) => Bands(kinds.Object(kind, "{\"high\": 0.85, \"medium\": 0.6}"))),
            ErrorBudgets = ByKind(fields, "error_budgets", (kinds, kind) => kinds.Number(kind, 0.005m, 0.2m)),
            Amounts = Amounts(fields),
            Chain = chain,
            RemindAfter = remindAfter,
            ClaimMinutes = claimMinutes,
            Sampling = sampling,
            WorkingHours = Hours(fields),
        };
        return faults.Messages.Count == 0 ? (terms, reason, faults.Messages) : (null, null, faults.Messages);
    }

    private static BandPolicy? Bands(JsonFields? fields)
    {
        fields?.RefuseOthers("high", "medium");
        var (high, medium) = (fields?.Number("high", 0, 1), fields?.Number("medium", 0, 1));
        if (high is null || medium is null)
        {
            return null;
        }

        if (BandPolicy.FaultOf(high.Value, medium.Value) is { } fault)
        {
            fields!.Fault(high <= 0 ? "high" : "medium", fault);
            return null;
        }

        return new BandPolicy(high.Value, medium.Value);
    }

    private static Dictionary<string, T> ByKind<T>(JsonFields fields, string name, Func<JsonFields, string, T?> read)
        where T : class => ByKind<T, T>(fields, name, read, value => value);

    private static Dictionary<string, T> ByKind<T>(JsonFields fields, string name, Func<JsonFields, string, T?> read)
        where T : struct => ByKind<T?, T>(fields, name, read, value => value!.Value);

    private static Dictionary<string, T> ByKind<TRead, T>(JsonFields fields, string name, Func<JsonFields, string, TRead?> read, Func<TRead, T> value)
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        if (!fields.TryGet(name, out _) || fields.Object(name, "{\"insight/trend\": ...}") is not { } kinds)
        {
            return found;
        }

        if (kinds.Names.Count() > MaxKinds)
        {
            fields.Fault(name, $"'{name}' names at most {MaxKinds} kinds.");
            return found;
        }

        foreach (var kind in kinds.Names)
        {
            if (!Kind().IsMatch(kind))
            {
                kinds.Fault(kind, $"'{kinds.PathOf(kind)}' names no kind: a kind is 'name' or 'name/part', each of at most 40 of a-z, 0-9, '-' and '_', beginning with a letter.");
            }
            else if (read(kinds, kind) is { } one)
            {
                found[kind] = value(one);
            }
        }

        return found;
    }

    private static PolicyAmounts Amounts(JsonFields fields)
    {
        var amounts = fields.TryGet("amounts", out _) ? fields.Object("amounts", "{\"material\": 1000000, \"four_eyes\": 5000000}") : null;
        amounts?.RefuseOthers("material", "four_eyes");
        return new PolicyAmounts(amounts?.NumberIfAny("material", 0, MaxAmount), amounts?.NumberIfAny("four_eyes", 0, MaxAmount));
    }

    private static List<ChainStep> Chain(JsonFields fields)
    {
        var steps = new List<ChainStep>();
        var items = fields.Items("chain", ChainStep.Roles.Count, "steps {\"role\": \"reviewer\", \"hours\": 24}") ?? [];
        for (var i = 0; i < items.Count; i++)
        {
            var step = JsonFields.Of(items[i], $"chain[{i}]", "{\"role\": \"reviewer\", \"hours\": 24}", fields.Faults);
            step?.RefuseOthers("role", "hours");
            if (step?.OneOf("role", ChainStep.Roles) is { } role && step.Number("hours", 0.25m, 720) is { } hours)
            {
                var next = new ChainStep(role, hours);
                if (steps.Count > 0 && next.Rank <= steps[^1].Rank)
                {
                    step.Fault("role", $"'{step.PathOf("role")}' is not more senior than the step before: the order is {string.Join(", ", ChainStep.Roles).ToLowerInvariant()}, each at most once.");
                }

                steps.Add(next);
            }
        }

        return steps;
    }

    private static PolicySampling Sampling(JsonFields fields)
    {
        var sampling = fields.Object("sampling", "{\"high_band_rate\": 0.05, \"seeded_rate\": 0}");
        sampling?.RefuseOthers("high_band_rate", "seeded_rate");
        return new PolicySampling(sampling?.Number("high_band_rate", 0, 1) ?? 0, sampling?.Number("seeded_rate", 0, 0.1m) ?? 0);
    }

    private static WorkingHours? Hours(JsonFields fields)
    {
        const string form = "{\"time_zone\": \"Europe/Berlin\", \"days\": [\"mon\", \"tue\"], \"from\": \"09:00\", \"to\": \"17:00\"}";
        if (!fields.TryGet("working_hours", out _) || fields.Object("working_hours", form) is not { } hours)
        {
            return null;
        }

        hours.RefuseOthers("time_zone", "days", "from", "to");
        var (zone, days, from, to) = (Zone(hours), Days(hours), TimeOfDay(hours, "from"), TimeOfDay(hours, "to"));
        if (from is { } begins && to is { } ends && ends.ToTimeSpan() - begins.ToTimeSpan() < WorkingHours.Shortest)
        {
            hours.Fault("to", "'working_hours.to' is at least an hour after 'working_hours.from', on the same day.");
        }

        return zone is null ? null : new WorkingHours(zone, days, from ?? default, to ?? default);
    }

    private static string? Zone(JsonFields hours)
    {
        if (hours.Text("time_zone", 64) is not { } id)
        {
            return null;
        }

        if (WorkingHours.TryFindZone(id, out _))
        {
            return id;
        }

        hours.Fault("time_zone", "'working_hours.time_zone' is the IANA id of a time zone that this host knows, such as Europe/Berlin.");
        return null;
    }

    private static List<Weekday> Days(JsonFields hours)
    {
        var days = (hours.Items("days", 7, "days, from mon to sun") ?? []).Select(item => hours.OneOf("days", item, Enum.GetValues<Weekday>())).OfType<Weekday>().ToList();
        if (days.Distinct().Count() != days.Count)
        {
            hours.Fault("days", "'working_hours.days' names each day at most once.");
        }

        return [.. days.Order()];
    }

    private static TimeOnly? TimeOfDay(JsonFields hours, string name)
    {
        if (!hours.Require(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && HourAndMinute.TryParse(value.GetString(), out var time))
        {
            return time;
        }

        hours.Fault(name, $"'{hours.PathOf(name)}' is a time of day such as \"09:00\".");
        return null;
    }

    private static decimal Share(JsonFields fields, string name)
    {
        if (fields.Number(name, 0, 1) is not { } share)
        {
            return 0;
        }

        if (share is 0 or 1)
        {
            fields.Fault(name, $"'{name}' is above 0 and below 1.");
        }

        return share;
    }

    private static int Minutes(JsonFields fields, string name, int least, int most)
    {
        if (fields.Number(name, least, most) is not { } minutes)
        {
            return 0;
        }

        if (decimal.Truncate(minutes) != minutes)
        {
            fields.Fault(name, $"'{name}' is a whole number of minutes.");
        }

        return (int)minutes;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,39}(/[a-z][a-z0-9_-]{0,39})?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Kind();
}
