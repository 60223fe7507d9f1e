using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

public sealed class NotificationsOptionsTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("Notifications:MaxAttempts must be from 1 to 12.", "MaxAttempts=0")]
    [InlineData("Notifications:MaxAttempts must be from 1 to 12.", "MaxAttempts=13")]
    [InlineData("Notifications:Channels names 'pigeon'; the channels are outbox, webhook, teams, smtp.", "Channels:0=pigeon")]
    [InlineData("Notifications:PublicUrl must be an absolute URL without a path, such as https://advisor.example.", "PublicUrl=advisor.example")]
    [InlineData("Notifications:PublicUrl must be an absolute URL without a path, such as https://advisor.example.", "PublicUrl=https://advisor.example/app")]
    [InlineData("Notifications:PublicUrl must be an absolute URL without a path, such as https://advisor.example.", "PublicUrl=javascript:alert(1)")]
    [InlineData("Notifications:Webhook:Url must be an https:// URL.", "Channels:0=webhook", "Webhook:Secret=" + Secret)]
    [InlineData("Notifications:Webhook:Url must be an https:// URL.", "Channels:0=webhook", "Webhook:Secret=" + Secret, "Webhook:Url=http://127.0.0.1/")]
    [InlineData("Notifications:Webhook:Url must be an https:// URL.", "Channels:0=webhook", "Webhook:Secret=" + Secret, "Webhook:Url=http://hooks.example/", "AllowLoopbackHttp=true")]
    [InlineData("Notifications:Webhook:Url must be an https:// URL.", "Channels:0=webhook", "Webhook:Secret=" + Secret, "Webhook:Url=https://me:you@hooks.example/")]
    [InlineData("Notifications:Webhook:Secret must have at least 32 characters.", "Channels:0=webhook", "Webhook:Url=https://hooks.example/", "Webhook:Secret=0123456789abcdef0123456789abcde")]
    [InlineData("Notifications:Teams:Url must be an https:// URL.", "Channels:0=teams", "PublicUrl=https://advisor.example", "Teams:Url=ftp://hooks.example/")]
    [InlineData("Notifications:PublicUrl must be set for the channel teams: a card's button needs a whole address.", "Channels:0=teams", "Teams:Url=https://hooks.example/")]
    [InlineData("Notifications:Smtp:Host must be set for the channel smtp.", "Channels:0=smtp", "PublicUrl=https://advisor.example", "Smtp:From=advisor@advisor.example")]
    [InlineData("Notifications:Smtp:Port must be from 1 to 65535.", "Channels:0=smtp", "PublicUrl=https://advisor.example", "Smtp:From=advisor@advisor.example", "Smtp:Host=mail", "Smtp:Port=0")]
    [InlineData("Notifications:Smtp:Port must not be 465: TLS from the first byte is not spoken. Give the port on which the server offers STARTTLS, usually 587.",
        "Channels:0=smtp", "PublicUrl=https://advisor.example", "Smtp:From=advisor@advisor.example", "Smtp:Host=mail", "Smtp:Port=465")]
    [InlineData("Notifications:OutboxDays must be from 1 to 3650.", "OutboxDays=0")]
    [InlineData("Notifications:OutboxDays must be from 1 to 3650.", "OutboxDays=3651")]
    [InlineData("Notifications:Tenants:a_b names no tenant: an id has 1 to 64 of a-z, 0-9 and '-'.", "Tenants:a_b:Channels:0=outbox")]
    [InlineData("Notifications:Tenants:acme:Channels names 'pigeon'; the channels are outbox, webhook, teams, smtp.", "Tenants:acme:Channels:0=pigeon")]
    [InlineData("Notifications:Tenants:acme:Webhook:Url must be an https:// URL.", "Tenants:acme:Channels:0=webhook", "Tenants:acme:Webhook:Url=http://hooks.example/", "Tenants:acme:Webhook:Secret=" + Secret)]
    [InlineData("Notifications:Tenants:acme:Webhook:Secret must have at least 32 characters.",
        "Channels:0=webhook", "Webhook:Url=https://hooks.example/", "Webhook:Secret=" + Secret, "Tenants:acme:Webhook:Url=https://hooks.acme.example/")]
    [InlineData("Notifications:Tenants:acme:Webhook:Url must be set where Notifications:Tenants:acme:Webhook:Secret is: the secret is that of the tenant's own receiver.",
        "Tenants:acme:Webhook:Secret=" + Secret)]
    [InlineData("Notifications:Webhook:Url must be an https:// URL.", "Webhook:Secret=" + Secret, "Tenants:acme:Channels:0=webhook")]
    [InlineData("Notifications:Tenants:acme:Teams:Url must be an https:// URL.", "PublicUrl=https://advisor.example", "Tenants:acme:Channels:0=teams", "Tenants:acme:Teams:Url=ftp://hooks.example/")]
    [InlineData("Notifications:Tenants:acme:Recipients names 'finance', which is not an e-mail address.", "Tenants:acme:Recipients:0=finance")]
    [InlineData("Notifications:Smtp:From must be an e-mail address.", "Channels:0=smtp", "PublicUrl=https://advisor.example", "Smtp:Host=mail", "Smtp:From=advisor")]
    [InlineData("Notifications:PublicUrl must be set for the channel smtp: a mail's link needs a whole address.", "Channels:0=smtp", "Smtp:Host=mail", "Smtp:From=advisor@advisor.example")]
    [InlineData("Notifications:Smtp:StartTls must be true where Notifications:Smtp:User is set: the password would travel in the clear.",
        "Channels:0=smtp", "PublicUrl=https://advisor.example", "Smtp:Host=mail", "Smtp:From=advisor@advisor.example", "Smtp:StartTls=false", "Smtp:User=advisor")]
    public async Task Start_InvalidValue_FailsWithItsMessage(string message, params string[] settings)
    {
        var said = await RefusedStart.ShouldSayAsync(message, [.. settings.Select(setting => ($"Notifications:{setting.Split('=', 2)[0]}", (string?)setting.Split('=', 2)[1]))]);
        said.ShouldNotContain("0123456789abcde");
    }

    [Fact]
    public async Task Start_ChannelThatDoesNotServe_NeedsNoSettings()
    {
        await using var advisor = await RunningAdvisor.StartAsync(("Notifications:Smtp:From", "nobody"), ("Notifications:Channels:0", "outbox"));
        advisor.Url.IsLoopback.ShouldBeTrue();
    }
}
