using Advisor.Insights.Alerts;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

public sealed class MailTests : IAsyncLifetime
{
    private static readonly TenantId s_tenant = new(RunningAdvisor.Tenant);

    private readonly MailServer _server = new();
    private RunningAdvisor? _advisor;

    private RunningAdvisor Advisor => _advisor!;

    public async ValueTask InitializeAsync() => _advisor = await RunningAdvisor.StartAsync(_server.Settings);

    public async ValueTask DisposeAsync()
    {
        await Advisor.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Mail_ToEachRecipient_HasTextAndHtml()
    {
        var record = await SendAsync("report.pdf", "ann@northwind.example", "bob@northwind.example");
        record.Status.ShouldBe(DeliveryStatus.Accepted);
        record.Deliveries.ShouldAllBe(delivery => delivery.Receipt == "accepted by 127.0.0.1");
        _server.Received.SelectMany(mail => mail.To).Order().ShouldBe(["ann@northwind.example", "bob@northwind.example"]);
        var mail = _server.Received.Single(mail => mail.To[0].StartsWith("ann", StringComparison.Ordinal));
        mail.Header("Subject").ShouldBe("Summary ready: report.pdf");
        mail.Header("To").ShouldBe("ann@northwind.example");
        mail.Header("From").ShouldBe("advisor@advisor.example");
        mail.Header("Content-Type").ShouldStartWith("multipart/alternative");
        mail.Header("Auto-Submitted").ShouldBe("auto-generated");
        mail.Header("Message-ID").ShouldBe($"<{record.Deliveries.Single(delivery => delivery.Recipient!.UserId == "ann@northwind.example").Id}@advisor.example>");
        mail.Body.ShouldContain("Content-Type: text/plain; charset=utf-8");
        mail.Body.ShouldContain("Content-Type: text/html; charset=utf-8");
        mail.Body.ShouldContain("\r\nRead it: https://advisor.example/api/v1/documents/d1/summary\r\n");
        mail.Body.ShouldContain("<a href=\"https://advisor.example/api/v1/documents/d1/summary\">");
    }

    [Theory]
    [InlineData("report\r\nBcc: everyone@evil.example")]
    [InlineData("report\nTo: everyone@evil.example\n\nPay now")]
    [InlineData("report\r\n.\r\nMAIL FROM:<a@evil.example>")]
    [InlineData("=?utf-8?q?report=0d=0aBcc:_everyone@evil.example?=")]
    [InlineData("東京\u0085Bcc: everyone@evil.example")]
    public async Task Mail_HostileDocumentName_StaysInTheSubject(string document)
    {
        (await SendAsync(document, "ann@northwind.example")).Status.ShouldBe(DeliveryStatus.Accepted);
        var mail = _server.Received.ShouldHaveSingleItem();
        mail.To.ShouldBe(["ann@northwind.example"]);
        mail.Headers.Select(header => header.Split(':')[0]).ShouldBe(
            ["MIME-Version", "From", "To", "Date", "Subject", "Content-Type", "Message-ID", "X-Advisor-Delivery", "Auto-Submitted"], ignoreOrder: true);
        _server.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData("ann@northwind.example\r\nBcc: everyone@evil.example")]
    [InlineData("ann@northwind.example, everyone@evil.example")]
    [InlineData("ann@northwind.example>\r\nRCPT TO:<everyone@evil.example")]
    [InlineData("Ann <ann@northwind.example>")]
    [InlineData("nobody")]
    public async Task Mail_AddressThatIsMoreThanOne_IsRefusedWithoutAskingTheServer(string address)
    {
        var delivery = (await SendAsync("report", address)).Deliveries.ShouldHaveSingleItem();
        delivery.Status.ShouldBe(DeliveryStatus.Dead);
        delivery.LastError.ShouldBe("The recipient's address is not an e-mail address.");
        _server.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData("550 no such user", DeliveryStatus.Dead, "The mail server answered 550.")]
    [InlineData("451 later", DeliveryStatus.Failed, "The mail server answered 451.")]
    public async Task Mail_ServerThatRefuses_IsTriedAgainOnlyWhereThatMayHelp(string answer, DeliveryStatus status, string reason)
    {
        _server.Recipient = answer;
        var delivery = (await SendAsync("report", "ann@northwind.example")).Deliveries.ShouldHaveSingleItem();
        delivery.Status.ShouldBe(status);
        delivery.LastError.ShouldBe(reason);
    }

    [Fact]
    public async Task Mail_NobodyToSendItTo_IsKeptInTheOutbox()
    {
        (await SendAsync("report")).Deliveries.ShouldHaveSingleItem().Channel.ShouldBe("outbox");
        Advisor.Outbox.Count.ShouldBe(2);
        _server.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Mail_NobodyToSendItToButMailboxesOfTheTenant_GoesToThose()
    {
        await using var configured = await RunningAdvisor.StartAsync([.. _server.Settings, ($"Notifications:Tenants:{RunningAdvisor.Tenant}:Recipients:0", "finance@northwind.example")]);
        (await SendAsync(configured, "report")).Status.ShouldBe(DeliveryStatus.Accepted);
        _server.Received.ShouldHaveSingleItem().To.ShouldBe(["finance@northwind.example"]);
        await using var named = await RunningAdvisor.StartAsync([.. _server.Settings, ($"Notifications:Tenants:{RunningAdvisor.Tenant}:Recipients:0", "finance@northwind.example")]);
        await SendAsync(named, "report", "ann@northwind.example");
        _server.Received.Last().To.ShouldBe(["ann@northwind.example"]);
    }

    [Fact]
    public async Task Mail_ServerWithoutTls_GetsNothingWhereTlsIsDemanded()
    {
        await using var strict = await RunningAdvisor.StartAsync([.. _server.Settings.Where(setting => setting.Name != "Notifications:Smtp:StartTls")]);
        var delivery = (await SendAsync(strict, "report", "ann@northwind.example")).Deliveries.ShouldHaveSingleItem();
        delivery.Status.ShouldBe(DeliveryStatus.Failed);
        delivery.LastError.ShouldBe("The mail server could not be reached, or offers no TLS.");
        _server.Received.ShouldBeEmpty();
    }

    private Task<NotificationRecord> SendAsync(string document, params string[] recipients) => SendAsync(Advisor, document, recipients);

    /// <summary>The notification after its first round.</summary>
    private static async Task<NotificationRecord> SendAsync(RunningAdvisor advisor, string document, params string[] recipients)
    {
        var notification = Notification.Create("n1", s_tenant, [.. recipients.Select(email => new Recipient(email, email))],
            new SummaryReady(document, null, "1", null, ["Revenue fell."]), "/api/v1/documents/d1/summary", DateTimeOffset.UtcNow);
        await advisor.Services.GetRequiredService<NotificationDesk>().AcceptAsync(notification, TestContext.Current.CancellationToken);
        var records = advisor.Services.GetRequiredService<IRecordStore>();
        var client = await advisor.ClientAsync(Role.Operator);
        NotificationRecord? record = null;
        await client.UntilAsync("/api/v1/notifications/n1", _ =>
            (record = records.FindAsync(NotificationRecord.Container, s_tenant, "n1", CancellationToken.None).Result!.Value) is { ClaimedUntil: null }
            && record.Deliveries.All(delivery => delivery.Attempts > 0));
        return record!;
    }
}
