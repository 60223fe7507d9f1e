namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>A value or an error while an evaluation is under way; exactly one of the two is there.</summary>
internal readonly record struct Outcome(ExpressionValue? Value, ExpressionError? Error)
{
    public static implicit operator Outcome(ExpressionValue value) => new(value, null);

    public static implicit operator Outcome(ExpressionError error) => new(null, error);
}
