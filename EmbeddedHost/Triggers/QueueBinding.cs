using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Advisor.Embedded.ServiceBus;
using Advisor.Kernel.Http;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Advisor.Embedded.Triggers;

/// <summary>One delivery of a message to a function.</summary>
/// <param name="Message">As a function sees it.</param>
/// <param name="Actions">Settles it.</param>
internal sealed record Delivery(ServiceBusReceivedMessage Message, QueueMessageActions Actions);

/// <summary>Binds the parameters of queue functions: the message, its body as text, bytes or a JSON value, and the actions that settle it.</summary>
internal static class QueueBinding
{
    public static TriggerKind Kind { get; } = new("serviceBusTrigger", BindMessage, BindActions);

    /// <summary>The message as the vendor's type.</summary>
    public static ServiceBusReceivedMessage Received(LockedMessage message) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: BinaryData.FromBytes(message.Body),
        messageId: message.MessageId,
        subject: message.Subject,
        contentType: "application/json",
        properties: message.Properties.ToDictionary(pair => pair.Key, object (pair) => pair.Value),
        lockTokenGuid: message.LockToken,
        deliveryCount: message.DeliveryCount,
        lockedUntil: message.LockedUntil,
        sequenceNumber: message.SequenceNumber,
        enqueuedTime: message.EnqueuedAt);

    /// <summary>What the trigger tells about the message, under the names that the Functions host uses.</summary>
    public static Dictionary<string, object?> Data(ServiceBusReceivedMessage message) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["MessageId"] = message.MessageId,
        ["DeliveryCount"] = message.DeliveryCount.ToString(CultureInfo.InvariantCulture),
        ["SequenceNumber"] = message.SequenceNumber.ToString(CultureInfo.InvariantCulture),
        ["EnqueuedTimeUtc"] = message.EnqueuedTime.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["LockToken"] = message.LockToken,
        ["Subject"] = message.Subject,
        ["ApplicationProperties"] = JsonSerializer.Serialize(message.ApplicationProperties, AdvisorJson.Options),
    };

    /// <summary>The trace that sent the message, when it says so.</summary>
    public static string? TraceParent(LockedMessage message) =>
        message.Properties.TryGetValue("traceparent", out var parent) || message.Properties.TryGetValue("Diagnostic-Id", out parent) ? parent : null;

    /// <summary>Whose the message is; nobody's are those of one tenant without a name.</summary>
    public static string Tenant(LockedMessage message) => message.Properties.GetValueOrDefault("tenant", string.Empty);

    private static ParameterBinder? BindMessage(ParameterInfo parameter, TriggerBindingAttribute trigger)
    {
        var type = parameter.ParameterType;
        if (type == typeof(ServiceBusReceivedMessage))
        {
            return (_, delivery) => ((Delivery)delivery).Message;
        }

        if (type == typeof(string))
        {
            return (_, delivery) => Body(delivery).ToString();
        }

        if (type == typeof(BinaryData))
        {
            return (_, delivery) => Body(delivery);
        }

        if (type == typeof(byte[]))
        {
            return (_, delivery) => Body(delivery).ToArray();
        }

        return (_, delivery) => JsonSerializer.Deserialize(Body(delivery).ToMemory().Span, type, AdvisorJson.Options);
    }

    private static ParameterBinder? BindActions(ParameterInfo parameter, TriggerBindingAttribute trigger) =>
        parameter.ParameterType == typeof(ServiceBusMessageActions) ? (_, delivery) => ((Delivery)delivery).Actions : null;

    private static BinaryData Body(object delivery) => ((Delivery)delivery).Message.Body;
}
