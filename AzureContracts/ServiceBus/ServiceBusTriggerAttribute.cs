using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for each message of a queue.</summary>
public sealed class ServiceBusTriggerAttribute : TriggerBindingAttribute
{
    /// <param name="queueName">The queue, or <c>%Setting%</c> that names it.</param>
    public ServiceBusTriggerAttribute(string queueName) => QueueName = queueName;

    /// <summary>Name of the setting, or prefix of the settings, that say where the namespace is.</summary>
    public string? Connection { get; set; }

    public string? QueueName { get; }

    /// <summary>Whether the host settles a message after its function returned; where it is not set, host.json decides.</summary>
    public bool AutoCompleteMessages { get; set; }
}
