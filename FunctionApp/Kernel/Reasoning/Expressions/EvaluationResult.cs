namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>What evaluation gives: a value with what it stands on, or why there is none.</summary>
public abstract record EvaluationResult
{
    private EvaluationResult()
    {
    }

    /// <param name="FactIds">Ids of the cited facts, aliases resolved, each once, in order of first appearance.</param>
    /// <param name="Constants">Names of the cited constants.</param>
    public sealed record Evaluated(ExpressionValue Value, IReadOnlyList<string> FactIds, IReadOnlyList<string> Constants) : EvaluationResult;

    public sealed record Failed(ExpressionError Error) : EvaluationResult;
}
