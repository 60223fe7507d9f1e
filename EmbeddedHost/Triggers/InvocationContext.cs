using System.Collections;
using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Embedded.Triggers;

/// <summary>The context of one invocation on this host.</summary>
internal sealed class InvocationContext : FunctionContext
{
    private readonly FunctionMethod _function;

    /// <param name="function">The function to run.</param>
    /// <param name="trigger">What made it run, as its trigger's binders expect it.</param>
    /// <param name="bindingData">What the trigger tells about itself.</param>
    /// <param name="services">The invocation's own scope.</param>
    /// <param name="traceParent">W3C trace context of what caused it; null means the current activity.</param>
    public InvocationContext(
        FunctionMethod function,
        object trigger,
        IReadOnlyDictionary<string, object?> bindingData,
        IServiceProvider services,
        CancellationToken cancellationToken,
        string? traceParent = null)
    {
        _function = function;
        InstanceServices = services;
        CancellationToken = cancellationToken;
        BindingContext = new TriggerData(bindingData);
        TraceContext = traceParent is null ? new W3CTrace(Activity.Current?.Id, Activity.Current?.TraceStateString) : new W3CTrace(traceParent, null);
        Features.Set(new InvocationState(function, trigger));
    }

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => _function.Id;

    public override TraceContext TraceContext { get; }

    public override BindingContext BindingContext { get; }

    public override RetryContext RetryContext { get; } = new FirstAttempt();

    public override IServiceProvider InstanceServices { get; set; }

    public override FunctionDefinition FunctionDefinition => _function;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new FeatureMap();

    public override CancellationToken CancellationToken { get; }

    private sealed class TriggerData(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => data;
    }

    private sealed class W3CTrace(string? parent, string? state) : TraceContext
    {
        public override string TraceParent { get; } = parent ?? string.Empty;

        public override string TraceState { get; } = state ?? string.Empty;
    }

    /// <summary>This host never retries a function by itself: queues and the durable engine do, and count their own attempts.</summary>
    private sealed class FirstAttempt : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }

    private sealed class FeatureMap : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public void Set<T>(T instance) => _features[typeof(T)] = instance ?? throw new ArgumentNullException(nameof(instance));

        public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>What the innermost step of the pipeline needs, kept as a feature so that a middleware may wrap the context.</summary>
internal sealed class InvocationState(FunctionMethod function, object trigger)
{
    public FunctionMethod Function { get; } = function;

    public object Trigger { get; } = trigger;

    /// <summary>What the method returned; null before it ran and where it returns nothing.</summary>
    public object? Result { get; set; }
}
