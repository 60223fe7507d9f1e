using CoreFailureDetails = DurableTask.Core.FailureDetails;
using CoreOrchestrationException = DurableTask.Core.Exceptions.OrchestrationException;

namespace Microsoft.DurableTask;

/// <summary>An activity or sub-orchestration failed; thrown where an orchestrator awaits it.</summary>
public sealed class TaskFailedException : Exception
{
    /// <param name="innerException">The core library's exception, whose details become this one's.</param>
    public TaskFailedException(string taskName, int taskId, Exception innerException)
        : base($"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {DetailsOf(innerException).ErrorMessage}", innerException)
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = DetailsOf(innerException);
    }

    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : base($"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {failureDetails.ErrorMessage}")
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails;
    }

    public string TaskName { get; }

    /// <summary>The sequence number of the call within its orchestration, from 0.</summary>
    public int TaskId { get; }

    public TaskFailureDetails FailureDetails { get; }

    private static TaskFailureDetails DetailsOf(Exception exception) => exception is CoreOrchestrationException { FailureDetails: { } details }
        ? TaskFailureDetails.FromCore(details)
        : new(exception.GetType().ToString(), exception.Message, exception.StackTrace, null, null);
}

/// <summary>A failure as it is stored and passed on: names and texts instead of an exception object.</summary>
/// <param name="ErrorType">The full name of the exception's type.</param>
public record TaskFailureDetails(
    string ErrorType, string ErrorMessage, string? StackTrace, TaskFailureDetails? InnerFailure, IDictionary<string, object?>? Properties)
{
    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    /// <summary>Whether this failure's exception type is <typeparamref name="T"/> or derives from it. Inner failures are not looked at.</summary>
    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T));

    /// <inheritdoc cref="IsCausedBy{T}"/>
    /// <exception cref="ArgumentException">The type is not an exception type.</exception>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
        {
            throw new ArgumentException($"{targetBaseExceptionType} is not an exception type.", nameof(targetBaseExceptionType));
        }

        return targetBaseExceptionType.IsAssignableFrom(FindType(targetBaseExceptionType));
    }

    internal static TaskFailureDetails FromCore(CoreFailureDetails details) => new(
        details.ErrorType,
        details.ErrorMessage,
        details.StackTrace,
        details.InnerFailure is { } inner ? FromCore(inner) : null,
        details.Properties);

    private Type? FindType(Type target) => string.IsNullOrEmpty(ErrorType)
        ? null
        : Type.GetType(ErrorType, throwOnError: false)
            ?? target.Assembly.GetType(ErrorType, throwOnError: false)
            ?? AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(ErrorType, throwOnError: false)).FirstOrDefault(type => type is not null);
}
