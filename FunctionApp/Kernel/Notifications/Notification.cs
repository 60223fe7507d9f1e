using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Notifications;

/// <summary>What a template is filled with. Strings stand for themselves, one list of strings for repeated lines; nothing else may be in it.</summary>
/// <remarks>
/// The record's properties in snake_case are the template's placeholders, <c>Items</c> is <c>{{item}}</c>. Numbers come as text from where they
/// were computed. What is null or empty leaves its line out. Text from documents may stand in any of them: it is data in every format.
/// </remarks>
public interface INotificationModel
{
    /// <summary>The kind of the notification and the name of its template, kebab-case: <c>summary-ready</c>.</summary>
    static abstract string Kind { get; }

    /// <summary>Semantic version of the template that is filled.</summary>
    static abstract string Version { get; }
}

/// <summary>A person to be told. The address comes from the <see cref="IUserDirectory"/>, never from a document or a body.</summary>
public sealed record Recipient(string UserId, string Email)
{
    public static Recipient Of(Caller user) => new(user.UserId, user.Email);
}

/// <summary>Something that people are to be told, by every channel that serves.</summary>
/// <param name="Id">Deterministic for what is told, so that telling twice is one notification.</param>
/// <param name="Recipients">Empty for the tenant's channel: no one in particular.</param>
/// <param name="Values">By placeholder; cleaned by <see cref="SafeText.Clean"/>.</param>
/// <param name="Items">Cleaned likewise.</param>
/// <param name="Link">Where to read on: a path from the root.</param>
public sealed partial record Notification(
    string Id,
    TenantId Tenant,
    string Kind,
    string TemplateVersion,
    IReadOnlyList<Recipient> Recipients,
    IReadOnlyDictionary<string, string> Values,
    IReadOnlyList<string> Items,
    string Link,
    DateTimeOffset CreatedAt)
{
    /// <exception cref="ArgumentException">The link is not a plain path from the root.</exception>
    public static Notification Create<TModel>(
        string id, TenantId tenant, IReadOnlyList<Recipient> recipients, TModel model, string link, DateTimeOffset createdAt)
        where TModel : class, INotificationModel
    {
        if (!PlainPath().IsMatch(link))
        {
            throw new ArgumentException("The link of a notification is a path from the root, of the product's own making.", nameof(link));
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        IReadOnlyList<string> items = [];
        foreach (var property in typeof(TModel).GetProperties())
        {
            switch (property.GetValue(model))
            {
                case IEnumerable<string> list:
                    items = [.. list.Select(SafeText.Clean).Where(item => item.Length > 0)];
                    break;
                case var value:
                    values[JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)] = SafeText.Clean((string?)value ?? "");
                    break;
            }
        }

        return new Notification(id, tenant, TModel.Kind, TModel.Version, recipients, values, items, link, createdAt);
    }

    [JsonIgnore]
    public string TemplateName => $"{Kind}.v{TemplateVersion}";

    [GeneratedRegex(@"\A/[A-Za-z0-9/_\-.~?=&%]*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainPath();
}
