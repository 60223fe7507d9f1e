using System.Diagnostics;
using Advisor.Kernel.Telemetry;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Advisor.Kernel.Resilience;

/// <summary>The last fault of a dependency's calls.</summary>
/// <param name="Kind">The exception's type.</param>
public sealed record DependencyError(string Kind, DateTimeOffset At);

/// <summary>One thing outside the product's code that can fail: every call of it goes through here. Safe for threads.</summary>
/// <remarks>
/// From the outside in: background work waits while the circuit is open; a bounded number of calls at once; retries; the circuit; the time
/// of an attempt. Only <see cref="TransientFaults"/> are repeated and counted; everything else passes as it is, at once.
/// </remarks>
public sealed partial class Dependency : IDisposable
{
    private readonly DependencyOptions _options;
    private readonly TimeSpan _patience;
    private readonly AdvisorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly Circuit? _circuit;
    private readonly SemaphoreSlim _places;
    /// <summary>
    /// How often background work whose attempts have all failed tries again while the circuit stays closed: often enough for an outage to
    /// show, and an end for the one thing that always fails where everything else answers.
    /// </summary>
    private const int RoundsBeforeOpening = 5;

    private readonly ResiliencePipeline _pipeline;
    private volatile DependencyError? _lastError;

    /// <param name="breaks">False where what is called differs from call to call, so that one's failing says nothing of the next.</param>
    /// <param name="stopping">Ends the waiting of background work.</param>
    internal Dependency(
        string name, DependencyOptions options, TimeSpan patience, bool breaks, AdvisorMetrics metrics, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        Name = name;
        (_options, _patience, _metrics, _time, _logger, _stopping) = (options, patience, metrics, time, logger, stopping);
        _circuit = breaks ? new Circuit(time) : null;
        _places = new SemaphoreSlim(options.MaxConcurrency);
        _pipeline = Build();
    }

    public string Name { get; }

    /// <summary>Null where there is no circuit.</summary>
    public CircuitStatus? Circuit => _circuit?.Status;

    /// <summary>Null while no call has failed.</summary>
    public DependencyError? LastError => _lastError;

    /// <summary>Keeps a fault that a probe met.</summary>
    internal void Note(Exception fault) => _lastError = new DependencyError(fault.GetType().Name, _time.GetUtcNow());

