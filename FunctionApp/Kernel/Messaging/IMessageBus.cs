namespace Advisor.Kernel.Messaging;

/// <summary>A message to a queue.</summary>
/// <param name="MessageId">Deterministic for its effect (<c>instance/step/item</c>): the queue drops a second message with the same id within its duplicate window.</param>
/// <param name="Body">JSON, UTF-8.</param>
/// <param name="Subject">The kind of message, for people and filters.</param>
/// <param name="Properties">Application properties (tenant, correlation): never document text or personal data.</param>
/// <param name="ScheduledAt">UTC; null means now.</param>
public sealed record BusMessage(
    string MessageId,
    ReadOnlyMemory<byte> Body,
    string Subject,
    IReadOnlyDictionary<string, string> Properties,
    DateTimeOffset? ScheduledAt = null);

/// <summary>Sends to queues that <c>[ServiceBusTrigger]</c> functions read: Service Bus on Azure, SQLite queues on the embedded host.</summary>
public interface IMessageBus
{
    /// <summary>Accepts the message durably. Sending the same <see cref="BusMessage.MessageId"/> again within the duplicate window changes nothing.</summary>
    Task SendAsync(string queue, BusMessage message, CancellationToken cancellationToken);

    /// <summary>Accepts all messages, in order, in one atomic batch.</summary>
    Task SendAsync(string queue, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken);
}
