using System.Security.Cryptography;
using System.Text;
using Advisor.Documents.Statements;
using Advisor.Documents.Tables;
using Advisor.Kernel.Reasoning;

namespace Advisor.Documents.Proofs;

/// <summary>Runs every proof over what was found in a document's pages.</summary>
public static class ProofBuilder
{
    /// <summary>Proofs in printed order: footings of tables, then identities and repeats of the statements.</summary>
    public static List<Proof> Prove(PageFindings findings, FactBuilder facts)
    {
        var byId = findings.Facts.ToDictionary(fact => fact.Id);
        var proofs = new List<Proof>();
        foreach (var table in findings.Tables)
        {
            proofs.AddRange(Footing.Check(table).Select(check => OfFooting(table, check, facts, byId)).OfType<Proof>());
        }

        proofs.AddRange(Identities.Prove(findings.Facts));
        return proofs;
    }

    /// <summary>A proof's id: the same for the same kind, statement and facts.</summary>
    public static string Id(string kind, IEnumerable<string> factIds) =>
        "p" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}|{string.Join(',', factIds)}")).AsSpan(0, 8));

    private static Proof? OfFooting(PageTable table, FootingCheck check, FactBuilder facts, Dictionary<string, Fact> byId)
    {
        string[] ids = [facts.FactId(table.Page, table.Number, check.Total, check.Column),
            .. check.Parts.Select(row => facts.FactId(table.Page, table.Number, row, check.Column))];
        if (!ids.All(byId.ContainsKey))
        {
            return null;
        }

        return OfFooting(check, [.. ids.Select(id => byId[id])]);
    }

    /// <param name="cited">The total's fact, then those of the parts.</param>
    public static Proof OfFooting(FootingCheck check, IReadOnlyList<Fact> cited)
    {
        var scale = cited[0].Scale;
        return new Proof
        {
            Id = Id("footing", cited.Select(fact => fact.Id)),
            Kind = "footing",
            Statement = $"“{check.Total.Label}” is the sum of the rows above it",
            Outcome = check.Holds ? ProofOutcome.Holds : ProofOutcome.Fails,
            Expected = check.Expected * scale,
            Found = check.Found * scale,
            Difference = (check.Found - check.Expected) * scale,
            Tolerance = check.Tolerance * scale,
            FactIds = [.. cited.Select(fact => fact.Id)],
            Cells = [.. cited.Select(fact => fact.Source)],
            Explanation = check.Change?.Describe(),
        };
    }
}
