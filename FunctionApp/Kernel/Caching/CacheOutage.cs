using Microsoft.Extensions.Logging;

namespace Advisor.Kernel.Caching;

/// <summary>Says in the log when the cache went away and when it is back, and not with every request between: at most one outage a minute is told.</summary>
/// <remarks>Safe for threads. An outage that was not told, because it followed on another, is told once it outlasts that minute.</remarks>
internal sealed partial class CacheOutage(TimeProvider time, ILogger logger)
{
    internal static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private volatile bool _told;
    private DateTimeOffset? _toldAt;

    /// <summary>The cache could not be used.</summary>
    public void Failed(Exception fault)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_told || now - _toldAt < Quiet)
            {
                return;
            }

            (_told, _toldAt) = (true, now);
        }

        Log.Unavailable(logger, fault);
    }

    /// <summary>The cache did what it was asked.</summary>
    public void Worked()
    {
        if (!_told)
        {
            return;
        }

        lock (_gate)
        {
            if (!_told)
            {
                return;
            }

            _told = false;
        }

        Log.Available(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 150, Level = LogLevel.Warning, Message = "The cache is not available; answers are computed each time until it is")]
        public static partial void Unavailable(ILogger logger, Exception fault);

        [LoggerMessage(EventId = 152, Level = LogLevel.Information, Message = "The cache is available again")]
        public static partial void Available(ILogger logger);
    }
}
