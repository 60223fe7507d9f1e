using System.Text.Json.Nodes;

namespace Advisor.Embedded.ScriptedModels;

/// <summary>Claims in the form that prompts ask for.</summary>
internal static class ProposedClaims
{
    private const int Most = 10;

    /// <summary>Lines that others are set against.</summary>
    private static readonly string[] s_bases = ["revenue", "net_sales", "total_revenue", "total_assets", "assets"];

    /// <summary>True claims of the facts: lines set against a total of their period, then changes of a line.</summary>
    public static IReadOnlyList<(string Template, string[] Expressions)> True(IReadOnlyList<ShownFact> facts) => [.. Shares(facts).Concat(Changes(facts, turned: false)).Take(Most)];

    /// <summary>The same changes with every direction turned round.</summary>
    public static IReadOnlyList<(string Template, string[] Expressions)> Untrue(IReadOnlyList<ShownFact> facts) => [.. Changes(facts, turned: true).Take(Most)];

    /// <summary>An answer with these claims; what else the schema asks for is filled in.</summary>
    public static string Answer(ScriptedRequest request, IEnumerable<(string Template, string[] Expressions)> claims) => Answer(request, claims.Select(claim => Claim(request, claim.Template, claim.Expressions)));

    /// <summary>An answer with these claims as they are.</summary>
    public static string Answer(ScriptedRequest request, IEnumerable<JsonObject> claims)
    {
        var items = new JsonArray([.. claims]);
        return request.Schema is { } schema
            ? SchemaFilling.Fill(schema, (name, _) => name == "claims" ? items : null)!.ToJsonString()
            : new JsonObject { ["claims"] = items }.ToJsonString();
    }

    /// <summary>One claim, with whatever else the schema of a claim asks for.</summary>
    public static JsonObject Claim(ScriptedRequest request, string template, IEnumerable<string> expressions)
    {
        var written = new JsonArray([.. expressions.Select(expression => (JsonNode)expression)]);
        var type = AskedType(request.User);
        if (request.Schema is { } schema && schema.TryGetProperty("properties", out var top) && top.TryGetProperty("claims", out var claims) && claims.TryGetProperty("items", out var item))
        {
            return (JsonObject)SchemaFilling.Fill(item, (name, allowed) => name switch
            {
                "template" => template,
                "expressions" => written,
                "type" => allowed.Count == 0 || allowed.Contains(type) ? type : allowed[0],
                "category" => allowed.Contains("other") ? "other" : null,
                _ => null,
            })!;
        }

        return new JsonObject { ["template"] = template, ["expressions"] = written, ["facts"] = new JsonObject(), ["type"] = type };
    }

    private static IEnumerable<(string, string[])> Shares(IReadOnlyList<ShownFact> facts) =>
        from total in s_bases.SelectMany(name => facts.Where(fact => fact.Metric == name && fact.Value > 0))
        from part in facts
        where part.Id != total.Id && part.Metric != total.Metric && part.Period == total.Period && part.Unit == total.Unit && part.Period.Length > 0 && part.Value > 0
        select ("{0} stood at {1} in {2}, {3} of {4}.", new[] { $"label({part.Id})", part.Id, $"period({part.Id})", $"share({part.Id}, {total.Id})", $"label({total.Id})" });

    /// <remarks>Facts are shown with the newest period first, or last; the periods say which.</remarks>
    private static IEnumerable<(string, string[])> Changes(IReadOnlyList<ShownFact> facts, bool turned) =>
        from line in facts.Where(fact => fact is { Value: > 0, Period.Length: > 0 }).GroupBy(fact => (Line: fact.Metric.Length > 0 ? fact.Metric : fact.Label, fact.Unit))
        let ordered = line.DistinctBy(fact => fact.Period).OrderByDescending(fact => fact.Period, StringComparer.Ordinal).ToList()
        where ordered.Count >= 2 && ordered[0].Value != ordered[1].Value
        let verb = (ordered[0].Value > ordered[1].Value) != turned ? "rose" : "fell"
        select ($"{{0}} {verb} {{1}} in {{2}} against {{3}}.",
            new[] { $"label({ordered[0].Id})", $"abs(pct({ordered[0].Id}, {ordered[1].Id}))", $"period({ordered[0].Id})", $"period({ordered[1].Id})" });

    private static string AskedType(string prompt)
    {
        const string before = "of type \"";
        var at = prompt.IndexOf(before, StringComparison.Ordinal);
        var end = at < 0 ? -1 : prompt.IndexOf('"', at + before.Length);
        return end < 0 ? "trend" : prompt[(at + before.Length)..end];
    }
}
