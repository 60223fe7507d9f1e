using System.Globalization;
using Advisor.Documents.Contracts;
using Advisor.Insights.Analyst;
using Advisor.Insights.Contracts;
using Advisor.Kernel.Reasoning;
using Advisor.Kernel.Reasoning.Claims.Meaning;

namespace Advisor.Insights.Proposing;

/// <summary>What a prompt shows of a document.</summary>
/// <param name="Fields">By the names of the template <see cref="ModelPrompt.Name"/>.</param>
/// <param name="Facts">Ids of the facts shown, in reading order.</param>
/// <param name="FactsLeftOut">Facts for which there was no room.</param>
/// <param name="PassagesLeftOut">Passages that were not chosen.</param>
public sealed record ModelContext(
    IReadOnlyDictionary<string, string> Fields, IReadOnlyList<string> Facts, int FactsLeftOut, IReadOnlyList<Passage> Passages, int PassagesLeftOut);

/// <summary>How much a prompt may show.</summary>
/// <param name="FactTokens">Room for facts, by <see cref="Tokens"/>.</param>
/// <param name="Passages">Most passages; 0 shows facts alone.</param>
/// <param name="PassageTokens">Room for passages.</param>
public sealed record PromptRoom(int FactTokens, int Passages, int PassageTokens);

/// <summary>Shows a model facts with their ids, what was proven and said of them, and chosen passages; never raw pages. The same document gives the same text.</summary>
public static class ModelPrompt
{
    /// <summary>The template's name.</summary>
    public const string Name = "insight-claims";

    private const int MaxLabel = 100;

    /// <summary>Proofs shown, failed ones first.</summary>
    private const int MaxProofs = 40;

    /// <summary>The categories of a kind of analysis. None of them says that something is good or bad, for nobody checks that.</summary>
    public static IReadOnlyList<string> CategoriesOf(string analysisType) => analysisType switch
    {
        AnalysisTypes.Anomaly => ["accounting_identity", "unusual_movement", "inconsistent_disclosure", "other"],
        AnalysisTypes.Trend => ["sales", "profitability", "cash_flow", "investment", "working_capital", "leverage", "other"],
        AnalysisTypes.Risk => ["liquidity", "leverage", "coverage", "cash_flow", "working_capital", "earnings_quality", "other"],
        _ => throw new InvalidOperationException($"There is no analysis '{analysisType}'."),
    };

    /// <param name="said">What the built-in analyst says, and the facts it cites.</param>
    /// <param name="lines">The document's prose; empty for a workbook.</param>
    public static ModelContext Of(
        string analysisType, DocumentFindings findings, IReadOnlyList<(string Text, IReadOnlyList<string> FactIds)> said, IReadOnlyList<PrintedLine> lines, PromptRoom room)
    {
        var (shown, leftOut) = Choose(findings, said.SelectMany(item => item.FactIds).ToHashSet(StringComparer.Ordinal), room.FactTokens);
        var all = room.Passages == 0 ? [] : Passages.Of(lines);
        var passages = Passages.Choose(all, [analysisType, .. said.Select(item => item.Text), .. shown.Where(fact => fact.Metric is not null).Select(fact => fact.Label).Distinct(StringComparer.Ordinal)], room.Passages, room.PassageTokens);
        var visible = shown.Select(fact => fact.Id).ToHashSet(StringComparer.Ordinal);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["analysis_type"] = analysisType,
            ["categories"] = string.Join(", ", CategoriesOf(analysisType)),
            ["forms"] = ClaimLanguage.Described,
            ["literals"] = ClaimLanguage.Literals,
            ["constants"] = ClaimLanguage.Constants,
            ["document"] = $"company: {OneLine(findings.Company ?? "unknown")}\nform: {OneLine(findings.Form ?? "unknown")}",
            ["facts"] = Lines("FACTS", shown.Select(LineOf)),
            ["proofs"] = Lines("PROOFS", findings.Proofs.OrderBy(proof => proof.Outcome == ProofOutcome.Holds).Take(MaxProofs).Select(proof => LineOf(proof, visible))),
            ["said"] = Lines("ALREADY SAID", said.Select(item => $"- {OneLine(item.Text)}")),
            ["passages"] = Lines("PASSAGES", passages.Select((passage, i) => string.Create(CultureInfo.InvariantCulture, $"[passage {i + 1}, page {passage.Page}, section: {OneLine(passage.Section)}]\n{passage.Text}"))),
        };
        return new ModelContext(fields, [.. shown.Select(fact => fact.Id)], leftOut, passages, all.Count - passages.Count);
    }

    /// <summary>Facts that analyses rest on before others, larger amounts before smaller, as far as there is room; in reading order.</summary>
    private static (List<Fact> Shown, int LeftOut) Choose(DocumentFindings findings, HashSet<string> cited, int tokens)
    {
        var failed = findings.Proofs.Where(proof => proof.Outcome != ProofOutcome.Holds).SelectMany(proof => proof.FactIds).ToHashSet(StringComparer.Ordinal);
        var ranked = findings.Facts.Select((fact, place) => (Fact: fact, Place: place))
            .OrderByDescending(item => cited.Contains(item.Fact.Id))
            .ThenByDescending(item => item.Fact.Metric is not null)
            .ThenByDescending(item => failed.Contains(item.Fact.Id))
            .ThenByDescending(item => item.Fact.Unit == Unit.Currency ? Math.Abs(item.Fact.Value) : 0)
            .ThenBy(item => item.Place);
        var shown = new List<(Fact Fact, int Place)>();
        foreach (var item in ranked)
        {
            var cost = Tokens.Of(LineOf(item.Fact)) + 1;
            if (cost > tokens)
            {
                break;
            }

            tokens -= cost;
            shown.Add(item);
        }

        return ([.. shown.OrderBy(item => item.Place).Select(item => item.Fact)], findings.Facts.Count - shown.Count);
    }

    private static string LineOf(Fact fact)
    {
        var unit = fact.Unit switch
        {
            Unit.Currency => fact.Currency ?? "money",
            Unit.CurrencyPerShare => $"{fact.Currency ?? "money"} per share",
            Unit.Percent => "percent",
            Unit.Shares => "shares",
            _ => "number",
        };
        var label = OneLine(fact.Label);
        return string.Create(CultureInfo.InvariantCulture,
            $"- {fact.Id} | {fact.Metric} | {(label.Length > MaxLabel ? label[..MaxLabel] : label)} | {fact.Period?.Label ?? "-"} | {fact.Value} {unit} | {StatementOf(fact)}");
    }

    private static string StatementOf(Fact fact) => fact.Rule.Split('/') is ["statement", var statement, ..] ? statement : fact.Rule.Split('/')[0];

    private static string LineOf(Proof proof, HashSet<string> visible)
    {
        var facts = proof.FactIds.Where(visible.Contains).ToList();
        return $"- {proof.Outcome.ToString().ToLowerInvariant()} | {proof.Kind} | {OneLine(proof.Statement)} | {(facts.Count == 0 ? "-" : string.Join(' ', facts))}";
    }

    private static string Lines(string title, IEnumerable<string> lines)
    {
        var text = string.Join('\n', lines);
        return text.Length == 0 ? $"{title}\nnone" : $"{title}\n{text}";
    }

    /// <summary>A label is somebody else's text, too: it must not make a line or a column of its own.</summary>
    private static string OneLine(string text) => string.Join(' ', text.Split([' ', '\n', '\r', '\t', '|'], StringSplitOptions.RemoveEmptyEntries));
}
