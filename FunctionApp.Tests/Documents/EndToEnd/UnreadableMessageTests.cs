using System.Text;
using Advisor.Embedded.ServiceBus;
using Advisor.Kernel;
using Advisor.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>A message that nobody can read lies with the dead letters of its queue after one delivery, whichever queue it is.</summary>
public sealed class UnreadableMessageTests : IAsyncLifetime
{
    private RunningAdvisor? _advisor;

    public static IEnumerable<string> Queues { get; } = [.. ProductFunction.In(typeof(Composition).Assembly).Select(function => function.Queue).OfType<string>().Distinct().Order()];

    public async ValueTask InitializeAsync() => _advisor = await RunningAdvisor.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }
    }

    [Fact]
    public async Task Message_ThatCannotBeRead_IsDeadLetteredWithItsReasonAtItsFirstDelivery()
    {
        var bus = _advisor!.Services.GetRequiredService<IMessageBus>();
        var queues = _advisor.Services.GetRequiredService<SqliteQueues>();
        Queues.Count().ShouldBeGreaterThan(5);
        foreach (var queue in Queues)
        {
            await bus.SendAsync(queue, Message("no-json", "{", "northwind"), TestContext.Current.CancellationToken);
            await bus.SendAsync(queue, Message("no-tenant", "{}", null), TestContext.Current.CancellationToken);
        }

        foreach (var queue in Queues)
        {
            IReadOnlyList<DeadLetter> letters = [];
            while ((letters = queues.PeekDeadLetters(queue)).Count < 2)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            letters.OrderBy(letter => letter.MessageId).Select(letter => (letter.MessageId, letter.Reason, letter.DeliveryCount))
                .ShouldBe([("no-json", ReceivedMessages.Unreadable, 1), ("no-tenant", ReceivedMessages.NoTenant, 1)], queue);
        }
    }

    private static BusMessage Message(string id, string body, string? tenant) =>
        new(id, Encoding.UTF8.GetBytes(body), "test", tenant is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["tenant"] = tenant });
}
