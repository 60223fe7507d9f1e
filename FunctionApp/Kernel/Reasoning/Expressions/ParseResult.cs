namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>What parsing gives: an expression, or why the text is none.</summary>
public abstract record ParseResult
{
    private ParseResult()
    {
    }

    public sealed record Parsed(Expression Expression) : ParseResult;

    public sealed record Failed(ExpressionError Error) : ParseResult;
}
