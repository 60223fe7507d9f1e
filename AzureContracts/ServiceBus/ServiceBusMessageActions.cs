using Azure.Messaging.ServiceBus;
using AzureContracts;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settles the message that a function is working on.</summary>
public class ServiceBusMessageActions
{
    protected ServiceBusMessageActions()
    {
    }

    public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        throw Needed(nameof(CompleteMessageAsync));

    public virtual Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = default,
        CancellationToken cancellationToken = default) => throw Needed(nameof(AbandonMessageAsync));

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default) => throw Needed(nameof(DeadLetterMessageAsync));

    public virtual Task DeferMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = default,
        CancellationToken cancellationToken = default) => throw Needed(nameof(DeferMessageAsync));

    public virtual Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        throw Needed(nameof(RenewMessageLockAsync));

    private static NotSupportedException Needed(string member) => RealPackage.Needed($"ServiceBusMessageActions.{member}", "ServiceBus");
}
