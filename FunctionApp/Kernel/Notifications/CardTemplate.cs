using System.Text.Json;
using System.Text.Json.Nodes;

namespace Advisor.Kernel.Notifications;

/// <summary>An Adaptive Card with placeholders in its strings.</summary>
/// <remarks>
/// The card is filled as a tree and written as JSON afterwards, so no value can end a string. Values stand in a <c>TextRun</c> only: of all
/// texts of a card it alone is never read as Markdown. The link stands alone in a <c>url</c>.
/// </remarks>
internal sealed class CardTemplate
{
    private readonly JsonObject _card;

    /// <exception cref="JsonException">It is not a JSON object.</exception>
    public CardTemplate(string json)
    {
        _card = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("A card is an object.");
        Faults = [.. FaultsOf(_card)];
        Names = [.. NamesOf(_card).Distinct()];
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Placeholders that stand where a value could be more than text.</summary>
    public IReadOnlyList<string> Faults { get; }

    public JsonObject Render(Notification notification, string url) =>
        (JsonObject)Filled(_card, new NotificationTemplates.Values(notification, url, Item: null));

    private static JsonNode Filled(JsonNode? node, NotificationTemplates.Values values) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)Filled(member.Value, values)))),
        JsonArray elements => new JsonArray([.. elements.SelectMany(element => Repeated(element, values))]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => NotificationTemplates.Fill(text.GetValue<string>(), values, NotificationTemplates.Plain),
        _ => node!.DeepClone(),
    };

    private static IEnumerable<JsonNode> Repeated(JsonNode? element, NotificationTemplates.Values values) =>
        // Within a repeated element the item is known: its inner arrays are not repeated again.
        values.Item is not null
            ? [Filled(element, values)]
            : NotificationTemplates.Values.For(NamesOf(element), values.Notification, values.Url).Select(filling => Filled(element, filling));

    private static IEnumerable<string> NamesOf(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => NamesOf(member.Value)),
        JsonArray elements => elements.SelectMany(NamesOf),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => NotificationTemplates.Names(text.GetValue<string>()),
        _ => [],
    };

    private static IEnumerable<string> FaultsOf(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Value is JsonValue ? MemberFaults(members, member.Key, member.Value) : FaultsOf(member.Value)),
        JsonArray elements => elements.SelectMany(FaultsOf),
        null => ["a card has no nulls."],
        _ => [],
    };

    private static IEnumerable<string> MemberFaults(JsonObject owner, string member, JsonNode value) => NamesOf(value)
        .Where(name => name == NotificationTemplates.Link
            ? member != "url" || value.GetValue<string>() != $"{{{{{NotificationTemplates.Link}}}}}"
            : member != "text" || (string?)owner["type"] != "TextRun")
        .Select(name => $"{{{{{name}}}}} stands in '{member}', where its value could be more than text.");
}
