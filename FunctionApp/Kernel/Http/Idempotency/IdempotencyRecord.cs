using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Http;

internal enum IdempotencyState
{
    /// <summary>A request is being carried out, or died with its host.</summary>
    InFlight,

    /// <summary>It succeeded, and this is what it was answered.</summary>
    Completed,

    /// <summary>It failed; the key is free again.</summary>
    Released,
}

/// <summary>An answer as it can be given again.</summary>
internal sealed record RecordedAnswer(int Status, string? ContentType, string? Location, string? ETag, byte[] Body);

/// <summary>What is known of the request behind a key.</summary>
/// <param name="Fingerprint">Of the request that used the key last.</param>
/// <param name="OperationId">Names what the request makes; the same for every attempt at it.</param>
/// <param name="LeaseUntil">UTC; an unanswered request counts as lost from then on.</param>
/// <param name="ExpiresAt">Unix time in seconds, so that stores compare it as a number; the key means nothing from then on.</param>
internal sealed record IdempotencyRecord(
    IdempotencyState State, string Fingerprint, string OperationId, DateTimeOffset LeaseUntil, long ExpiresAt, RecordedAnswer? Answer)
{
    public static RecordContainer<IdempotencyRecord> Container { get; } = new("idempotency-keys");
}

/// <summary>The right to carry a request out under its key, as long as nobody took it over.</summary>
/// <param name="RecordId">Of the key's record.</param>
internal sealed record IdempotencyClaim(TenantId Tenant, string RecordId, Stored<IdempotencyRecord> Held)
{
    /// <summary>Where the worker middleware leaves the claim for the <see cref="AnswerRecorder"/>.</summary>
    public const string Item = "advisor.idempotency-claim";
}

/// <summary>What a key allows a request; one of the nested kinds.</summary>
internal abstract record ClaimOutcome
{
    private ClaimOutcome()
    {
    }

    /// <summary>Carry it out.</summary>
    public sealed record Claimed(IdempotencyClaim Claim) : ClaimOutcome;

    /// <summary>It was carried out; give this answer again.</summary>
    public sealed record Replayed(RecordedAnswer Answer) : ClaimOutcome;

    /// <summary>The key belongs to a request that asks for something else.</summary>
    public sealed record OtherRequest : ClaimOutcome;

    /// <summary>It is being carried out.</summary>
    public sealed record InFlight : ClaimOutcome;
}
