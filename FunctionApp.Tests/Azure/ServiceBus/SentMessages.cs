using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Advisor.Tests.Azure.ServiceBus;

/// <summary>Stands in for a namespace: senders that note what they send, in batches of a few, or fail as the service would.</summary>
internal sealed class SentMessages : ServiceBusClient
{
    private readonly ConcurrentQueue<(string Queue, IReadOnlyList<ServiceBusMessage> Messages)> _sent = new();

    /// <summary>Messages that fit into a batch.</summary>
    public int FitTogether { get; set; } = 100;

    /// <summary>Says for each sending whether it fails; null lets all succeed.</summary>
    public Func<int, Exception?>? Faults { get; set; }

    /// <summary>What opening the link to a queue ends in; null where it opens.</summary>
    public Exception? NoLink { get; set; }

    public List<string> SendersMade { get; } = [];

    /// <summary>What was sent, one item for each call.</summary>
    public IReadOnlyList<(string Queue, IReadOnlyList<ServiceBusMessage> Messages)> Sent => [.. _sent];

    private int _calls;

    public override ServiceBusSender CreateSender(string queueOrTopicName)
    {
        SendersMade.Add(queueOrTopicName);
        return new Sender(this, queueOrTopicName);
    }

    private sealed class Sender(SentMessages all, string queue) : ServiceBusSender
    {
        private readonly Dictionary<ServiceBusMessageBatch, List<ServiceBusMessage>> _batches = [];

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (all.NoLink is { } fault)
            {
                return ValueTask.FromException<ServiceBusMessageBatch>(fault);
            }

            var messages = new List<ServiceBusMessage>();
            var batch = ServiceBusModelFactory.ServiceBusMessageBatch(256 * 1024, messages, null, _ => messages.Count < all.FitTogether);
            _batches[batch] = messages;
            return ValueTask.FromResult(batch);
        }

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) => Send([message], cancellationToken);

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default) =>
            Send([.. _batches[messageBatch]], cancellationToken);

        private Task Send(List<ServiceBusMessage> messages, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (all.Faults?.Invoke(++all._calls) is { } fault)
            {
                return Task.FromException(fault);
            }

            all._sent.Enqueue((queue, messages));
            return Task.CompletedTask;
        }
    }
}
