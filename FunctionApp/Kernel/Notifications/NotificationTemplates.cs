using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Advisor.Kernel.Notifications;

/// <summary>A notification in words, in every format that a channel may need.</summary>
/// <param name="Html">A whole HTML document.</param>
/// <param name="Card">An Adaptive Card.</param>
public sealed record RenderedNotification(string Subject, string Text, string Html, JsonObject Card);

/// <summary>The templates that the product ships: for each kind and version a subject, a text, an HTML and a card.</summary>
/// <remarks>
/// A placeholder is <c>{{name}}</c>. A line (of a card: an element of an array) with <c>{{item}}</c> is repeated for each item; one whose
/// placeholders are all empty is left out. Values are put in once and encoded for the format, so that a value can be no placeholder and no markup.
/// The whole set is checked when it is made: a template that cannot be filled never gets as far as a message.
/// </remarks>
public sealed partial class NotificationTemplates
{
    /// <summary>Placeholder of the notification's link, in every template without being in a model.</summary>
    public const string Link = "link";

    /// <summary>Placeholder of the tenant that is told, likewise: a mailbox or a chat may be told of several.</summary>
    public const string Tenant = "tenant";

    /// <summary>Placeholder of one of the model's items.</summary>
    public const string Item = "item";

    private const string ResourcePrefix = "Advisor.Notifications.";
    private static readonly string[] s_formats = ["subject", "text", "html", "card"];

    private readonly FrozenDictionary<string, Template> _templates;

