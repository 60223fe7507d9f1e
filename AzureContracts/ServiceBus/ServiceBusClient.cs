// The real package is not annotated for nullable references; neither is this.
#nullable disable

using Azure.Core;
using AzureContracts;

namespace Azure.Messaging.ServiceBus;

/// <summary>A connection to a namespace.</summary>
public class ServiceBusClient : IAsyncDisposable
{
    protected ServiceBusClient()
    {
    }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential, ServiceBusClientOptions options)
    {
    }

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => throw RealPackage.Needed("ServiceBusClient.CreateSender", "ServiceBus");

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }
}

/// <summary>Settings of a client.</summary>
public class ServiceBusClientOptions
{
    public ServiceBusRetryOptions RetryOptions { get; set; } = new();
}

/// <summary>How often and how long a client tries.</summary>
public class ServiceBusRetryOptions
{
    public int MaxRetries { get; set; } = 3;

    /// <summary>Longest time of one try.</summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Sends to one queue; keeps a link to it, and is safe for threads.</summary>
public class ServiceBusSender
{
    protected ServiceBusSender()
    {
    }

    public virtual ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default) =>
        throw RealPackage.Needed("ServiceBusSender.CreateMessageBatchAsync", "ServiceBus");

    public virtual Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) =>
        throw RealPackage.Needed("ServiceBusSender.SendMessageAsync", "ServiceBus");

    public virtual Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default) =>
        throw RealPackage.Needed("ServiceBusSender.SendMessagesAsync", "ServiceBus");
}

/// <summary>A message to be sent.</summary>
public class ServiceBusMessage
{
    public ServiceBusMessage(ReadOnlyMemory<byte> body) => Body = new BinaryData(body);

    public BinaryData Body { get; set; }

    public string MessageId { get; set; }

    public string Subject { get; set; }

    public string ContentType { get; set; }

    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>();
}

/// <summary>Messages that go together, as many as fit.</summary>
public sealed class ServiceBusMessageBatch : IDisposable
{
    private readonly IList<ServiceBusMessage> _messages;
    private readonly Func<ServiceBusMessage, bool> _fits;

    internal ServiceBusMessageBatch(IList<ServiceBusMessage> messages, Func<ServiceBusMessage, bool> fits) => (_messages, _fits) = (messages, fits);

    public int Count => _messages.Count;

    /// <returns>False where the message does not fit any more.</returns>
    public bool TryAddMessage(ServiceBusMessage message)
    {
        if (_fits?.Invoke(message) == false)
        {
            return false;
        }

        _messages.Add(message);
        return true;
    }

    public void Dispose()
    {
    }
}

/// <summary>Settings of a batch.</summary>
public class CreateMessageBatchOptions
{
}

/// <summary>A fault that the service or the way to it has.</summary>
public class ServiceBusException : Exception
{
    public ServiceBusException(string message, ServiceBusFailureReason reason, string entityPath = default, Exception innerException = default)
        : base(message, innerException)
    {
        Reason = reason;
        IsTransient = reason is ServiceBusFailureReason.ServiceCommunicationProblem or ServiceBusFailureReason.ServiceTimeout or ServiceBusFailureReason.ServiceBusy;
    }

    public bool IsTransient { get; }

    public ServiceBusFailureReason Reason { get; }
}

/// <summary>Why a call failed.</summary>
public enum ServiceBusFailureReason
{
    GeneralError = 0,
    MessagingEntityNotFound = 1,
    MessageLockLost = 2,
    MessageNotFound = 3,
    MessageSizeExceeded = 4,
    MessagingEntityDisabled = 5,
    QuotaExceeded = 6,
    ServiceBusy = 7,
    ServiceTimeout = 8,
    ServiceCommunicationProblem = 9,
    SessionCannotBeLocked = 10,
    SessionLockLost = 11,
    MessagingEntityAlreadyExists = 12,
}
