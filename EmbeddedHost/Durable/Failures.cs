using System.Text.Json;
using Advisor.Kernel.Http;
using Microsoft.DurableTask;
using CoreFailureDetails = DurableTask.Core.FailureDetails;
using CoreTaskFailedException = DurableTask.Core.Exceptions.TaskFailedException;

namespace Advisor.Embedded.Durable;

/// <summary>Failures as they are journaled and passed from child to parent.</summary>
internal static class Failures
{
    /// <summary>Error types of failures that no retry can mend.</summary>
    public const string ActivityNotFound = "ActivityTaskNotFound";

    /// <inheritdoc cref="ActivityNotFound"/>
    public const string OrchestratorNotFound = "OrchestratorTaskNotFound";

    /// <inheritdoc cref="ActivityNotFound"/>
    public const string Poisoned = "PoisonedTask";

    /// <summary>The failure of an instance of which something stored is not as it was written.</summary>
    public const string Damaged = "DamagedInstance";

    /// <summary>The failure of an instance whose version this build does not run.</summary>
    public const string VersionMismatch = "VersionMismatch";

    /// <summary>The failure of a child that was terminated.</summary>
    public const string ChildTerminated = "OrchestrationTerminated";

    /// <summary>The failure of a call whose instance id belongs to a running orchestration.</summary>
    public const string InstanceExists = "OrchestrationAlreadyExists";

    /// <summary>Whether trying the same call again cannot help.</summary>
    public static bool IsPermanent(TaskFailureDetails failure) =>
        failure.ErrorType is ActivityNotFound or OrchestratorNotFound or Poisoned;

    public static TaskFailureDetails Of(string type, string message) => new(type, message, null, null, null);

    /// <summary>What is said of a function that the host does not have.</summary>
    public static string NotFound(string kind, string name, string version) => string.IsNullOrEmpty(version)
        ? $"No {kind} task named '{name}' was found."
        : $"No {kind} task named '{name}' with version '{version}' was found.";

    /// <summary>The failure as details. A failed call that was not caught keeps the details of what failed there, to any depth.</summary>
    /// <remarks>Wrapped in another exception it keeps its text alone: the worker follows exceptions there, not details, and so does the engine.</remarks>
    public static TaskFailureDetails From(Exception exception) => new(
        exception.GetType().FullName!,
        exception.Message,
        exception.StackTrace,
        exception is TaskFailedException failed ? failed.FailureDetails : Inner(exception),
        null);

    private static TaskFailureDetails? Inner(Exception outer) => outer.InnerException is not { } inner ? null : new(
        inner.GetType().FullName!,
        inner is CoreTaskFailedException ? outer.Message : inner.Message,
        inner.StackTrace,
        Inner(inner),
        null);

    public static string ToJson(TaskFailureDetails failure) => JsonSerializer.Serialize(failure, AdvisorJson.Options);

    public static TaskFailureDetails FromJson(string json) => JsonSerializer.Deserialize<TaskFailureDetails>(json, AdvisorJson.Options)!;

    /// <summary>The form in which a retry policy's predicate expects a failure.</summary>
    public static CoreTaskFailedException ToCoreException(TaskFailureDetails failure) =>
        new(failure.ErrorMessage) { FailureDetails = ToCore(failure) };

    private static CoreFailureDetails ToCore(TaskFailureDetails failure) => new(
        failure.ErrorType,
        failure.ErrorMessage,
        failure.StackTrace,
        failure.InnerFailure is { } inner ? ToCore(inner) : null,
        false,
        failure.Properties);
}
