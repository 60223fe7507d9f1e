using System.Text;
using Advisor.Azure;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Resilience;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure.ServiceBus;

public sealed class ServiceBusSendersTests : IAsyncDisposable
{
    private const string Queue = "ingestion-queue";

    private readonly SentMessages _namespace = new();
    private readonly ServiceBusSenders _bus;

    public ServiceBusSendersTests() => _bus = new ServiceBusSenders(_namespace);

    public ValueTask DisposeAsync() => _namespace.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_Message_CarriesAllThatTheReceiverNeeds()
    {
        var due = new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
        await _bus.SendAsync(Queue, Message("run/step/1") with { ScheduledAt = due }, Cancel);

        var (queue, messages) = _namespace.Sent.ShouldHaveSingleItem();
        queue.ShouldBe(Queue);
        var sent = messages.ShouldHaveSingleItem();
        sent.MessageId.ShouldBe("run/step/1");
        sent.Subject.ShouldBe("Kind");
        sent.ContentType.ShouldBe("application/json");
        sent.Body.ToString().ShouldBe("{\"a\":1}");
        sent.ApplicationProperties.ShouldBe(new Dictionary<string, object> { ["tenant"] = "acme", ["traceparent"] = "00-1" });
        sent.ScheduledEnqueueTime.ShouldBe(due);
    }

    [Fact]
    public async Task SendAsync_NotScheduled_IsDueAtOnce()
    {
        await _bus.SendAsync(Queue, Message("1"), Cancel);

        _namespace.Sent[0].Messages[0].ScheduledEnqueueTime.ShouldBe(default);
    }

    [Fact]
    public async Task SendAsync_IdLongerThanTheServiceTakes_IsReplacedByTheSameOneEachTime()
    {
        var id = new string('x', 129);
        await _bus.SendAsync(Queue, Message(id), Cancel);
        await _bus.SendAsync(Queue, Message(id), Cancel);
        await _bus.SendAsync(Queue, Message(id + "y"), Cancel);

        var ids = _namespace.Sent.Select(sent => sent.Messages[0].MessageId).ToList();
        ids.ShouldAllBe(sent => sent.Length <= 128);
        ids[0].ShouldBe(ids[1]);
        ids[0].ShouldNotBe(ids[2]);
    }

    [Fact]
    public async Task SendAsync_SeveralQueues_HaveOneSenderEach()
    {
        foreach (var queue in new[] { Queue, "analysis-queue", Queue, Queue })
        {
            await _bus.SendAsync(queue, Message("1"), Cancel);
            await _bus.SendAsync(queue, [Message("2")], Cancel);
        }

        _namespace.SendersMade.ShouldBe([Queue, "analysis-queue"]);
    }

    [Fact]
    public async Task SendAsync_MessagesThatFitTogether_GoInOneBatchInOrder()
    {
        await _bus.SendAsync(Queue, [.. Enumerable.Range(0, 5).Select(n => Message($"{n}"))], Cancel);

        _namespace.Sent.ShouldHaveSingleItem().Messages.Select(sent => sent.MessageId).ShouldBe(["0", "1", "2", "3", "4"]);
    }

    [Fact]
    public async Task SendAsync_MoreThanABatchTakes_GoInSeveralInOrder()
    {
        _namespace.FitTogether = 2;
        await _bus.SendAsync(Queue, [.. Enumerable.Range(0, 5).Select(n => Message($"{n}"))], Cancel);

        _namespace.Sent.Select(sent => string.Join(' ', sent.Messages.Select(message => message.MessageId))).ShouldBe(["0 1", "2 3", "4"]);
    }

    [Fact]
    public async Task SendAsync_SecondBatchFails_RepeatingSendsAllUnderTheSameIds()
    {
        _namespace.FitTogether = 2;
        _namespace.Faults = call => call == 2 ? Fault(ServiceBusFailureReason.ServiceBusy) : null;
        IReadOnlyList<BusMessage> messages = [.. Enumerable.Range(0, 4).Select(n => Message($"{n}"))];

        await Should.ThrowAsync<AzureServiceException>(_bus.SendAsync(Queue, messages, Cancel));
        await _bus.SendAsync(Queue, messages, Cancel);
        _namespace.Sent.SelectMany(sent => sent.Messages).Select(message => message.MessageId).ShouldBe(["0", "1", "0", "1", "2", "3"], "the queue drops what it has by its id");
    }

