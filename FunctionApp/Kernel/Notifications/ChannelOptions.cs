namespace Advisor.Kernel.Notifications;

/// <summary>What one tenant has instead of the installation's settings, section <c>Notifications:Tenants:{tenant}</c>. What it leaves out is the installation's.</summary>
public sealed class TenantNotificationsOptions
{
    /// <summary>The channels that serve the tenant, all of them named; empty means those of the installation.</summary>
    public IList<string> Channels { get; } = [];

    /// <summary>Address and secret go together: a tenant's receiver is never given what is signed with the installation's secret.</summary>
    public WebhookOptions Webhook { get; } = new();

    public TeamsOptions Teams { get; } = new();

    /// <summary>Mailboxes that are written to where a notification is for nobody in particular.</summary>
    public IList<string> Recipients { get; } = [];
}

/// <summary>How a tenant's notifications go out.</summary>
public sealed record TenantChannels(IReadOnlyList<string> Channels, WebhookOptions Webhook, TeamsOptions Teams, IReadOnlyList<string> Recipients);

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
