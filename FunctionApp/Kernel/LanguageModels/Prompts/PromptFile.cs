using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;
using Version = System.Version;

namespace Advisor.Kernel.LanguageModels.Prompts;

/// <summary>Reads a template's file: YAML between lines of <c>---</c>, then the parts <c># System</c> and <c># User</c>.</summary>
internal static partial class PromptFile
{
    private static readonly IDeserializer s_yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();

    /// <summary>The template; null, with its faults added, where there is any.</summary>
    public static PromptTemplate? Parse(string file, string text, IReadOnlyDictionary<string, string> files, List<string> faults)
    {
        var found = new List<string>();
        var template = Read(file, text.ReplaceLineEndings("\n"), files, found);
        faults.AddRange(found.Select(fault => $"{file}: {fault}"));
        return found.Count == 0 ? template : null;
    }

    private static PromptTemplate? Read(string file, string text, IReadOnlyDictionary<string, string> files, List<string> faults)
    {
        if (Layout().Match(text) is not { Success: true } layout)
        {
            faults.Add("needs a front matter between lines of '---', then a line '# System' and a line '# User' with text below each.");
            return null;
        }

        FrontMatter front;
        try
        {
            front = s_yaml.Deserialize<FrontMatter>(layout.Groups["front"].Value) ?? new FrontMatter();
        }
        catch (YamlException fault)
        {
            faults.Add($"the front matter cannot be read: {fault.InnerException?.Message ?? fault.Message}");
            return null;
        }

        if (Path.GetFileName(file) != $"{front.Name}.v{front.Version}.md" || !FileName().IsMatch(file))
        {
            faults.Add($"the name must be that of the front matter, '{front.Name}.v{front.Version}.md': kebab-case, and a version of three numbers.");
        }

        if (string.IsNullOrWhiteSpace(front.Purpose))
        {
            faults.Add("'purpose' is missing.");
        }

        var changelog = Changelog(front, faults);
        var fields = front.Fields.Select(pair => Field(pair.Key, pair.Value, faults)).ToList();
        var (system, user) = (layout.Groups["system"].Value.Trim(), layout.Groups["user"].Value.Trim());
        CheckPlaceholders(system, user, fields, faults);
        var schema = Schema(front, files, faults);
        return new PromptTemplate(
            front.Name ?? "", front.Version ?? "", front.Purpose ?? "", changelog, fields, system, user, schema, front.Schema ?? "",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    private static List<PromptChange> Changelog(FrontMatter front, List<string> faults)
    {
        var changes = new List<PromptChange>();
        foreach (var entry in front.Changelog)
        {
            if (!Version.TryParse(entry.Version, out _) || string.IsNullOrWhiteSpace(entry.Change)
                || !DateOnly.TryParseExact(entry.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                faults.Add("every entry of 'changelog' needs a version, a date as yyyy-MM-dd and a change.");
                return changes;
            }

            changes.Add(new PromptChange(entry.Version, date, entry.Change));
        }

        if (changes.Count == 0 || changes[0].Version != front.Version)
        {
            faults.Add($"'changelog' must begin with version {front.Version}.");
        }

        foreach (var (newer, older) in changes.Zip(changes.Skip(1)))
        {
            if (Version.Parse(newer.Version) <= Version.Parse(older.Version) || newer.Date < older.Date)
            {
                faults.Add($"'changelog' must go from the newest to the oldest: {newer.Version} stands before {older.Version}.");
            }
        }

        return changes;
    }

    private static PromptField Field(string name, FieldEntry? entry, List<string> faults)
    {
        if (!FieldName().IsMatch(name) || name == PromptTemplate.Marker)
        {
            faults.Add($"'{name}' cannot be a field: use snake_case, and not '{PromptTemplate.Marker}'.");
        }

        if (entry?.Redact is not ("none" or "personal"))
        {
            faults.Add($"the field '{name}' must say 'redact: none' or 'redact: personal'.");
        }

        if (string.IsNullOrWhiteSpace(entry?.What))
        {
            faults.Add($"the field '{name}' must say in 'what' what it holds.");
        }

        return new PromptField(name, entry?.Redact == "personal" ? Redact.Personal : Redact.None, entry?.Quote ?? true, entry?.What ?? "");
    }

    private static void CheckPlaceholders(string system, string user, List<PromptField> fields, List<string> faults)
    {
        var (inSystem, inUser) = (PromptTemplate.Names(system).ToList(), PromptTemplate.Names(user).ToList());
        foreach (var unknown in inSystem.Union(inUser).Except(fields.Select(field => field.Name)).Except([PromptTemplate.Marker]))
        {
            faults.Add($"uses {{{{{unknown}}}}}, which it does not declare.");
        }

        foreach (var field in fields)
        {
            if (!inSystem.Contains(field.Name) && !inUser.Contains(field.Name))
            {
                faults.Add($"declares '{field.Name}' and does not use it.");
            }

            if (field.Quote && inSystem.Contains(field.Name))
            {
                faults.Add($"'{field.Name}' is text of others and must not stand in '# System'.");
            }
        }

        if (fields.Exists(field => field.Quote) && !inSystem.Contains(PromptTemplate.Marker))
        {
            faults.Add("'# System' must say, with {{marker}}, how quoted text is set off and that it is data.");
        }

        // A brace that is no placeholder would be sent as it stands, and is more likely a slip.
        if (PromptTemplate.Placeholder().Replace(system + user, "").Contains("{{", StringComparison.Ordinal))
        {
            faults.Add("has '{{' that begins no placeholder: use {{snake_case}}.");
        }
    }

    private static string Schema(FrontMatter front, IReadOnlyDictionary<string, string> files, List<string> faults)
    {
        if (front.Schema is null || !files.TryGetValue(front.Schema, out var schema))
        {
            faults.Add($"'schema' must name a file beside it; '{front.Schema}' is none.");
            return "";
        }

        faults.AddRange(AnswerSchema.Faults(schema).Select(fault => $"{front.Schema} {fault}"));
        return schema;
    }

    private sealed class FrontMatter
    {
        public string? Name { get; set; }

        public string? Version { get; set; }

        public string? Purpose { get; set; }

        public string? Schema { get; set; }

        public List<ChangeEntry> Changelog { get; set; } = [];

        public Dictionary<string, FieldEntry?> Fields { get; set; } = [];
    }

    private sealed class ChangeEntry
    {
        public string? Version { get; set; }

        public string? Date { get; set; }

        public string? Change { get; set; }
    }

    private sealed class FieldEntry
    {
        public string? Redact { get; set; }

        public bool? Quote { get; set; }

        public string? What { get; set; }
    }

    [GeneratedRegex(@"\A---\n(?<front>.*?\n)---\n\s*# System\n(?<system>.*?\S.*?)\n# User\n(?<user>.*\S.*)\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Layout();

    [GeneratedRegex(@"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\.v(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}\.md\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A[a-z][a-z0-9_]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FieldName();
}
