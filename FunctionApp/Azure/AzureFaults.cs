using Azure;
using Azure.Identity;

namespace Advisor.Azure;

/// <summary>A service did not do its work now: throttled, overloaded, too slow or out of reach. A later attempt may succeed.</summary>
/// <remarks>An I/O fault, because that is what <c>Resilience</c> repeats and counts.</remarks>
public sealed class AzureServiceException(string service, int status, string? code, Exception? inner = null)
    : IOException($"{service} answered {status}{(code is null ? "" : $" ({code})")}.", inner)
{
    public string Service { get; } = service;

    /// <summary>The HTTP status, or the one that says the same; 503 where nothing answered.</summary>
    public int Status { get; } = status;
}

/// <summary>Vendors' faults as those that the product knows.</summary>
internal static class AzureFaults
{
    /// <summary>The fault that a status means, for statuses that are no outcome of the port.</summary>
    /// <param name="code">The service's own word for it.</param>
    public static Exception Of(string service, int status, string? code, Exception? inner = null) => status switch
    {
        401 or 403 => Refused(service, $"{status}{(code is null ? "" : $" {code}")}", inner),
        408 or 410 or 429 or 449 or >= 500 => new AzureServiceException(service, status, code, inner),
        0 => new AzureServiceException(service, 503, code ?? "no answer", inner),
        _ => new InvalidOperationException($"{service} answered {status}{(code is null ? "" : $" ({code})")}: see docs/azure.md.", inner),
    };

    /// <summary>Whether a client of Azure.Core threw it. Where it repeated by itself and each attempt failed without an answer, it throws all their faults together.</summary>
    public static bool IsKnown(Exception fault) => fault is RequestFailedException or AuthenticationFailedException
        || (fault is AggregateException { InnerExceptions.Count: > 0 } attempts && attempts.InnerExceptions.All(inner => IsKnown(inner) || inner is OperationCanceledException));

    /// <summary>The fault that one of a client of Azure.Core means; itself where it is none of theirs.</summary>
    public static Exception Of(string service, Exception fault) => fault switch
    {
        RequestFailedException failed => Of(service, failed.Status, failed.ErrorCode is "" ? null : failed.ErrorCode, failed),
        AuthenticationFailedException failed => Refused(service, "no token", failed),
        AggregateException attempts when IsKnown(attempts) => Of(service, attempts.InnerExceptions[^1]),

        // Only among several attempts: an attempt that ran out of its own time, for what the caller cancels ends all of them.
        OperationCanceledException late => new AzureServiceException(service, 408, "timeout", late),
        _ => fault,
    };

    private static UnauthorizedAccessException Refused(string service, string what, Exception? inner) =>
        new($"{service} does not let the app's identity in ({what}): give it the role that docs/azure.md names; a new role takes some minutes to hold.", inner);
}
