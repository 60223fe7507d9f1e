using System.Collections.Concurrent;
using System.Text;
using Advisor.Embedded;
using Advisor.Embedded.Durable;
using Advisor.Embedded.ServiceBus;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Messaging;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>A host with a queue of long messages, one of which takes the process down.</summary>
internal static class PoisonedHost
{
    public const int MaxDeliveryCount = 3;
    private const string Queue = "risky";
    private const string Deadly = "deadly";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <returns>The dead letters with their reasons, then what was handled to its end.</returns>
    public static async Task<IEnumerable<string>> RunAsync(string folder, TimeSpan headStart, TimeSpan taking, int innocents)
    {
        var work = new RiskyWork(taking, innocents);
        var first = !File.Exists(new DataFolder(folder).Queues);
        await using var host = await AdvisorHost.StartAsync(
            new AdvisorHostOptions
            {
                DataFolder = folder,
                Url = "http://127.0.0.1:0",
                LogToConsole = false,
                FunctionTypes = [typeof(RiskyQueue)],
                ConfigureWorker = _ => { },
                ConfigureServices = services => services
                    .AddSingleton(work)
                    .AddSingleton(provider => new SqliteQueues(
                        provider.GetRequiredKeyedService<SqliteDatabase>(new DataFolder(folder).Queues), TimeProvider.System, _ => new QueueOptions { MaxDeliveryCount = MaxDeliveryCount }))
                    .AddSingleton(provider => new SuspectTurns(provider.GetRequiredService<SqliteQueues>().Interrupted.Count, headStart)),
            },
            Cancel);
        var queues = host.Services.GetRequiredService<SqliteQueues>();
        if (first)
        {
            await queues.SendAsync(Queue, [.. Enumerable.Range(1, innocents).Select(i => Message($"innocent{i}")), Message(Deadly)], Cancel);
        }

        await work.AllHandled.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        return [.. queues.PeekDeadLetters(Queue).Select(letter => $"{letter.MessageId} {letter.Reason}"), .. work.Handled.Order(StringComparer.Ordinal)];
    }

    private static BusMessage Message(string id) => new(id, Encoding.UTF8.GetBytes(id), "test", new Dictionary<string, string>());

    internal sealed class RiskyWork(TimeSpan taking, int innocents)
    {
        private readonly TaskCompletionSource _allBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private int _begun;

        public ConcurrentQueue<string> Handled { get; } = new();

        public Task AllHandled => _all.Task;

        public async Task HandleAsync(string id, int delivery, CancellationToken cancellationToken)
        {
            if (id == Deadly)
            {
                if (delivery == 1)
                {
                    await _allBegun.Task.WaitAsync(cancellationToken);
                }

                PoisonKilledTests.Die(0);
            }

            if (Interlocked.Increment(ref _begun) == innocents)
            {
                _allBegun.SetResult();
            }

            await Task.Delay(taking, cancellationToken);
            Handled.Enqueue(id);
            if (Handled.Count == innocents)
            {
                _all.SetResult();
            }
        }
    }

    /// <summary>Its messages say by their id what shall happen.</summary>
    public sealed class RiskyQueue(RiskyWork work)
    {
        [Function("Risky")]
        public Task RunAsync([ServiceBusTrigger(Queue)] ServiceBusReceivedMessage message, CancellationToken cancellationToken) =>
            work.HandleAsync(message.MessageId, message.DeliveryCount, cancellationToken);
    }
}
