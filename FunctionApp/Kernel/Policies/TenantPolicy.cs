using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Advisor.Kernel.Confidence;
using Advisor.Kernel.Http;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Policies;

/// <summary>What a policy says, whoever set it: when a person is asked, who, how soon, and how much of the rest is looked at all the same.</summary>
/// <remarks>A kind is what is decided on: <c>name</c> or <c>name/part</c>, <c>insight/trend</c>. What is said of <c>insight</c> holds for each of its parts that has nothing of its own.</remarks>
public record PolicyTerms
{
    /// <summary>For the seconds after a decision within which whoever took it may take it back. No tenant sets it: it is for a slip of the hand, not for a change of mind.</summary>
    public const int UndoSeconds = 10;

    /// <summary>Of every kind that has none of its own.</summary>
    public required BandPolicy Bands { get; init; }

    public IReadOnlyDictionary<string, BandPolicy> BandsByKind { get; init; } = new Dictionary<string, BandPolicy>();

    /// <summary>By kind, the share of what is released without a person that may be wrong; 0.005 to 0.2. Of a kind without one the bands decide.</summary>
    public IReadOnlyDictionary<string, decimal> ErrorBudgets { get; init; } = new Dictionary<string, decimal>();

    public PolicyAmounts Amounts { get; init; } = new(null, null);

    /// <summary>Who is asked, in order, each more senior than the one before; at least one.</summary>
    public required IReadOnlyList<ChainStep> Chain { get; init; }

    /// <summary>The share of a step's time after which whoever is asked is reminded; above 0 and below 1.</summary>
    public required decimal RemindAfter { get; init; }

    /// <summary>For how long somebody who has taken a review has it to themselves; 5 to 240.</summary>
    public required int ClaimMinutes { get; init; }

    public required PolicySampling Sampling { get; init; }

    /// <summary>The only hours that count for the chain; null where all do.</summary>
    public WorkingHours? WorkingHours { get; init; }

    /// <summary>What the product ships with, but for the bands, which the host's settings name.</summary>
    public static PolicyTerms Default(BandPolicy bands) => new()
    {
        Bands = bands,
        Chain = [new(Role.Reviewer, 24), new(Role.Approver, 12), new(Role.Cfo, 12)],
        RemindAfter = 0.5m,
        ClaimMinutes = 30,
        Sampling = new PolicySampling(0.05m, 0),
    };

    /// <summary>The thresholds of a kind: its own, else its name's, else those of every kind.</summary>
    public BandPolicy BandsFor(string kind) => BandsByKind.GetValueOrDefault(kind) ?? BandsByKind.GetValueOrDefault(NameOf(kind)) ?? Bands;

    /// <summary>The error budget of a kind: its own, else its name's; null where the bands decide.</summary>
    public decimal? ErrorBudgetFor(string kind) =>
        ErrorBudgets.TryGetValue(kind, out var own) || ErrorBudgets.TryGetValue(NameOf(kind), out own) ? own : null;

    /// <summary>SHA-256 over the terms alone, 64 hexadecimal digits: equal where two policies say the same.</summary>
    public string Fingerprint() => CanonicalJson.Hash(JsonSerializer.SerializeToElement<PolicyTerms>(this, AdvisorJson.Options));

    private static string NameOf(string kind) => kind.Split('/')[0];
}

/// <summary>A version of a tenant's policy.</summary>
public sealed record TenantPolicy : PolicyTerms
{
    [JsonConstructor]
    public TenantPolicy()
    {
    }

    [SetsRequiredMembers]
    public TenantPolicy(PolicyTerms terms)
        : base(terms)
    {
    }

    /// <summary>From 1, without a gap; 0 while the tenant has set nothing and the product's defaults hold.</summary>
    public int Version { get; init; }

    /// <summary>User id of who wanted it; null for the defaults.</summary>
    public string? SetBy { get; init; }

    /// <summary>User id of the second person; null where it loosened nothing.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Since when it holds: of what was approved, the time of the approval.</summary>
    public DateTimeOffset? SetAt { get; init; }

    /// <summary>In the words of who set it.</summary>
    public string? Reason { get; init; }
}

/// <summary>Limits on money at stake, in the currency that the document prints, never converted.</summary>
/// <param name="Material">What is above goes to a person, whatever its score; null for no such limit.</param>
/// <param name="FourEyes">What is above is decided by two persons; null for no such limit.</param>
public sealed record PolicyAmounts(decimal? Material, decimal? FourEyes)
{
    /// <summary>Whether the amount, whichever its sign, sends what it belongs to to a person. What two persons decide does, too.</summary>
    public bool NeedsPerson(decimal? amount) => IsAbove(amount, Material) || NeedsTwo(amount);

    /// <summary>Whether two persons must decide.</summary>
    public bool NeedsTwo(decimal? amount) => IsAbove(amount, FourEyes);

    private static bool IsAbove(decimal? amount, decimal? limit) => amount is { } known && Math.Abs(known) > limit;
}

/// <summary>One of those who are asked in turn.</summary>
/// <param name="Role">reviewer, approver or cfo.</param>
/// <param name="Hours">After which the next is asked, 0.25 to 720; working hours where the policy has some.</param>
public sealed record ChainStep(Role Role, decimal Hours)
{
    private static readonly Role[] s_bySeniority = [Role.Reviewer, Role.Approver, Role.Cfo];

    /// <summary>The roles that may be asked, the most senior last.</summary>
    public static IReadOnlyList<Role> Roles => s_bySeniority;

    [JsonIgnore]
    public TimeSpan Time => TimeSpan.FromTicks((long)(Hours * TimeSpan.TicksPerHour));

    /// <summary>Higher for the more senior.</summary>
    internal int Rank => Array.IndexOf(s_bySeniority, Role);
}

/// <summary>How much is looked at although it need not be.</summary>
/// <param name="HighBandRate">Share of what the high band releases that a person reviews without being told what the product made of it; 0 to 1.</param>
/// <param name="SeededRate">Share of reviews that are of items known to be wrong; 0 to 0.1.</param>
public sealed record PolicySampling(decimal HighBandRate, decimal SeededRate);

/// <summary>The terms that hold for a tenant that has set none.</summary>
public sealed record PolicyDefaults(PolicyTerms Terms);
