using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Tests.Embedded.Triggers;

/// <summary>A JSON body.</summary>
public sealed record SampleOrder(string OrderId, decimal TotalAmount);

/// <summary>A queue for each type that a message can be bound to.</summary>
public sealed class SampleBindingQueues(SampleNotes notes)
{
    [Function("AsMessage")]
    public void AsMessage([ServiceBusTrigger("%Prefix%-message")] ServiceBusReceivedMessage message, FunctionContext context) => notes.Add(
        $"{message.MessageId} {message.Subject} {message.Body} {message.DeliveryCount} {message.ApplicationProperties["tenant"]} "
        + $"{context.BindingContext.BindingData["MessageId"]} {context.TraceContext.TraceParent[..35]}");

    [Function("AsText")]
    public void AsText([ServiceBusTrigger("%Prefix%-text", Connection = "ServiceBus")] string body) => notes.Add(body);

    [Function("AsBytes")]
    public void AsBytes([ServiceBusTrigger("%Prefix%-bytes")] byte[] body) => notes.Add($"{body.Length} bytes");

    [Function("AsBinary")]
    public void AsBinary([ServiceBusTrigger("%Prefix%-binary")] BinaryData body) => notes.Add($"binary {body}");

    [Function("AsRecord")]
    public void AsRecord([ServiceBusTrigger("%Prefix%-record")] SampleOrder order) => notes.Add($"{order.OrderId} {order.TotalAmount}");
}

/// <summary>One queue whose messages say what shall happen to them.</summary>
public sealed class SampleObedientQueue(SampleNotes notes)
{
    [Function("Obedient")]
    public async Task Run(
        [ServiceBusTrigger("obedient")] ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        var order = message.Body.ToString();
        notes.Add($"{order} {message.DeliveryCount}");
        switch (order)
        {
            case "fail":
                throw new InvalidOperationException("told to fail");
            case "fail once" when message.DeliveryCount == 1:
                throw new InvalidOperationException("told to fail once");
            case "dead-letter":
                await actions.DeadLetterMessageAsync(message, null, "Unreadable", "the page is torn", cancellationToken);
                break;
            case "abandon once" when message.DeliveryCount == 1:
                await actions.AbandonMessageAsync(message, null, cancellationToken);
                break;
            case "complete, then fail":
                await actions.CompleteMessageAsync(message, cancellationToken);
                throw new InvalidOperationException("told to fail after completing");
            case "wait":
                await notes.Gate.Task.WaitAsync(cancellationToken);
                break;
        }
    }
}

/// <summary>A queue whose function must settle its messages itself, and does not.</summary>
public sealed class SampleManualQueue(SampleNotes notes)
{
    [Function("Manual")]
    public void Run([ServiceBusTrigger("manual", AutoCompleteMessages = false)] string body) => notes.Add(body);
}
