using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Kernel.Reasoning.Claims;

/// <summary>One reason why a claim is refused. Closed; each kind has a stable snake_case <see cref="Code"/> and a sentence for people.</summary>
public abstract record ClaimRejection(string Code, string Message)
{
    public sealed record EmptyTemplate() : ClaimRejection("empty_template", "The template is empty.");

    public sealed record TooLong(string What, int Limit) : ClaimRejection("too_long", $"The claim has more than {Limit} {What}.");

    /// <summary>A digit, fraction, superscript or numeral of any script outside a placeholder.</summary>
    /// <param name="Position">UTF-16 index in the template.</param>
    public sealed record DigitInTemplate(string Character, int Position)
        : ClaimRejection("digit_in_template", $"'{Character}' at character {Position} is a number that no expression computes.");

    /// <summary>A percent or currency sign: the formatter writes units, so that they are those of the value.</summary>
    public sealed record UnitInTemplate(string Sign, int Position)
        : ClaimRejection("unit_in_template", $"'{Sign}' at character {Position} is a unit; units are written with the value.");

    /// <summary>The prose around a placeholder would change the number in it ("-{0}", "{0}k", "{0}{1}", "{0} percent").</summary>
    public sealed record GluedPlaceholder(int Index)
        : ClaimRejection("glued_placeholder", $"What stands around placeholder {{{Index}}} would change its number.");

    /// <summary>A number spelled out.</summary>
    public sealed record NumberWord(string Word, int Position)
        : ClaimRejection("number_word", $"'{Word}' at character {Position} is a number that no expression computes.");

    /// <summary>A letter outside the Latin script, a combining mark or an invisible character, behind which a number could hide.</summary>
    public sealed record ForeignCharacter(string CodePoint, int Position)
        : ClaimRejection("foreign_character", $"{CodePoint} at character {Position} does not belong in a template; names come by label() or company().");

    public sealed record MalformedPlaceholder(int Position)
        : ClaimRejection("malformed_placeholder", $"The brace at character {Position} is not part of a placeholder like {{0}}.");

    public sealed record MissingExpression(int Index) : ClaimRejection("missing_expression", $"Placeholder {{{Index}}} has no expression.");

    public sealed record UnusedExpression(int Index) : ClaimRejection("unused_expression", $"Expression {Index} stands in no placeholder.");

    /// <summary>An alias is malformed or names a fact that does not exist.</summary>
    public sealed record BadAlias(string Alias, string FactId) : ClaimRejection("bad_alias", $"'{Alias}' stands for '{FactId}', which is no fact.");

    public sealed record BadExpression(int Index, string Expression, ExpressionError Error)
        : ClaimRejection(Error.Code, $"Expression {Index}, '{Expression}': {Error.Message}");

    /// <summary>The arithmetic is right, and there is no sentence that it says, or the words say its opposite.</summary>
    public sealed record Unsupported(string Why, string Sentence) : ClaimRejection(Why, Sentence);
}