    [Fact]
    public async Task SendAsync_NoMessages_AsksNothing()
    {
        await _bus.SendAsync(Queue, [], Cancel);

        _namespace.SendersMade.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ServiceBusFailureReason.ServiceBusy, 429)]
    [InlineData(ServiceBusFailureReason.ServiceTimeout, 408)]
    [InlineData(ServiceBusFailureReason.ServiceCommunicationProblem, 503)]
    [InlineData(ServiceBusFailureReason.QuotaExceeded, 507)]
    public async Task SendAsync_NamespaceInTrouble_IsTransient(ServiceBusFailureReason reason, int status)
    {
        _namespace.Faults = _ => Fault(reason);

        foreach (var send in new Func<Task>[] { () => _bus.SendAsync(Queue, Message("1"), Cancel), () => _bus.SendAsync(Queue, [Message("1")], Cancel) })
        {
            var fault = await Should.ThrowAsync<AzureServiceException>(send());
            fault.Status.ShouldBe(status);
            TransientFaults.Is(fault).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task ReachAsync_Queue_AsksForItAndSendsNothing()
    {
        await _bus.ReachAsync(Queue, Cancel);
        _namespace.SendersMade.ShouldBe([Queue]);
        _namespace.Sent.ShouldBeEmpty();

        _namespace.NoLink = Fault(ServiceBusFailureReason.ServiceCommunicationProblem);
        (await Should.ThrowAsync<AzureServiceException>(_bus.ReachAsync(Queue, Cancel))).Status.ShouldBe(503);
    }

    [Fact]
    public async Task SendAsync_NoSuchQueue_SaysSo()
    {
        _namespace.Faults = _ => Fault(ServiceBusFailureReason.MessagingEntityNotFound);

        var fault = await Should.ThrowAsync<InvalidOperationException>(_bus.SendAsync(Queue, Message("1"), Cancel));
        fault.Message.ShouldBe("Service Bus has no queue 'ingestion-queue': deploy it (docs/azure.md lists them).");
        TransientFaults.Is(fault).ShouldBeFalse();
    }

    /// <summary>The client throws the framework's exception for a role that is missing or not known everywhere yet; a new one takes minutes to hold.</summary>
    [Fact]
    public async Task SendAsync_NamespaceRefuses_IsRepeated()
    {
        _namespace.Faults = _ => new UnauthorizedAccessException("Put token failed. status-code: 401.");

        TransientFaults.Is(await Should.ThrowAsync<UnauthorizedAccessException>(_bus.SendAsync(Queue, Message("1"), Cancel))).ShouldBeTrue();
    }

    [Fact]
    public async Task SendAsync_QueueDisabled_IsNotRepeated()
    {
        _namespace.Faults = _ => Fault(ServiceBusFailureReason.MessagingEntityDisabled);

        TransientFaults.Is(await Should.ThrowAsync<InvalidOperationException>(_bus.SendAsync(Queue, Message("1"), Cancel))).ShouldBeFalse();
    }

    [Fact]
    public async Task SendAsync_MessageTooLarge_SaysWhatToDo()
    {
        _namespace.Faults = _ => Fault(ServiceBusFailureReason.MessageSizeExceeded);
        (await Should.ThrowAsync<ArgumentException>(_bus.SendAsync(Queue, Message("1"), Cancel))).Message.ShouldContain("put its content into a blob or record");

        _namespace.FitTogether = 0;
        (await Should.ThrowAsync<ArgumentException>(_bus.SendAsync(Queue, [Message("1")], Cancel))).Message.ShouldStartWith("The message '1' for 'ingestion-queue' is larger");
    }

    [Fact]
    public async Task SendAsync_NoIdentity_SaysSo()
    {
        _namespace.Faults = _ => new CredentialUnavailableException("nobody");

        (await Should.ThrowAsync<UnauthorizedAccessException>(_bus.SendAsync(Queue, Message("1"), Cancel))).Message.ShouldContain("Service Bus does not let the app's identity in (no token)");
    }

    [Fact]
    public async Task SendAsync_CallerGivesUp_IsCancelled() =>
        await Should.ThrowAsync<OperationCanceledException>(_bus.SendAsync(Queue, [Message("1")], new CancellationToken(canceled: true)));

    private static BusMessage Message(string id) =>
        new(id, Encoding.UTF8.GetBytes("{\"a\":1}"), "Kind", new Dictionary<string, string> { ["tenant"] = "acme", ["traceparent"] = "00-1" });

    private static ServiceBusException Fault(ServiceBusFailureReason reason) => new("as the test asked", reason);
}
