namespace DurableTask.Core
{
    /// <summary>The core library's form of a failure; the retry policy's predicate is called with it.</summary>
    public class FailureDetails
    {
        public FailureDetails(
            string errorType,
            string errorMessage,
            string? stackTrace,
            FailureDetails? innerFailure,
            bool isNonRetriable,
            IDictionary<string, object?>? properties = null)
        {
            ErrorType = errorType;
            ErrorMessage = errorMessage;
            StackTrace = stackTrace;
            InnerFailure = innerFailure;
            IsNonRetriable = isNonRetriable;
            Properties = properties;
        }

        public string ErrorType { get; }

        public string ErrorMessage { get; }

        public string? StackTrace { get; }

        public FailureDetails? InnerFailure { get; }

        public bool IsNonRetriable { get; }

        public IDictionary<string, object?>? Properties { get; }
    }
}

namespace DurableTask.Core.Exceptions
{
    public class OrchestrationException : Exception
    {
        public OrchestrationException(string message)
            : base(message)
        {
        }

        public FailureDetails? FailureDetails { get; set; }
    }

    public class TaskFailedException : OrchestrationException
    {
        public TaskFailedException(string reason)
            : base(reason)
        {
        }
    }

    /// <summary>A start was refused because an instance of that id exists in a status that refuses it.</summary>
    public class OrchestrationAlreadyExistsException : InvalidOperationException
    {
        public OrchestrationAlreadyExistsException(string message)
            : base(message)
        {
        }
    }
}
