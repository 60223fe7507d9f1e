using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Resilience;
using Advisor.Tests.Kernel.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Tests.Kernel.Resilience;

/// <summary>Takes the records and the bus away at a call that the test names, until it gives them back.</summary>
/// <remarks>Calls are named <c>find ingestions</c>, <c>send ingestion-queue</c>.</remarks>
internal sealed class Outage
{
    private readonly Lock _gate = new();
    private string? _at;
    private string? _lost;
    private bool _out;
    private TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Refused { get; private set; }

    public void Register(IServiceCollection services) => services
        .ReplaceInner<IRecordStore>(inner => new AroundRecords(inner, PassAsync, ReturnAsync))
        .ReplaceInner<IMessageBus>(inner => new Bus(inner, this));

    /// <summary>Ends the present outage, and begins the next at a call; completes when that one has begun.</summary>
    public Task BeginAt(string call)
    {
        lock (_gate)
        {
            (_at, _out) = (call, false);
            _began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _began.Task;
        }
    }

    /// <summary>Carries out the next such write and then reports it as failed, as a connection does that breaks on the way back.</summary>
    public void LoseTheAnswerOf(string call)
    {
        lock (_gate)
        {
            _lost = call;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            (_at, _out) = (null, false);
        }
    }

    private Task PassAsync(string call)
    {
        lock (_gate)
        {
            if (_at is not null && call.StartsWith(_at, StringComparison.Ordinal))
            {
                _out = true;
            }

            if (!_out)
            {
                return Task.CompletedTask;
            }

            Refused++;
            _began.TrySetResult();
        }

        throw new IOException("The disk is gone.");
    }

    private Task ReturnAsync(string call)
    {
        lock (_gate)
        {
            if (_lost != call)
            {
                return Task.CompletedTask;
            }

            _lost = null;
        }

        throw new IOException("The answer was lost.");
    }

    private sealed class Bus(IMessageBus inner, Outage outage) : IMessageBus
    {
        public async Task SendAsync(string queue, BusMessage message, CancellationToken cancellationToken)
        {
            await outage.PassAsync($"send {queue}");
            await inner.SendAsync(queue, message, cancellationToken);
        }

        public async Task SendAsync(string queue, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken)
        {
            await outage.PassAsync($"send {queue}");
            await inner.SendAsync(queue, messages, cancellationToken);
        }
    }
}
