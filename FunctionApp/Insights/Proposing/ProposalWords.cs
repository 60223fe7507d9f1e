using System.Text.RegularExpressions;
using Advisor.Insights.Analyst;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims;
using Advisor.Kernel.Reasoning.Claims.Meaning;
using Advisor.Kernel.Reasoning.Expressions;
using static Advisor.Insights.Analyst.Holes;

namespace Advisor.Insights.Proposing;

/// <summary>A claim in the words of the product.</summary>
/// <param name="Measures">What its expressions say, without what only names.</param>
public sealed record WordedClaim(VerifiedClaim Claim, IReadOnlyList<Measure> Measures);

/// <summary>Writes the sentences of what a model proposes. The model chooses what is set against what; no word of it reaches a reader.</summary>
/// <remarks>
/// A sentence follows from the kind of its expression and from the values that it cites, like the built-in analyst's, and names each line by its printed label with its own period. So a model cannot turn a direction,
/// swap two lines or hide a period: what it writes is checked for numbers, which it must not type, and then left aside.
/// </remarks>
public sealed partial class ProposalWords(EvaluationContext context)
{
    /// <summary>Sentences of one claim.</summary>
    private const int MaxStatements = 4;

    /// <summary>Longest prose in characters, labels written out: a label is as long as the document makes it.</summary>
    private const int MaximumText = 2000;

    /// <summary>The claim in the product's words, or why there is none.</summary>
    public (WordedClaim? Worded, IReadOnlyList<ClaimRejection> Faults) Write(Claim proposed)
    {
        if (ClaimVerifier.Verify(proposed, context) is RejectedClaim rejected)
        {
            return (null, rejected.Reasons);
        }

        var own = context with { Aliases = proposed.Facts };
        var measures = proposed.Expressions.Select(text => Measures.Of(((ParseResult.Parsed)ExpressionParser.Parse(text)).Expression, own))
            .Where(measure => measure is not (Measure.Time or Measure.Label or Measure.DocumentName)).Distinct().ToList();
        var faults = measures.OfType<Measure.None>().Select(ClaimRejection (none) => new ClaimRejection.Unsupported(none.Code, none.Message)).ToList();
        if (measures.SelectMany(measure => measure.Facts).FirstOrDefault(fact => fact.Period is null) is { } timeless)
        {
            faults.Add(new ClaimRejection.Unsupported("unknown_period", $"The period of {timeless.Id} is not printed, so no sentence can say when its value held."));
        }

        // A sentence about two lines tells their values, too.
        var statements = measures.FindAll(measure => measure is not Measure.Line line || !measures.Exists(other => other is not Measure.Line && other.Facts.Contains(line.Fact)));
        if (statements.Count == 0)
        {
            faults.Add(new ClaimRejection.Unsupported("states_nothing", "The claim states no value."));
        }
        else if (statements.Count > MaxStatements)
        {
            faults.Add(new ClaimRejection.TooLong("statements", MaxStatements));
        }
        else if (DirectionWords.Contradict(proposed.Template, statements))
        {
            faults.Add(new ClaimRejection.Unsupported("direction", "Its words say the opposite of what its expressions compute."));
        }

        return faults.Count > 0 ? (null, [.. faults.DistinctBy(fault => fault.Message, StringComparer.Ordinal)]) : Worded(proposed.Type, statements);
    }

    private (WordedClaim?, IReadOnlyList<ClaimRejection>) Worded(string type, List<Measure> statements)
    {
        var text = SentenceOf(statements[0]);
        foreach (var statement in statements.Skip(1))
        {
            text.AppendLiteral(" ");
            text.Append(SentenceOf(statement));
        }

        return ClaimVerifier.Verify(new Claim { Template = text.Template, Expressions = text.Expressions, Type = type }, context) switch
        {
            VerifiedClaim { Text.Length: > MaximumText } => (null, [new ClaimRejection.TooLong("characters when its names and numbers are written out", MaximumText)]),
            VerifiedClaim verified when Link().IsMatch(verified.Text) => (null, [new ClaimRejection.Unsupported("link", "A label of it holds a link, an address or markup.")]),
            VerifiedClaim verified => (new WordedClaim(verified, statements), []),
            RejectedClaim rejected => (null, rejected.Reasons),
            _ => throw new InvalidOperationException("Unknown verdict."),
        };
    }

    private static ClaimText SentenceOf(Measure statement) => statement switch
    {
        Measure.Line { Fact: var fact } => $"{Label(fact)} came to {Told(fact)} {In(fact)} {Period(fact)}.",
        Measure.Change { Form: ChangeForm.AnnualRate } change =>
            $"{Label(change.Later)} changed by {Raw($"cagr({change.Earlier.Id}, {change.Later.Id}, years({change.Earlier.Id}, {change.Later.Id}))")} a year, compounded, from {Value(change.Earlier)} {In(change.Earlier)} {Period(change.Earlier)} to {Value(change.Later)} {In(change.Later)} {Period(change.Later)}.",
        Measure.Change change => ChangeWords.Of(change.Later, change.Earlier),
        Measure.Part part => PartOf(part),
        Measure.Gap gap => GapOf(gap.Left, gap.Right),
        _ => throw new InvalidOperationException($"There is no sentence for {statement.GetType().Name}."),
    };

    private static ClaimText PartOf(Measure.Part part)
    {
        var (top, bottom) = (part.Top, part.Bottom);
        ClaimText text = $"{Label(top)} of {Told(top)}";
        AppendOwnPeriod(text, top, bottom);
        text.AppendLiteral(" came to ");
        var (expression, unit) = part.Form switch
        {
            PartForm.Share => ($"share({Operand(top)}, {Operand(bottom)})", " of "),
            PartForm.Times => ($"ratio({Operand(top)}, {Operand(bottom)})", " times "),
            _ => ($"ratio({Operand(top)}, {Operand(bottom)}) * days.year", " days of "),
        };
        text.AppendFormatted(Raw(expression));
        text.AppendLiteral(unit);
        text.Append($"{Label(bottom)} of {Told(bottom)} {In(bottom)} {Period(bottom)}.");
        return text;
    }

    private static ClaimText GapOf(Fact left, Fact right)
    {
        var difference = Size(left) - Size(right);
        var (more, less) = difference >= 0 ? (left, right) : (right, left);
        ClaimText text = $"{Label(left)} of {Told(left)}";
        AppendOwnPeriod(text, left, right);
        text.AppendLiteral(difference == 0 ? " equalled " : difference > 0 ? " exceeded " : " fell short of ");
        text.Append($"{Label(right)} of {Told(right)}");
        if (difference != 0)
        {
            text.Append($" by {Raw($"{Operand(more)} - {Operand(less)}")}");
        }

        text.Append($" {In(right)} {Period(right)}.");
        return text;

        static decimal Size(Fact fact) => Measures.IsOutflow(fact) ? Math.Abs(fact.Value) : fact.Value;
    }

    /// <summary>The period of the first line, where it is not that of the second, which ends the sentence.</summary>
    private static void AppendOwnPeriod(ClaimText text, Fact first, Fact second)
    {
        if (first.Period != second.Period)
        {
            text.Append($" {In(first)} {Period(first)}");
        }
    }

    private static Hole Told(Fact fact) => ChangeWords.Told(fact);

    private static string Operand(Fact fact) => Told(fact).Expression;

    [GeneratedRegex(
        @"https?:|www\.|\w@\w|mailto:|\b[\w-]+\.(com|net|org|io|info|biz|co|ru|cn|uk|de|app|dev|me|xyz)\b|[<>\[\]`|\\]|\*\*|__",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
