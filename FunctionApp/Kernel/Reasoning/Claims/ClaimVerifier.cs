using System.Text;
using Advisor.Kernel.Reasoning.Expressions;

namespace Advisor.Kernel.Reasoning.Claims;

/// <summary>Turns proposals into prose, or refuses them. Pure and total: any claim gives a verdict.</summary>
public static class ClaimVerifier
{
    /// <summary>Longest template in characters.</summary>
    public const int MaximumTemplateLength = 1000;

    /// <summary>Most expressions and most aliases of one claim.</summary>
    public const int MaximumExpressions = 32;

    /// <param name="context">Facts by id, company and form; its own aliases are replaced by those of the claim.</param>
    public static ClaimVerdict Verify(Claim claim, EvaluationContext context)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(context);

        // A model's JSON may say null where the schema forbids it.
        claim = claim.Expressions is null || claim.Facts is null
            ? claim with { Expressions = claim.Expressions ?? [], Facts = claim.Facts ?? new Dictionary<string, string>(StringComparer.Ordinal) }
            : claim;
        if (LimitOf(claim) is { } limit)
        {
            return new RejectedClaim(claim, [limit]);
        }

        var template = ClaimTemplate.Parse(claim.Template);
        var rejections = template.Rejections.ToList();
        rejections.AddRange(MismatchesOf(template, claim.Expressions.Count));
        rejections.AddRange(claim.Facts
            .Where(alias => !ExpressionParser.IsFactId(alias.Key) || !context.Facts.ContainsKey(alias.Value ?? ""))
            .Select(alias => new ClaimRejection.BadAlias(alias.Key, alias.Value ?? "")));

        var results = Evaluate(claim, context with { Aliases = claim.Facts }, rejections);
        return rejections.Count > 0 ? new RejectedClaim(claim, rejections) : Render(claim, template, results);
    }

    /// <summary>Verifies a stored claim again over the facts as they are now.</summary>
    /// <returns>Whether the same prose and the same values come out; if not, what differs.</returns>
    public static Reevaluation ReEvaluate(VerifiedClaim stored, EvaluationContext context)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return Verify(stored.Claim, context) switch
        {
            VerifiedClaim now when now.Text == stored.Text && now.Placeholders.SequenceEqual(stored.Placeholders, SamePlaceholder.Instance) => new Reevaluation.Same(),
            VerifiedClaim now => new Reevaluation.Differs(now),
            RejectedClaim rejected => new Reevaluation.Fails(rejected.Reasons),
            _ => throw new InvalidOperationException("Unknown verdict."),
        };
    }

    private static ClaimRejection? LimitOf(Claim claim) => claim switch
    {
        _ when string.IsNullOrWhiteSpace(claim.Template) => new ClaimRejection.EmptyTemplate(),
        { Template.Length: > MaximumTemplateLength } => new ClaimRejection.TooLong("characters in its template", MaximumTemplateLength),
        { Expressions.Count: > MaximumExpressions } => new ClaimRejection.TooLong("expressions", MaximumExpressions),
        { Facts.Count: > MaximumExpressions } => new ClaimRejection.TooLong("aliases", MaximumExpressions),
        _ => null,
    };

    private static IEnumerable<ClaimRejection> MismatchesOf(ClaimTemplate template, int expressions)
    {
        var used = template.Parts.Where(part => part.Index is not null).Select(part => part.Index!.Value).ToHashSet();
        var missing = used.Where(index => index >= expressions).Order().Select(ClaimRejection (index) => new ClaimRejection.MissingExpression(index));
        var unused = Enumerable.Range(0, expressions).Where(index => !used.Contains(index)).Select(ClaimRejection (index) => new ClaimRejection.UnusedExpression(index));
        return missing.Concat(unused);
    }

    private static List<EvaluationResult.Evaluated> Evaluate(Claim claim, EvaluationContext context, List<ClaimRejection> rejections)
    {
        var results = new List<EvaluationResult.Evaluated>(claim.Expressions.Count);
        for (var index = 0; index < claim.Expressions.Count; index++)
        {
            var expression = claim.Expressions[index] ?? "";
            switch (Evaluate(expression, context))
            {
                case EvaluationResult.Evaluated evaluated:
                    results.Add(evaluated);
                    break;
                case EvaluationResult.Failed failed:
                    rejections.Add(new ClaimRejection.BadExpression(index, expression, failed.Error));
                    break;
            }
        }

        return results;
    }

    private static EvaluationResult Evaluate(string text, EvaluationContext context)
    {
        if (ExpressionParser.Parse(text) is not ParseResult.Parsed { Expression: var expression })
        {
            return ExpressionEvaluator.Evaluate(text, context);
        }

        var result = ExpressionEvaluator.Evaluate(expression, context);
        return result is EvaluationResult.Evaluated && Dependence.Check(expression, context) is { } error
            ? new EvaluationResult.Failed(error)
            : result;
    }

    private static VerifiedClaim Render(Claim claim, ClaimTemplate template, List<EvaluationResult.Evaluated> results)
    {
        var prose = new StringBuilder();
        var placeholders = new List<Placeholder>();
        foreach (var part in template.Parts)
        {
            if (part.Index is not { } index)
            {
                prose.Append(part.Prose);
                continue;
            }

            var result = results[index];
            var text = ProseFormat.Format(result.Value);
            placeholders.Add(new Placeholder(index, claim.Expressions[index], result.Value, text, result.FactIds, result.Constants, prose.Length, text.Length));
            prose.Append(text);
        }

        return new VerifiedClaim
        {
            Claim = claim,
            Text = prose.ToString(),
            Placeholders = placeholders,
            FactIds = [.. placeholders.SelectMany(placeholder => placeholder.FactIds).Distinct(StringComparer.Ordinal)],
            ConstantsVersion = NamedConstants.Version,
            FormatVersion = ProseFormat.Version,
        };
    }

    private sealed class SamePlaceholder : IEqualityComparer<Placeholder>
    {
        public static readonly SamePlaceholder Instance = new();

        public bool Equals(Placeholder? x, Placeholder? y) =>
            x is not null && y is not null
            && x with { FactIds = [], Constants = [] } == y with { FactIds = [], Constants = [] }
            && x.FactIds.SequenceEqual(y.FactIds)
            && x.Constants.SequenceEqual(y.Constants);

        public int GetHashCode(Placeholder obj) => HashCode.Combine(obj.Index, obj.Start);
    }
}

/// <summary>What a stored claim comes to over the facts as they are now.</summary>
public abstract record Reevaluation
{
    private Reevaluation()
    {
    }

    public sealed record Same : Reevaluation;

    /// <summary>It still holds but reads otherwise: a fact, a constant or the format has changed.</summary>
    public sealed record Differs(VerifiedClaim Now) : Reevaluation;

    public sealed record Fails(IReadOnlyList<ClaimRejection> Reasons) : Reevaluation;
}
