namespace Advisor.Kernel.Notifications;

/// <summary>One way to reach people: a webhook, a mail server, a chat, a file.</summary>
public interface INotificationChannel
{
    /// <summary>As in <c>Notifications:Channels</c>.</summary>
    string Name { get; }

    /// <summary>Whether it writes to each recipient by address; otherwise it is told once for all of them.</summary>
    bool AddressesPeople { get; }

    /// <summary>Hands the message over. It may come again with the same <see cref="OutgoingNotification.DeliveryId"/> when an answer was lost.</summary>
    /// <remarks>Bounded in time by the channel itself. A reason never holds an address, a secret or text of the message.</remarks>
    Task<ChannelAnswer> SendAsync(OutgoingNotification outgoing, CancellationToken cancellationToken);
}

/// <summary>A message to one channel, and where the channel addresses people, to one of them.</summary>
/// <param name="DeliveryId">Deterministic for notification, channel and recipient: a receiver that has seen it drops the message.</param>
/// <param name="To">Null for a channel that addresses no one.</param>
public sealed record OutgoingNotification(string DeliveryId, Notification Notification, RenderedNotification Rendered, string Url, Recipient? To);

/// <summary>What a channel said to a message.</summary>
public abstract record ChannelAnswer
{
    private ChannelAnswer()
    {
    }

    /// <summary>The channel has taken responsibility for the message.</summary>
    /// <param name="Receipt">What it gave as proof, in a few words.</param>
    public sealed record Accepted(string Receipt) : ChannelAnswer;

    /// <param name="Permanent">Trying again as it is would be refused again.</param>
    /// <param name="RetryAfter">How long the receiver asks to be left alone; null where it does not say.</param>
    /// <param name="IsDown">It is not about this message: the receiver would not take another either. Enough of these open its circuit.</param>
    public sealed record Refused(string Reason, bool Permanent, TimeSpan? RetryAfter = null, bool IsDown = false) : ChannelAnswer;

    /// <summary>The channel was not asked, for its circuit is open or it had no place for another message; that is no attempt.</summary>
    /// <param name="For">How long at least.</param>
    public sealed record Held(TimeSpan For) : ChannelAnswer;
}
