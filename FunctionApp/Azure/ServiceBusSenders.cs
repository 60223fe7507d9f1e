using System.Collections.Concurrent;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Telemetry.Health;
using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;

namespace Advisor.Azure;

/// <summary>Sends to queues of Service Bus; one sender for each queue, kept as long as the host runs.</summary>
/// <remarks>
/// A queue drops a second message with the same id only where the deployment switched duplicate detection on. Messages of one call go in one batch, all or
/// none; where they do not fit into one, the batches follow one another, and repeating the call sends what is missing, for the queue drops the rest. Safe for threads.
/// </remarks>
public sealed class ServiceBusSenders(ServiceBusClient client) : IMessageBus, IReachableBus
{
    private const string Service = "Service Bus";

    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task SendAsync(string queue, BusMessage message, CancellationToken cancellationToken)
    {
        var sender = Sender(queue);
        var sent = Message(message);
        await CallAsync(queue, () => sender.SendMessageAsync(sent, cancellationToken));
    }

    /// <inheritdoc />
    public async Task SendAsync(string queue, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0)
        {
            return;
        }

        var sender = Sender(queue);
        var waiting = new Queue<ServiceBusMessage>(messages.Select(Message));
        await CallAsync(queue, async () =>
        {
            while (waiting.Count > 0)
            {
                using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
                while (waiting.TryPeek(out var next) && batch.TryAddMessage(next))
                {
                    waiting.Dequeue();
                }

                if (batch.Count == 0)
                {
                    throw TooLarge(queue, waiting.Peek().MessageId);
                }

                await sender.SendMessagesAsync(batch, cancellationToken);
            }
        });
    }

    /// <summary>Asks the queue how large a batch may be, which opens the link that messages go over.</summary>
    public Task ReachAsync(string queue, CancellationToken cancellationToken)
    {
        var sender = Sender(queue);
        return CallAsync(queue, async () =>
        {
            using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
        });
    }

    /// <summary>A client whose own repetitions end before an attempt of ours does.</summary>
    internal static ServiceBusClient Connect(ServiceBusOptions options, TokenCredential credential) => new(
        options.FullyQualifiedNamespace!, credential,
        new ServiceBusClientOptions { RetryOptions = new ServiceBusRetryOptions { MaxRetries = 1, TryTimeout = TimeSpan.FromSeconds(4) } });

    private ServiceBusSender Sender(string queue)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queue);
        return _senders.GetOrAdd(queue, client.CreateSender);
    }

    private static ServiceBusMessage Message(BusMessage message)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(message.MessageId, nameof(message));
        var sent = new ServiceBusMessage(message.Body)
        {
            MessageId = MessageIdOf(message.MessageId),
            Subject = message.Subject,
            ContentType = "application/json",
        };
        foreach (var (name, value) in message.Properties)
        {
            sent.ApplicationProperties[name] = value;
        }

        if (message.ScheduledAt is { } due)
        {
            sent.ScheduledEnqueueTime = due;
        }

        return sent;
    }

    /// <summary>The service takes 128 characters; a longer id is replaced by one that follows from it, so that a repeat still has the same.</summary>
    private static string MessageIdOf(string id) => id.Length <= 128 ? id : Kernel.Records.DeterministicId.Of("message", id);

    private static async Task CallAsync(string queue, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ServiceBusException fault)
        {
            throw Known(queue, fault);
        }
        catch (AuthenticationFailedException fault)
        {
            throw AzureFaults.Of(Service, fault);
        }
    }

    private static Exception Known(string queue, ServiceBusException fault) => fault.Reason switch
    {
        ServiceBusFailureReason.ServiceBusy => new AzureServiceException(Service, 429, nameof(ServiceBusFailureReason.ServiceBusy), fault),
        ServiceBusFailureReason.ServiceTimeout => new AzureServiceException(Service, 408, nameof(ServiceBusFailureReason.ServiceTimeout), fault),

        // A queue that is full empties again.
        ServiceBusFailureReason.QuotaExceeded => new AzureServiceException(Service, 507, nameof(ServiceBusFailureReason.QuotaExceeded), fault),
        ServiceBusFailureReason.MessagingEntityNotFound => new InvalidOperationException($"Service Bus has no queue '{queue}': deploy it (docs/azure.md lists them).", fault),
        ServiceBusFailureReason.MessageSizeExceeded => TooLarge(queue, null, fault),
        _ when fault.IsTransient => new AzureServiceException(Service, 503, fault.Reason.ToString(), fault),
        _ => new InvalidOperationException($"Service Bus did not take a message for '{queue}' ({fault.Reason}).", fault),
    };

    private static ArgumentException TooLarge(string queue, string? messageId, Exception? fault = null) => new(
        $"{(messageId is null ? "A message" : $"The message '{messageId}'")} for '{queue}' is larger than the queue takes: put its content into a blob or record, and its id into the message.", nameof(messageId), fault);
}
