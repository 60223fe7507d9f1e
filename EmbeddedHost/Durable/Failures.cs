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

    /// <summary>The failure of a child that was terminated.</summary>
    public const string ChildTerminated = "OrchestrationTerminated";

    /// <summary>The failure of a call whose instance id belongs to a running orchestration.</summary>
    public const string InstanceExists = "OrchestrationAlreadyExists";

    /// <summary>Whether trying the same call again cannot help.</summary>
    public static bool IsPermanent(TaskFailureDetails failure) =>
        failure.ErrorType is ActivityNotFound or OrchestratorNotFound or Poisoned;

    public static TaskFailureDetails Of(string type, string message) => new(type, message, null, null, null);

    /// <summary>The failure as details; a failed call inside keeps the details of what failed there, to any depth.</summary>
    public static TaskFailureDetails From(Exception exception) => new(
        exception.GetType().ToString(),
        exception.Message,
        exception.StackTrace,
        exception switch
        {
            TaskFailedException failed => failed.FailureDetails,
            { InnerException: { } inner } => From(inner),
            _ => null,
        },
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
