namespace Advisor.Kernel.Resilience;

/// <summary>What this process stores on cannot be used: a disk that is full, a folder that may not be written, a file that is damaged.</summary>
/// <param name="detail">What a caller is told: what is wrong and who can mend it, without names of files.</param>
/// <param name="message">What the operator is told: the file, and what to do.</param>
public sealed class StorageUnavailableException(string detail, string message, Exception? cause) : IOException(message, cause)
{
    /// <summary>Room and rights come back by somebody's hand: there is no use in asking each second.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="StorageUnavailableException(string, string, Exception?)" path="/param[@name='detail']" />
    public string Detail { get; } = detail;

    /// <summary>The one that lies behind a fault; null when none does.</summary>
    public static StorageUnavailableException? Behind(Exception? fault)
    {
        while (fault is not (null or StorageUnavailableException))
        {
            fault = fault.InnerException;
        }

        return (StorageUnavailableException?)fault;
    }
}
