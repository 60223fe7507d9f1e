using System.ComponentModel.DataAnnotations;

namespace Advisor.Kernel.Http;

/// <summary>How requests with an <c>Idempotency-Key</c> are remembered, section <c>Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>Hours for which a key names its first request and the answer to it.</summary>
    [Range(1, 720, ErrorMessage = "Idempotency:KeepHours must be from 1 to 720.")]
    public int KeepHours { get; set; } = 24;

    /// <summary>Seconds after which a request that was never answered counts as lost with its host, and may be carried out again.</summary>
    [Range(1, 3600, ErrorMessage = "Idempotency:LeaseSeconds must be from 1 to 3600.")]
    public int LeaseSeconds { get; set; } = 60;
}
