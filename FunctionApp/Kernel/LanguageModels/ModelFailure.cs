using System.Text.Json.Serialization;

namespace Advisor.Kernel.LanguageModels;

/// <summary>Why there is no answer. Every one means the same to a workflow: go on with the built-in analyst, and say so.</summary>
/// <param name="Code">One of the constants here; stable.</param>
/// <param name="Detail">For operators: what happened and what to look at. Holds neither document text nor keys.</param>
public sealed record ModelFailure(string Code, string Detail)
{
    /// <summary>No model is configured. Nothing was asked and nothing is recorded.</summary>
    public const string NoModel = "no_model";

    /// <summary>A limit of tokens or dollars, of the run or of the tenant's day, leaves no room for the call's worst case.</summary>
    public const string BudgetExceeded = "budget_exceeded";

    /// <summary>The server is not reached, fails, refuses the key, or its circuit is open.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The server wants a longer pause than there is time for.</summary>
    public const string RateLimited = "rate_limited";

    public const string TimedOut = "timed_out";

    /// <summary>The model declined.</summary>
    public const string Refused = "refused";

    /// <summary>The server's content filter stopped the prompt or the answer.</summary>
    public const string ContentFiltered = "content_filtered";

    /// <summary>The answer ended before its end: at the limit of its tokens, or with its connection.</summary>
    public const string CutOff = "cut_off";

    /// <summary>The answer has more bytes than are read.</summary>
    public const string TooLong = "too_long";

    /// <summary>The answer is not the JSON that was asked for.</summary>
    public const string InvalidAnswer = "invalid_answer";

    /// <summary>The model tried to call a tool. It is offered none.</summary>
    public const string ToolCall = "tool_call";

    /// <summary>The prompt has, by an estimate from above, more tokens than a call may have.</summary>
    public const string PromptTooLong = "prompt_too_long";

    /// <summary>Asking ended in a fault of the product itself, which the log has. Nothing is recorded; it may have been paid for.</summary>
    public const string NotRecorded = "not_recorded";

    /// <summary>All codes.</summary>
    [JsonIgnore]
    public static IReadOnlyList<string> Codes { get; } =
        [NoModel, BudgetExceeded, Unavailable, RateLimited, TimedOut, Refused, ContentFiltered, CutOff, TooLong, InvalidAnswer, ToolCall, PromptTooLong, NotRecorded];
}

/// <summary>A server's answer that is none. It answered, so it says nothing of the server's health.</summary>
/// <param name="answer">What came with it, where something did: its tokens were paid for.</param>
public sealed class ModelException(ModelFailure failure, ModelAnswer? answer = null, Exception? cause = null) : Exception(failure.Detail, cause)
{
    public ModelFailure Failure { get; } = failure;

    public ModelAnswer? Answer { get; } = answer;

    /// <summary>Whether asking again after a pause may help.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The pause that the server asks for.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the model may have worked, and be charged for, though nobody knows for how much.</summary>
    public bool MayHaveCost { get; init; }
}

/// <summary>A server that is not reached, or fails: asking again may help.</summary>
public sealed class ModelServerException(ModelFailure failure, Exception? cause = null) : IOException(failure.Detail, cause)
{
    public ModelFailure Failure { get; } = failure;

    /// <summary>The pause that the server asks for.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the model may have worked, and be charged for, though its answer did not arrive.</summary>
    public bool MayHaveCost { get; init; }
}
