namespace Advisor.Kernel.Reasoning.Expressions;

/// <summary>Why an expression has no value. Closed; each kind has a stable snake_case <see cref="Code"/> and a sentence for people.</summary>
public abstract record ExpressionError(string Code, string Message)
{
    /// <param name="Position">Character from 0 where the text stops making sense; its length when it ends too early.</param>
    public sealed record Syntax(int Position, string Expected) : ExpressionError("syntax", $"Expected {Expected} at character {Position}.");

    public sealed record TooLong(int Limit) : ExpressionError("too_long", $"The expression is longer than {Limit} characters.");

    public sealed record TooDeep(int Limit) : ExpressionError("too_deep", $"The expression nests deeper than {Limit} levels.");

    public sealed record LiteralNotAllowed(string Text)
        : ExpressionError("literal_not_allowed", $"The number {Text} may not be typed: cite a fact or a named constant.");

    /// <summary>Neither a fact, a named constant nor a name of the document stands in the expression.</summary>
    public sealed record CitesNothing() : ExpressionError("cites_nothing", "The expression cites no fact and no named constant.");

    /// <summary>An operator or function all of whose operands are literals: arithmetic that could type any number.</summary>
    public sealed record LiteralArithmetic(string Text)
        : ExpressionError("literal_arithmetic", $"'{Text}' computes a number from literals alone.");

    /// <summary>The value stays the same whatever the cited facts say; see <see cref="Dependence"/>.</summary>
    public sealed record IndependentOfFacts() : ExpressionError("independent_of_facts", "The value does not come from the facts it cites.");

    public sealed record UnknownFunction(string Name) : ExpressionError("unknown_function", $"There is no function '{Name}'.");

    public sealed record WrongArity(string Function, int Given, string Wanted)
        : ExpressionError("wrong_arity", $"'{Function}' takes {Wanted}, not {Given}.");

    public sealed record UnknownFact(string Id) : ExpressionError("unknown_fact", $"There is no fact '{Id}'.");

    public sealed record UnknownConstant(string Name) : ExpressionError("unknown_constant", $"There is no named constant '{Name}'.");

    public sealed record UnitMismatch(string Operation, string Left, string Right)
        : ExpressionError("unit_mismatch", $"'{Operation}' does not go between {Left} and {Right}.");

    public sealed record TextIsNoNumber(string Operation) : ExpressionError("text_is_no_number", $"'{Operation}' needs numbers, not text.");

    /// <summary>An argument that must be a fact id is something else.</summary>
    public sealed record FactExpected(string Function) : ExpressionError("fact_expected", $"'{Function}' takes a fact id.");

    /// <summary>The document does not say what was asked: a period, the company, the form.</summary>
    public sealed record NotStated(string What) : ExpressionError("not_stated", $"The document does not state {What}.");

    public sealed record DivisionByZero(string Operation) : ExpressionError("division_by_zero", $"'{Operation}' divides by zero.");

    public sealed record OutOfDomain(string Function, string Reason) : ExpressionError("out_of_domain", $"'{Function}': {Reason}.");

    public sealed record Overflow() : ExpressionError("overflow", "The result is too large for a decimal.");
}
