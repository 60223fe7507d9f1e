using Advisor.Embedded.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Embedded.Triggers;

/// <summary>Settles one delivery; the pump settles only what its function has not.</summary>
internal sealed class QueueMessageActions(SqliteQueues queues, LockedMessage delivery) : ServiceBusMessageActions
{
    /// <summary>True once the function has completed, abandoned or dead-lettered the message.</summary>
    public bool IsSettled { get; private set; }

    public override async Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
    {
        RequireThisDelivery(message);
        await queues.CompleteAsync(delivery.Queue, delivery.LockToken);
        IsSettled = true;
    }

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">Properties are given: a message here keeps those it was sent with.</exception>
    public override async Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default)
    {
        RequireThisDelivery(message);
        RequireNoChanges(propertiesToModify?.Count);
        await queues.AbandonAsync(delivery.Queue, delivery.LockToken);
        IsSettled = true;
    }

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">Properties are given: a message here keeps those it was sent with.</exception>
    public override async Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default)
    {
        RequireThisDelivery(message);
        RequireNoChanges(propertiesToModify?.Count);
        await queues.DeadLetterAsync(delivery.Queue, delivery.LockToken, deadLetterReason ?? string.Empty, deadLetterErrorDescription);
        IsSettled = true;
    }

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">Always: nothing in the product receives deferred messages. Send a scheduled message instead.</exception>
    public override Task DeferMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The embedded queues defer no messages; send a scheduled message and complete this one.");

    public override Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
    {
        RequireThisDelivery(message);
        return queues.RenewLockAsync(delivery.Queue, delivery.LockToken);
    }

    private void RequireThisDelivery(ServiceBusReceivedMessage message)
    {
        if (message.LockToken != delivery.LockToken.ToString())
        {
            throw new InvalidOperationException("A function can settle only the message that it was called for.");
        }
    }

    private static void RequireNoChanges(int? properties)
    {
        if (properties > 0)
        {
            throw new NotSupportedException("The embedded queues keep the properties a message was sent with.");
        }
    }
}
