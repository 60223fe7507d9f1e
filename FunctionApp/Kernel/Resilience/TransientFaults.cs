using System.ComponentModel;
using System.Data.Common;
using Polly.Timeout;

namespace Advisor.Kernel.Resilience;

/// <summary>Which faults are the dependency's, and may be gone at the next attempt.</summary>
/// <remarks>
/// Everything else is either an expected outcome (a conflict, a bad continuation, a wrong argument, the caller's own cancellation) or a bug:
/// neither is repeated, and neither says anything of the dependency's health.
/// </remarks>
internal static class TransientFaults
{
    public static bool Is(Exception fault) => fault switch
    {
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException or EndOfStreamException => false,
        // What a socket throws is a Win32Exception on every platform.
        Win32Exception or IOException or TimeoutException or TimeoutRejectedException or DbException or HttpRequestException or UnauthorizedAccessException => true,
        _ => false,
    };
}
