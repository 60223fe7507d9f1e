using System.Diagnostics;
using Advisor.Kernel.Messaging;

namespace Advisor.Kernel.Resilience;

/// <summary>The host's message bus, called through its <see cref="Dependency"/>; it gives every message the trace that sends it.</summary>
internal sealed class ResilientMessageBus(IMessageBus inner, Dependency dependency) : IMessageBus
{
    /// <summary>The application property that carries the W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    public async Task SendAsync(string queue, BusMessage message, CancellationToken cancellationToken) => await dependency.CallAsync(
        "send", queue, (inner, queue, message),
        static async (call, token) =>
        {
            await call.inner.SendAsync(call.queue, Traced(call.message), token);
            return true;
        },
        cancellationToken);

    public async Task SendAsync(string queue, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken) => await dependency.CallAsync(
        "send", queue, (inner, queue, messages),
        static async (call, token) =>
        {
            await call.inner.SendAsync(call.queue, [.. call.messages.Select(Traced)], token);
            return true;
        },
        cancellationToken);

    private static BusMessage Traced(BusMessage message) => Activity.Current?.Id is not { } trace || message.Properties.ContainsKey(TraceParent)
        ? message
        : message with { Properties = new Dictionary<string, string>(message.Properties) { [TraceParent] = trace } };
}
