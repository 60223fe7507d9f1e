using System.Globalization;
using System.Text.Json;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Messaging;

/// <summary>Takes messages of the product's own form (<see cref="TenantMessage"/>) from their queue.</summary>
public static class ReceivedMessages
{
    /// <summary>Dead-letter reason of a message that names no tenant.</summary>
    public const string NoTenant = "no-tenant";

    /// <summary>Dead-letter reason of a message whose body is not what its queue carries.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Does the work that a message asks for. One that cannot be read goes to the dead letters at once and says why.</summary>
    /// <remarks>
    /// Reading the same bytes again would change nothing, so such a message is not delivered ten times first. What the work throws is thrown: the message goes back to its
    /// queue, and after the last delivery the queue itself puts it with the dead letters. The description tells where the body fails and never what it holds.
    /// </remarks>
    public static async Task HandleAsync<T>(
        this ServiceBusReceivedMessage message, ServiceBusMessageActions actions, Func<TenantId, T, Task> work, CancellationToken cancellationToken)
        where T : class
    {
        if (!message.ApplicationProperties.TryGetValue("tenant", out var named) || !TenantId.TryParse(named as string, out var tenant))
        {
            await actions.DeadLetterMessageAsync(message, null, NoTenant, "The application property 'tenant' is missing or no tenant id.", cancellationToken);
            return;
        }

        if (Read<T>(message, out var fault) is not { } body)
        {
            await actions.DeadLetterMessageAsync(message, null, Unreadable, fault, cancellationToken);
            return;
        }

        await work(tenant.Value, body);
    }

    private static T? Read<T>(ServiceBusReceivedMessage message, out string fault)
        where T : class
    {
        try
        {
            fault = $"The body is no {typeof(T).Name}: it is null.";
            return message.Body.ToObjectFromJson<T>(AdvisorJson.Options);
        }
        catch (JsonException unreadable)
        {
            fault = string.Create(
                CultureInfo.InvariantCulture, $"The body is no {typeof(T).Name}: it fails at line {unreadable.LineNumber + 1}, byte {unreadable.BytePositionInLine + 1}.");
            return null;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or NotSupportedException)
        {
            fault = $"The body is no {typeof(T).Name}: a value in it is none that its member takes.";
            return null;
        }
    }
}