    /// <summary>Makes a call. It may be made several times, so its effect must not depend on how often.</summary>
    /// <param name="operation">A word for spans and metrics: <c>find</c>.</param>
    /// <param name="target">The container or queue; null where there is none. Never an id of personal kind.</param>
    /// <param name="state">Handed to <paramref name="call"/>, so that it need not capture anything.</param>
    /// <exception cref="DependencyUnavailableException">
    /// The circuit is open, no place became free, or all attempts failed. For background work the first only after its patience is at an end.
    /// </exception>
    public async ValueTask<TResult> CallAsync<TState, TResult>(
        string operation, string? target, TState state, Func<TState, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken)
    {
        using var span = StartSpan(operation, target);
        var started = _time.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = BackgroundWork.IsCurrent
                ? await PatientAsync(state, call, started, cancellationToken)
                : await OnceAsync(state, call, mayWait: false, cancellationToken);
            outcome = "ok";
            return result;
        }
        catch (Exception fault) when (!TransientFaults.Is(fault) && fault is not DependencyUnavailableException)
        {
            // An expected outcome, the caller's cancellation, or a bug: the dependency did answer.
            outcome = "ok";
            throw;
        }
        catch (Exception fault)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", fault.GetType().FullName);
            throw;
        }
        finally
        {
            _metrics.DependencyCalled(Name, operation, outcome, _time.GetElapsedTime(started));
        }
    }

    public void Dispose() => _places.Dispose();

    private async ValueTask<TResult> PatientAsync<TState, TResult>(
        TState state, Func<TState, CancellationToken, ValueTask<TResult>> call, long started, CancellationToken cancellationToken)
    {
        for (var failed = 1; ; failed++)
        {
            var changed = _circuit?.NextChange;
            try
            {
                return await OnceAsync(state, call, mayWait: true, cancellationToken);
            }
            catch (DependencyUnavailableException) when (_circuit is not null && _time.GetElapsedTime(started) < _patience
                && (_circuit.Status != CircuitStatus.Closed || failed <= RoundsBeforeOpening))
            {
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
                if (_circuit.Status == CircuitStatus.Closed)
                {
                    // The first to meet an outage come here before the circuit knows of it; their attempts must not be burnt either.
                    await Task.Delay(_options.BreakDuration, _time, ended.Token);
                }
                else
                {
                    await _circuit.WaitAsync(changed!, _patience - _time.GetElapsedTime(started), ended.Token);
                }
            }
        }
    }

    private async ValueTask<TResult> OnceAsync<TState, TResult>(
        TState state, Func<TState, CancellationToken, ValueTask<TResult>> call, bool mayWait, CancellationToken cancellationToken)
    {
        if (!_places.Wait(0, CancellationToken.None)
            && !await _places.WaitAsync(mayWait && _patience > TimeSpan.Zero ? Timeout.InfiniteTimeSpan : _options.QueueTimeout, cancellationToken))
        {
            throw new DependencyUnavailableException(Name, TimeSpan.Zero);
        }

        try
        {
            return await _pipeline.ExecuteAsync(static (item, token) => item.Call(item.State, token), (State: state, Call: call), cancellationToken);
        }
        catch (BrokenCircuitException refused)
        {
            throw new DependencyUnavailableException(Name, _circuit!.Remaining, refused.InnerException);
        }
        catch (Exception fault) when (TransientFaults.Is(fault))
        {
            throw new DependencyUnavailableException(Name, _circuit?.Remaining ?? TimeSpan.Zero, fault);
        }
        finally
        {
            _places.Release();
        }
    }

    private Activity? StartSpan(string operation, string? target)
    {
        if (!Spans.Source.HasListeners() || Spans.Source.StartActivity(target is null ? $"{Name} {operation}" : $"{Name} {operation} {target}", ActivityKind.Client) is not { } span)
        {
            return null;
        }

        return Name is Dependencies.LanguageModel or Dependencies.PageReading ? span : Name == Dependencies.Messages
            ? span.SetTag("messaging.operation.name", operation).SetTag("messaging.destination.name", target)
            : span.SetTag("db.operation.name", operation).SetTag("db.collection.name", target).SetTag("db.system.name", Name);
    }

    private ResiliencePipeline Build()
    {
        var builder = new ResiliencePipelineBuilder { Name = Name, TimeProvider = _time };
        if (_options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = _options.MaxRetries,
                Delay = _options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Exception is { } fault && TransientFaults.Is(fault)),
            });
        }

        if (_circuit is not null)
        {
            builder.AddCircuitBreaker(_circuit.Breaker(_options, length => Log.Opened(_logger, Name, length.TotalSeconds), () => Log.Closed(_logger, Name)));
        }

        return builder
            .AddStrategy(_ => new FaultRecorder(this), new FaultRecorderOptions())
            .AddTimeout(new TimeoutStrategyOptions { Timeout = _options.AttemptTimeout })
            .Build();
    }

    /// <summary>Remembers each attempt's fault, those that a retry makes good included.</summary>
    private sealed class FaultRecorder(Dependency dependency) : ResilienceStrategy
    {
        protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
        {
            var outcome = await callback(context, state);
            if (outcome.Exception is { } fault && TransientFaults.Is(fault))
            {
                dependency._lastError = new DependencyError(fault.GetType().Name, dependency._time.GetUtcNow());
            }

            return outcome;
        }
    }

    private sealed class FaultRecorderOptions : ResilienceStrategyOptions;

    private static partial class Log
    {
        [LoggerMessage(EventId = 130, Level = LogLevel.Error, Message = "The circuit of {Dependency} opened for {Seconds} s: too many of its calls fail")]
        public static partial void Opened(ILogger logger, string dependency, double seconds);

        [LoggerMessage(EventId = 131, Level = LogLevel.Information, Message = "The circuit of {Dependency} closed: it answers again")]
        public static partial void Closed(ILogger logger, string dependency);
    }
}
