using System.ComponentModel.DataAnnotations;
using System.Net.Mail;
using Advisor.Kernel.Tenancy;

namespace Advisor.Kernel.Notifications;

/// <summary>Settings of notifications, section <c>Notifications</c>.</summary>
public sealed class NotificationsOptions : IValidatableObject
{
    /// <summary>Every name a channel can have.</summary>
    public static IReadOnlyList<string> ChannelNames { get; } = ["outbox", "webhook", "teams", "smtp"];

    /// <summary>The channels that serve; each notification goes to all of them. Empty means the outbox alone.</summary>
    public IList<string> Channels { get; } = [];

    /// <summary>Where people reach the product, before the paths in messages: <c>https://advisor.example</c>. Needed by mail and Teams.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Lets the webhook and Teams addresses be plain http on this machine. For trying things out.</summary>
    public bool AllowLoopbackHttp { get; set; }

    /// <summary>Attempts of a channel before its message is dead. Default 8: with the pauses between them, most of a day.</summary>
    [Range(1, 12, ErrorMessage = "Notifications:MaxAttempts must be from 1 to 12.")]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Days for which the outbox keeps a notification. Default 90: a quarter's reporting can still be looked up in it.</summary>
    [Range(1, 3650, ErrorMessage = "Notifications:OutboxDays must be from 1 to 3650.")]
    public int OutboxDays { get; set; } = 90;

    public WebhookOptions Webhook { get; } = new();

    public TeamsOptions Teams { get; } = new();

    public SmtpOptions Smtp { get; } = new();

    /// <summary>What holds for a tenant instead of the above, by the tenant's id.</summary>
    public IDictionary<string, TenantNotificationsOptions> Tenants { get; } = new Dictionary<string, TenantNotificationsOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What holds for the tenant: its own where it has its own, else the installation's.</summary>
    public TenantChannels For(TenantId tenant) => For(Tenants.TryGetValue(tenant.Value, out var own) ? own : new TenantNotificationsOptions());

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl is not null && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url is { PathAndQuery: "/", UserInfo: "" }))
        {
            yield return new ValidationResult("Notifications:PublicUrl must be an absolute URL without a path, such as https://advisor.example.");
        }

        var faults = FaultsOf("Notifications", For(new TenantNotificationsOptions())).Concat(Tenants.SelectMany(tenant => TenantFaults(tenant.Key, tenant.Value)));
        foreach (var fault in faults.Distinct(StringComparer.Ordinal))
        {
            yield return new ValidationResult(fault);
        }
    }

    /// <summary>Names the receiver behind a channel, which tenants without one of their own share.</summary>
    public string ReceiverOf(string channel, TenantId tenant) => (channel, For(tenant)) switch
    {
        ("webhook", var settings) when settings.Webhook != Webhook => $"{channel}-{tenant}",
        ("teams", var settings) when settings.Teams != Teams => $"{channel}-{tenant}",
        _ => channel,
    };

    private TenantChannels For(TenantNotificationsOptions own) => new(
        own.Channels.Count > 0 ? [.. own.Channels] : Channels.Count > 0 ? [.. Channels] : [ChannelNames[0]],
        own.Webhook.Url is null ? Webhook : own.Webhook,
        own.Teams.Url is null ? Teams : own.Teams,
        [.. own.Recipients]);

    private IEnumerable<string> TenantFaults(string tenant, TenantNotificationsOptions own)
    {
        var section = $"Notifications:Tenants:{tenant}";
        if (!TenantId.TryParse(tenant.ToLowerInvariant(), out _))
        {
            yield return $"{section} names no tenant: an id has 1 to 64 of a-z, 0-9 and '-'.";
        }

        if (own.Webhook is { Url: null, Secret: not null })
        {
            yield return $"{section}:Webhook:Url must be set where {section}:Webhook:Secret is: the secret is that of the tenant's own receiver.";
        }

        foreach (var address in own.Recipients.Where(address => !MailAddress.TryCreate(address, out var parsed) || parsed.Address != address))
        {
            yield return $"{section}:Recipients names '{address}', which is not an e-mail address.";
        }

        foreach (var fault in FaultsOf(section, For(own)))
        {
            yield return fault;
        }
    }

    /// <param name="section">Where the channels are named; what is wrong with a receiver is said of the section that it comes from.</param>
    private IEnumerable<string> FaultsOf(string section, TenantChannels settings) => settings.Channels.Distinct().SelectMany(channel => channel switch
    {
        "outbox" => [],
        "webhook" => WebhookFaults(settings.Webhook == Webhook ? "Notifications" : section, settings.Webhook),
        "teams" => TeamsFaults(settings.Teams == Teams ? "Notifications" : section, settings.Teams),
        "smtp" => SmtpFaults(),
        _ => [$"{section}:Channels names '{channel}'; the channels are {string.Join(", ", ChannelNames)}."],
    });

    private IEnumerable<string> WebhookFaults(string section, WebhookOptions webhook)
    {
        if (!IsAllowed(webhook.Url))
        {
            yield return $"{section}:Webhook:Url must be an https:// URL.";
        }

        // 256 bits as hexadecimal or Base64 are longer; a short secret could be found from one message.
        if (webhook.Secret is not { Length: >= 32 })
        {
            yield return $"{section}:Webhook:Secret must have at least 32 characters.";
        }
    }

    private IEnumerable<string> TeamsFaults(string section, TeamsOptions teams)
    {
        if (!IsAllowed(teams.Url))
        {
            yield return $"{section}:Teams:Url must be an https:// URL.";
        }

        if (PublicUrl is null)
        {
            yield return "Notifications:PublicUrl must be set for the channel teams: a card's button needs a whole address.";
        }
    }

    private IEnumerable<string> SmtpFaults()
    {
        if (string.IsNullOrWhiteSpace(Smtp.Host))
        {
            yield return "Notifications:Smtp:Host must be set for the channel smtp.";
        }

        if (Smtp.Port is < 1 or > 65535)
        {
            yield return "Notifications:Smtp:Port must be from 1 to 65535.";
        }

        // System.Net.Mail speaks STARTTLS alone: on this port both sides would wait for the other until the time is up.
        if (Smtp.Port == 465)
        {
            yield return "Notifications:Smtp:Port must not be 465: TLS from the first byte is not spoken. Give the port on which the server offers STARTTLS, usually 587.";
        }

        if (!MailAddress.TryCreate(Smtp.From, out _))
        {
            yield return "Notifications:Smtp:From must be an e-mail address.";
        }

        if (Smtp is { User: not null, StartTls: false })
        {
            yield return "Notifications:Smtp:StartTls must be true where Notifications:Smtp:User is set: the password would travel in the clear.";
        }

        if (PublicUrl is null)
        {
            yield return "Notifications:PublicUrl must be set for the channel smtp: a mail's link needs a whole address.";
        }
    }

    private bool IsAllowed(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (AllowLoopbackHttp && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