    /// <summary>The set of the product's own assembly.</summary>
    public NotificationTemplates()
        : this(Resources(typeof(NotificationTemplates).Assembly), typeof(NotificationTemplates).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(INotificationModel))))
    {
    }

    /// <param name="files">By name: <c>summary-ready.v1.0.0.text</c>.</param>
    /// <param name="models">Each must have a template of its kind and version with exactly its properties as placeholders.</param>
    /// <exception cref="InvalidOperationException">A template lacks a format, is malformed, or does not fit its model; the message names all that is wrong.</exception>
    internal NotificationTemplates(IReadOnlyDictionary<string, string> files, IEnumerable<Type> models)
    {
        var faults = new List<string>();
        var templates = files.GroupBy(file => file.Key[..file.Key.LastIndexOf('.')], StringComparer.Ordinal)
            .Select(template => (template.Key, Value: Parse(template.Key, template.ToDictionary(file => file.Key[(template.Key.Length + 1)..], file => file.Value), faults)))
            .Where(template => template.Value is not null)
            .ToDictionary(template => template.Key, template => template.Value!, StringComparer.Ordinal);
        foreach (var model in models)
        {
            faults.AddRange(Mismatches(model, templates));
        }

        _templates = faults.Count == 0 ? templates.ToFrozenDictionary(StringComparer.Ordinal) : throw new InvalidOperationException(string.Join(' ', faults));
    }

    /// <summary>The notification in words; null when its template is no longer shipped.</summary>
    /// <param name="url">What the link is in the message.</param>
    public RenderedNotification? Render(Notification notification, string url) =>
        _templates.TryGetValue(notification.TemplateName, out var template) ? template.Render(notification, url) : null;

    private static Template? Parse(string name, Dictionary<string, string> files, List<string> faults)
    {
        var missing = s_formats.Except(files.Keys).Select(format => $"{name}.{format} is missing.").Concat(files.Keys.Except(s_formats).Select(format => $"{name}.{format} is no format.")).ToList();
        faults.AddRange(missing);
        if (missing.Count > 0)
        {
            return null;
        }

        try
        {
            var card = new CardTemplate(files["card"]);
            faults.AddRange(card.Faults.Select(fault => $"{name}.card: {fault}"));
            if (files["subject"].Contains("{{item}}", StringComparison.Ordinal) || files["subject"].Trim().Contains('\n'))
            {
                faults.Add($"{name}.subject is one line without items.");
            }

            return new Template(files["subject"].Trim(), files["text"], files["html"], card);
        }
        catch (JsonException)
        {
            faults.Add($"{name}.card is not a JSON object.");
            return null;
        }
    }

    private static IEnumerable<string> Mismatches(Type model, Dictionary<string, Template> templates)
    {
        var name = $"{Constant(model, nameof(INotificationModel.Kind))}.v{Constant(model, nameof(INotificationModel.Version))}";
        if (!templates.TryGetValue(name, out var template))
        {
            yield return $"{name} is missing: {model.Name} fills it.";
            yield break;
        }

        var properties = model.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var property in properties.Where(property => property.PropertyType != typeof(string) && property.PropertyType != typeof(IReadOnlyList<string>)))
        {
            yield return $"{model.Name}.{property.Name} is neither a string nor a list of strings.";
        }

        var names = properties.Select(property => property.PropertyType == typeof(string) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) : Item).Append(Link).Append(Tenant).ToList();
        foreach (var (format, used) in template.Placeholders)
        {
            foreach (var unknown in used.Except(names))
            {
                yield return $"{name}.{format} uses {{{{{unknown}}}}}, which {model.Name} does not have.";
            }

            // A subject says one thing; every other format says all.
            foreach (var unused in format == "subject" ? [] : names.Except(used))
            {
                yield return $"{name}.{format} does not use {{{{{unused}}}}}.";
            }
        }
    }

    private static string Constant(Type model, string name) => (string)model.GetProperty(name, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    private static Dictionary<string, string> Resources(Assembly assembly) =>
        assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)).ToDictionary(name => name[ResourcePrefix.Length..], name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            return reader.ReadToEnd();
        });

    [GeneratedRegex(@"\{\{(?<name>[a-z_]+)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex Placeholder();

    internal static IEnumerable<string> Names(string text) => Placeholder().Matches(text).Select(match => match.Groups["name"].Value).Distinct();

    private sealed record Template(string Subject, string Text, string Html, CardTemplate Card)
    {
        private const int MaxSubject = 150;

        public IEnumerable<(string Format, IReadOnlyList<string> Names)> Placeholders =>
            [("subject", [.. Names(Subject)]), ("text", [.. Names(Text)]), ("html", [.. Names(Html)]), ("card", [.. Card.Names])];

        public RenderedNotification Render(Notification notification, string url)
        {
            var subject = Fill(Subject, new Values(notification, url, Item: null), (_, value) => value);
            return new RenderedNotification(
                subject.Length <= MaxSubject ? subject : SafeText.Clean(subject[..(MaxSubject - 1)]).TrimEnd('\uFFFD') + "…",
                Lines(Text, notification, url, Plain),
                Lines(Html, notification, url, (name, value) => HtmlEncoder.Default.Encode(Plain(name, value))),
                Card.Render(notification, url));
        }

        private static string Lines(string template, Notification notification, string url, Func<string, string, string> encode) =>
            string.Concat(template.TrimEnd().Split('\n')
                .SelectMany(line => Values.For(NotificationTemplates.Names(line), notification, url).Select(values => Fill(line, values, encode) + '\n')));
    }

    /// <summary>The product's own address is meant to be a link, and nothing else is.</summary>
    internal static string Plain(string name, string value) => name == Link ? value : SafeText.Unlinked(value);

    internal static string Fill(string template, Values values, Func<string, string, string> encode) =>
        Placeholder().Replace(template, match => encode(match.Groups["name"].Value, values.Of(match.Groups["name"].Value)));

    /// <summary>What the placeholders of one line stand for.</summary>
    internal sealed record Values(Notification Notification, string Url, string? Item)
    {
        public string Of(string name) => name switch
        {
            Link => Url,
            Tenant => Notification.Tenant.Value,
            NotificationTemplates.Item => Item ?? "",
            _ => Notification.Values.GetValueOrDefault(name, ""),
        };

        /// <summary>The fillings of a line that has these placeholders: one for each item where it has them, none where there is nothing to say.</summary>
        public static IEnumerable<Values> For(IEnumerable<string> placeholders, Notification notification, string url)
        {
            var names = placeholders.ToList();
            var once = new Values(notification, url, Item: null);
            return names.Contains(NotificationTemplates.Item) ? notification.Items.Select(item => once with { Item = item })
                : names.Count == 0 || names.Exists(name => once.Of(name).Length > 0) ? [once]
                : [];
        }
    }
}
