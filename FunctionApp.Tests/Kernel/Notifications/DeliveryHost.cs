using Advisor.Insights.Alerts;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Notifications;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Notifications;

/// <summary>A host of its own for each test, with a clock to move, a receiver to tell and an operator who looks.</summary>
public abstract class DeliveryHost : IAsyncLifetime
{
    protected static TenantId Tenant { get; } = new(RunningAdvisor.Tenant);

    private WebhookReceiver? _receiver;
    private RunningAdvisor? _advisor;
    private ApiClient? _operator;

    private protected ManualTimeProvider Clock { get; } = new();

    private protected WebhookReceiver Receiver => _receiver!;

    protected RunningAdvisor Advisor => _advisor!;

    protected ApiClient Operator => _operator!;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }

        await Receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected IRecordStore Records => Advisor.Services.GetRequiredService<IRecordStore>();

    private protected async Task StartAsync(params (string Name, string? Value)[] settings)
    {
        _advisor = await RunningAdvisor.StartAsync(Clock, settings);
        _operator = await _advisor.ClientAsync(Role.Operator);
    }

    private protected Notification Sample(string id) => Notification.Create(id, Tenant, [new Recipient("ann", "ann@northwind.example")],
        new SummaryReady("report", "Northwind", "7", "2", ["Revenue fell.", "Cash rose."]), "/api/v1/documents/d1/summary", Clock.GetUtcNow());

    private protected async Task<string> AcceptAsync(string id)
    {
        await Advisor.Services.GetRequiredService<NotificationDesk>().AcceptAsync(Sample(id), TestContext.Current.CancellationToken);
        return id;
    }

    private protected Task RepeatAsync(string id) => Advisor.Services.GetRequiredService<IMessageBus>().SendAsync(
        NotificationQueues.Due, NotificationDue.Message(Tenant, id, 0) with { MessageId = Guid.NewGuid().ToString() }, TestContext.Current.CancellationToken);

    /// <summary>The one delivery of a notification, once it is as wanted and its round has ended.</summary>
    private protected async Task<ChannelDelivery> UntilAsync(string id, Func<ChannelDelivery, bool> wanted) =>
        (await RecordAsync(id, record => wanted(record.Deliveries.ShouldHaveSingleItem()))).Deliveries[0];

    private protected static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected async Task<NotificationRecord> RecordAsync(string id, Func<NotificationRecord, bool> wanted, bool claimed = false)
    {
        NotificationRecord? record = null;
        await Operator.UntilAsync($"/api/v1/notifications/{id}", _ =>
            (record = Records.FindAsync(NotificationRecord.Container, Tenant, id, CancellationToken.None).Result!.Value).ClaimedUntil is null != claimed && wanted(record));
        return record!;
    }
}
