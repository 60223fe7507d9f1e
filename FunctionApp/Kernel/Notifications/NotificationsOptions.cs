using System.ComponentModel.DataAnnotations;
using System.Net.Mail;

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

    /// <summary>Whether notifications that are made now go to the channel.</summary>
    public bool Serves(string channel) => Channels.Count == 0 ? channel == ChannelNames[0] : Channels.Contains(channel);

    public WebhookOptions Webhook { get; } = new();

    public TeamsOptions Teams { get; } = new();

    public SmtpOptions Smtp { get; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var unknown in Channels.Except(ChannelNames))
        {
            yield return new ValidationResult($"Notifications:Channels names '{unknown}'; the channels are {string.Join(", ", ChannelNames)}.");
        }

        if (PublicUrl is not null && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url is { PathAndQuery: "/", UserInfo: "" }))
        {
            yield return new ValidationResult("Notifications:PublicUrl must be an absolute URL without a path, such as https://advisor.example.");
        }

        var faults = Channels.Distinct().SelectMany(channel => channel switch
        {
            "webhook" => WebhookFaults(),
            "teams" => TeamsFaults(),
            "smtp" => SmtpFaults(),
            _ => [],
        });
        foreach (var fault in faults)
        {
            yield return new ValidationResult(fault);
        }
    }

    private IEnumerable<string> WebhookFaults()
    {
        if (!IsAllowed(Webhook.Url))
        {
            yield return "Notifications:Webhook:Url must be an https:// URL.";
        }

        // 256 bits as hexadecimal or Base64 are longer; a short secret could be found from one message.
        if (Webhook.Secret is not { Length: >= 32 })
        {
            yield return "Notifications:Webhook:Secret must have at least 32 characters.";
        }
    }

    private IEnumerable<string> TeamsFaults()
    {
        if (!IsAllowed(Teams.Url))
        {
            yield return "Notifications:Teams:Url must be an https:// URL.";
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

/// <summary>Section <c>Notifications:Webhook</c>.</summary>
public sealed class WebhookOptions
{
    public string? Url { get; set; }

    /// <summary>Key of the signature; at least 32 characters, known to the receiver.</summary>
    public string? Secret { get; set; }
}

/// <summary>Section <c>Notifications:Teams</c>.</summary>
public sealed class TeamsOptions
{
    /// <summary>Of a workflow that posts a card to a channel. Whoever has it can post, so it is kept like a secret.</summary>
    public string? Url { get; set; }
}

/// <summary>Section <c>Notifications:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    /// <summary>Whether the connection must turn to TLS before anything is said.</summary>
    public bool StartTls { get; set; } = true;

    public string? User { get; set; }

    public string? Password { get; set; }

    public string? From { get; set; }
}
