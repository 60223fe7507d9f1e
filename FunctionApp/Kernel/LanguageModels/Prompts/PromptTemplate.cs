using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Advisor.Kernel.LanguageModels.Prompts;

/// <summary>What is masked in a field before a model sees it.</summary>
public enum Redact
{
    None,

    /// <summary>What <see cref="PersonalData"/> finds: e-mail addresses, phone numbers, IBANs, card and social-security numbers.</summary>
    Personal,
}

/// <summary>A field that a template sees.</summary>
/// <param name="Quote">
/// Whether its text was written by others: it then stands between marks and on lines of its own, in the user message alone. Text that is not
/// quoted is the product's own, and is put into one line.
/// </param>
/// <param name="What">What it holds, for people.</param>
public sealed record PromptField(string Name, Redact Redact, bool Quote, string What);

/// <summary>A change of a template.</summary>
public sealed record PromptChange(string Version, DateOnly Date, string Change);

/// <summary>One version of a prompt. It never changes once it was used: a change is a new version in a new file.</summary>
/// <param name="Version"><c>major.minor.patch</c>.</param>
/// <param name="Schema">JSON schema of the answer.</param>
/// <param name="SchemaFile">Name of the schema's file.</param>
/// <param name="Hash">SHA-256 of the template's file, in lower-case hexadecimal digits.</param>
public sealed partial record PromptTemplate(
    string Name, string Version, string Purpose, IReadOnlyList<PromptChange> Changelog, IReadOnlyList<PromptField> Fields,
    string System, string User, string Schema, string SchemaFile, string Hash)
{
    /// <summary>Placeholder of the mark, with which a template tells the model how quoted text is set off.</summary>
    public const string Marker = "marker";

    private const int MarkerLength = 16;

    /// <summary>As recordings name it.</summary>
    public PromptReference Reference => new(Name, Version, Hash);

    /// <summary>The prompt as a model will be shown it. The same fields for the same call give the same prompt.</summary>
    /// <remarks>
    /// Values are put in once, so that a value can be no placeholder. Control and invisible characters are left out of them. The mark follows
    /// from the call's id, and is drawn again while any field holds it: no text can end its own quotation.
    /// </remarks>
    /// <param name="values">Exactly the template's fields.</param>
    /// <exception cref="ArgumentException">A field is missing, or one is given that the template does not declare.</exception>
    public RenderedPrompt Render(string callId, IReadOnlyDictionary<string, string> values)
    {
        if (Fields.Select(field => field.Name).Except(values.Keys).FirstOrDefault() is { } missing)
        {
            throw new ArgumentException($"The prompt {Name} {Version} needs the field '{missing}'.", nameof(values));
        }

        if (values.Keys.Except(Fields.Select(field => field.Name)).FirstOrDefault() is { } undeclared)
        {
            throw new ArgumentException($"The prompt {Name} {Version} does not declare the field '{undeclared}', so it must not see it.", nameof(values));
        }

        var redactions = new Dictionary<string, int>(StringComparer.Ordinal);
        var shown = Fields.ToDictionary(field => field.Name, field => Shown(field, values[field.Name], redactions), StringComparer.Ordinal);
        var marker = MarkerOf(callId, shown.Values);
        var quoted = Fields.ToDictionary(field => field.Name, field => field.Quote ? Quoted(field.Name, shown[field.Name], marker) : shown[field.Name], StringComparer.Ordinal);
        quoted[Marker] = marker;
        return new RenderedPrompt(
            Reference, callId, Fill(System, quoted), Fill(User, quoted), Schema,
            Path.GetFileNameWithoutExtension(SchemaFile).Replace('.', '_'), marker, redactions);
    }

    /// <summary>The marks that begin and end quoted text.</summary>
    internal static (string Begin, string End) Marks(string field, string marker) => ($"<<data {marker} {field}>>", $"<<end {marker}>>");

    internal static IEnumerable<string> Names(string text) => Placeholder().Matches(text).Select(match => match.Groups["name"].Value).Distinct();

    private static string Shown(PromptField field, string value, Dictionary<string, int> redactions)
    {
        var text = ShownText.Clean(value, lines: field.Quote);
        if (field.Redact == Redact.None)
        {
            return text;
        }

        var (masked, counts) = PersonalData.Mask(text);
        foreach (var (kind, count) in counts)
        {
            redactions[$"{field.Name}.{kind}"] = count;
        }

        return masked;
    }

    private static string MarkerOf(string callId, IReadOnlyCollection<string> texts)
    {
        for (var draw = 0; ; draw++)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{callId}\n{draw}")));
            var marker = Convert.ToHexStringLower(hash)[..MarkerLength];
            if (!texts.Any(text => text.Contains(marker, StringComparison.OrdinalIgnoreCase)))
            {
                return marker;
            }
        }
    }

    private static string Quoted(string field, string text, string marker)
    {
        var (begin, end) = Marks(field, marker);
        return $"{begin}\n{text}\n{end}";
    }

    private static string Fill(string template, Dictionary<string, string> values) => Placeholder().Replace(template, match => values[match.Groups["name"].Value]);

    [GeneratedRegex(@"\{\{(?<name>[a-z][a-z0-9_]*)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex Placeholder();
}
