using System.Text.Json;

namespace Advisor.Embedded.Durable;

/// <summary>Tags as they are journaled: a JSON object of texts, or null for none.</summary>
internal static class Tags
{
    public static string? ToJson(IEnumerable<KeyValuePair<string, string>>? tags) =>
        tags?.ToDictionary(StringComparer.Ordinal) is { Count: > 0 } given ? JsonSerializer.Serialize(given) : null;

    public static Dictionary<string, string> FromJson(string? json) => json is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;

    /// <summary>The tags of a sub-orchestration: its own, and what its parent has besides, as on Azure.</summary>
    public static string? Inherit(string? own, string? parents)
    {
        if (own is null || parents is null)
        {
            return own ?? parents;
        }

        var all = FromJson(parents);
        foreach (var (name, value) in FromJson(own))
        {
            all[name] = value;
        }

        return ToJson(all);
    }
}
