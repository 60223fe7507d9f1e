using System.Globalization;
using Advisor.Kernel.Notifications.Channels;
using Advisor.Kernel.Records;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Advisor.Kernel.Notifications;

/// <summary>Removes from the outbox what is older than <see cref="NotificationsOptions.OutboxDays"/>, every night.</summary>
/// <remarks>The day is that of the notification, as its folder names it. What lies in a folder that names no day is not the outbox's, and stays.</remarks>
public sealed partial class OutboxPurge(IBlobStore blobs, IOptions<NotificationsOptions> options, TimeProvider time, ILogger<OutboxPurge> logger)
{
    [Function(nameof(OutboxPurge))]
    public async Task RunAsync([TimerTrigger("0 40 3 * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var oldest = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-options.Value.OutboxDays);
        var purged = 0;
        foreach (var name in (await blobs.ListAsync(OutboxChannel.Container, "", cancellationToken)).Where(name => DayOf(name) < oldest))
        {
            purged += await blobs.DeleteAsync(OutboxChannel.Container, name, cancellationToken) ? 1 : 0;
        }

        Log.Purged(logger, purged, options.Value.OutboxDays);
    }

    private static DateOnly? DayOf(string name) => name.Split('/') is [_, var day, _]
        && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : null;

    private static partial class Log
    {
        [LoggerMessage(EventId = 122, Level = LogLevel.Information, Message = "Purged {Count} files of the outbox that were over {Days} days old")]
        public static partial void Purged(ILogger logger, int count, int days);
    }
}
