using System.Reflection;
using Advisor.Embedded.Durable;
using Advisor.Embedded.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Advisor.Embedded.Triggers;

/// <summary>Brings the messages of the queues to their functions: a pump for each function, several messages at once.</summary>
/// <remarks>
/// Tenants take turns, and none has a queue's last place. For the rest as with Service Bus: the message stays locked, and its lock is renewed, while the function runs; it is completed when the function
/// returns, and abandoned when it throws, until the queue has delivered it too often and dead-letters it. A stop takes no more messages.
/// </remarks>
internal sealed partial class QueueTriggers(
    FunctionCatalog catalog, SqliteQueues queues, FunctionRunner runner, HostSettings settings, HostStopping stopping, SuspectTurns suspects, TimeProvider time, ILogger<QueueTriggers> logger)
    : IHostedService
{
    private static readonly TimeSpan WaitAfterFault = TimeSpan.FromSeconds(1);

    private Task _work = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var functions = catalog.With<ServiceBusTriggerAttribute>().Select(found => (found.Function, Queue: settings.Resolve(found.Trigger.QueueName
            ?? throw new InvalidOperationException($"The function '{found.Function.Name}' reads a topic; the embedded host has queues only.")))).ToList();
        _work = Task.Run(() => WorkAsync(functions), CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _work.WaitAsync(cancellationToken);

    private async Task WorkAsync(IReadOnlyList<(FunctionMethod Function, string Queue)> functions)
    {
        List<Task> slow = [];
        try
        {
            await suspects.EngineTried.WaitAsync(stopping.Requested);
            foreach (var (queue, sequence) in queues.Interrupted)
            {
                if (functions.FirstOrDefault(function => function.Queue == queue) is { Function: { } function })
                {
                    await TryAsync(function, queue, sequence, slow);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.Requested.IsCancellationRequested)
        {
            // The pumps see it too.
        }
        finally
        {
            suspects.EndMessages();
        }

        await Task.WhenAll([.. slow, .. functions.Select(found => Task.Run(() => PumpAsync(found.Function, found.Queue)))]);
    }

    /// <summary>Handles a message that was in hand when the last process died, alone for its time, so that another death is counted against it and no other.</summary>
    /// <param name="slow">Gets the work where it did not end though it was told to.</param>
    private async Task TryAsync(FunctionMethod function, string queue, long sequence, List<Task> slow)
    {
        stopping.Requested.ThrowIfCancellationRequested();
        if (await GuardedAsync(queue, () => queues.ReceiveAsync(queue, sequence)) is not { } message)
        {
            return;
        }

        // Not disposed of: what does not end in its time goes on under it, and is still to hear of a stop.
        var cut = CancellationTokenSource.CreateLinkedTokenSource(stopping.Overdue);
        var token = cut.Token;
        var run = Task.Run(() => HandleAsync(function, message, AutoCompletes(function), token), CancellationToken.None);
        var alone = suspects.After(message.DeliveryCount - 1);
        if (await SuspectTurns.EndsAsync(run, alone, time, stopping.Requested))
        {
            return;
        }

        if (!stopping.Requested.IsCancellationRequested)
        {
            await cut.CancelAsync();
        }

        if (!await SuspectTurns.EndsAsync(run, alone, time, stopping.Requested))
        {
            slow.Add(run);
        }
    }

    private async Task PumpAsync(FunctionMethod function, string queue)
    {
        var calls = settings.MaxConcurrentCalls;
        var autoComplete = AutoCompletes(function);
        var places = new TenantPlaces(calls);
        using var free = new SemaphoreSlim(calls);
        while (!stopping.Requested.IsCancellationRequested)
        {
            await free.WaitAsync(CancellationToken.None);
            if (await GuardedAsync(queue, () => queues.ReceiveAsync(queue, () => places.Full, stopping.Requested)) is not { } message)
            {
                free.Release();
                continue;
            }

            var tenant = QueueBinding.Tenant(message);
            places.Take(tenant);
            _ = Task.Run(
                async () =>
                {
                    try
                    {
                        await HandleAsync(function, message, autoComplete, stopping.Overdue);
                    }
                    finally
                    {
                        if (places.Return(tenant))
                        {
                            queues.LookAgain(queue);
                        }

                        free.Release();
                    }
                },
                CancellationToken.None);
        }

        for (var i = 0; i < calls; i++)
        {
            await free.WaitAsync(CancellationToken.None);
        }
    }

    private async Task<LockedMessage?> GuardedAsync(string queue, Func<Task<LockedMessage?>> receive)
    {
        try
        {
            return await receive();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogReceiveFailed(fault, queue);
            await Task.Delay(WaitAfterFault, time, stopping.Requested).ContinueWith(_ => { }, TaskScheduler.Default);
            return null;
        }
    }

    /// <param name="cut">The function must end now; its message goes back.</param>
    private async Task HandleAsync(FunctionMethod function, LockedMessage message, bool autoComplete, CancellationToken cut)
    {
        var actions = new QueueMessageActions(queues, message);
        var received = QueueBinding.Received(message);
        using var finished = new CancellationTokenSource();
        var renewal = RenewAsync(message, finished.Token);
        var succeeded = false;
        try
        {
            await runner.RunAsync(
                function, new Delivery(received, actions), QueueBinding.Data(received), QueueBinding.TraceParent(message), cut);
            succeeded = true;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogFailed(fault, function.Name, message.MessageId, message.DeliveryCount);
        }

        await finished.CancelAsync();
        await renewal;
        if (!actions.IsSettled)
        {
            await SettleAsync(message, succeeded, autoComplete);
        }
    }

    private async Task SettleAsync(LockedMessage message, bool succeeded, bool autoComplete)
    {
        try
        {
            if (!succeeded)
            {
                await queues.AbandonAsync(message.Queue, message.LockToken);
            }
            else if (autoComplete)
            {
                await queues.CompleteAsync(message.Queue, message.LockToken);
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The lock ends by itself, and the message comes again: at least once is what a queue promises.
            LogNotSettled(fault, message.MessageId, message.Queue);
        }
    }

    private async Task RenewAsync(LockedMessage message, CancellationToken finished)
    {
        var began = time.GetTimestamp();
        var (asked, half) = (began, queues.LockDuration(message.Queue) / 2);
        try
        {
            while (true)
            {
                // By the clock that the lock goes by too: that of the wall can be set meanwhile.
                var pause = half - time.GetElapsedTime(asked);
                if (time.GetElapsedTime(began) + pause >= settings.MaxAutoLockRenewalDuration)
                {
                    return;
                }

                await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, finished);
                asked = time.GetTimestamp();
                await queues.RenewLockAsync(message.Queue, message.LockToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The function has ended.
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            if (!finished.IsCancellationRequested)
            {
                LogNotRenewed(fault, message.MessageId, message.Queue);
            }
        }
    }

    /// <summary>What the attribute says where it says anything, which its value alone cannot tell; else host.json.</summary>
    private bool AutoCompletes(FunctionMethod function) => function.TriggerParameter.GetCustomAttributesData()
        .Where(data => data.AttributeType == typeof(ServiceBusTriggerAttribute))
        .SelectMany(data => data.NamedArguments)
        .Where(argument => argument.MemberName == nameof(ServiceBusTriggerAttribute.AutoCompleteMessages))
        .Select(argument => (bool?)argument.TypedValue.Value)
        .FirstOrDefault() ?? settings.AutoCompleteMessages;

    [LoggerMessage(9011, LogLevel.Warning, "The function {Function} failed on the message {MessageId} (delivery {Delivery}); the message goes back to its queue")]
    private partial void LogFailed(Exception fault, string function, string messageId, int delivery);

    [LoggerMessage(9012, LogLevel.Warning, "The message {MessageId} of {Queue} could not be settled and will come again")]
    private partial void LogNotSettled(Exception fault, string messageId, string queue);

    [LoggerMessage(9013, LogLevel.Warning, "The lock on the message {MessageId} of {Queue} could not be renewed; it may be delivered again meanwhile")]
    private partial void LogNotRenewed(Exception fault, string messageId, string queue);

    [LoggerMessage(9014, LogLevel.Error, "No message could be received from {Queue}")]
    private partial void LogReceiveFailed(Exception fault, string queue);
}
