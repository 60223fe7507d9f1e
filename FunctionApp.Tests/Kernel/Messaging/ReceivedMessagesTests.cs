using Advisor.Kernel.Messaging;
using Advisor.Kernel.Tenancy;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Moq;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Messaging;

/// <summary>What the product asks of the bus for a message: the same call on every host.</summary>
public sealed class ReceivedMessagesTests
{
    private readonly Mock<ServiceBusMessageActions> _actions = new(MockBehavior.Strict);
    private readonly List<(TenantId Tenant, Order Order)> _worked = [];

    [Fact]
    public async Task Handle_ReadableMessage_IsWorkedOnAndLeftToTheHostToComplete()
    {
        await HandleAsync("acme", """{"id":"o1","due":"2026-11-21T00:00:00Z"}""");

        _worked.ShouldHaveSingleItem().ShouldBe((new TenantId("acme"), new Order("o1", new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero), null)));
        _actions.VerifyNoOtherCalls();
    }

    [Theory]
    [InlineData("not json", "The body is no Order: it fails at line 1, byte 2.")]
    [InlineData("null", "The body is no Order: it is null.")]
    [InlineData("[]", "The body is no Order: it fails at line 1, byte 2.")]
    [InlineData("{\n\"id\":\"secret\",\"due\":\"tomorrow\"}", "The body is no Order: it fails at line 2, byte 31.")]
    [InlineData("""{"id":"o1","tenant":"NOT A TENANT"}""", "The body is no Order: a value in it is none that its member takes.")]
    public async Task Handle_BodyThatCannotBeRead_IsDeadLetteredAtOnceWithWhereItFails(string body, string description)
    {
        var message = Expect(body, "acme", ReceivedMessages.Unreadable, description);

        await message.HandleAsync<Order>(_actions.Object, WorkAsync, TestContext.Current.CancellationToken);

        _worked.ShouldBeEmpty();
        _actions.VerifyAll();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("NOT A TENANT")]
    [InlineData(7)]
    public async Task Handle_NoTenant_IsDeadLetteredAtOnce(object? tenant)
    {
        var message = Expect("""{"id":"o1"}""", tenant, ReceivedMessages.NoTenant, "The application property 'tenant' is missing or no tenant id.");

        await message.HandleAsync<Order>(_actions.Object, WorkAsync, TestContext.Current.CancellationToken);

        _worked.ShouldBeEmpty();
        _actions.VerifyAll();
    }

    /// <summary>What failed may succeed at the next delivery: the message goes back to its queue.</summary>
    [Fact]
    public async Task Handle_WorkThatFails_ThrowsAndSettlesNothing()
    {
        await Should.ThrowAsync<InvalidOperationException>(Message("""{"id":"o1"}""", "acme").HandleAsync<Order>(
            _actions.Object, (_, _) => Task.FromException(new InvalidOperationException("not now")), TestContext.Current.CancellationToken));
        _actions.VerifyNoOtherCalls();
    }

    private Task HandleAsync(string tenant, string body) => Message(body, tenant).HandleAsync<Order>(_actions.Object, WorkAsync, TestContext.Current.CancellationToken);

    private Task WorkAsync(TenantId tenant, Order order)
    {
        _worked.Add((tenant, order));
        return Task.CompletedTask;
    }

    private ServiceBusReceivedMessage Expect(string body, object? tenant, string reason, string description)
    {
        var message = Message(body, tenant);
        _actions.Setup(actions => actions.DeadLetterMessageAsync(message, null, reason, description, TestContext.Current.CancellationToken)).Returns(Task.CompletedTask);
        return message;
    }

    private static ServiceBusReceivedMessage Message(string body, object? tenant) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: BinaryData.FromString(body), properties: tenant is null ? null : new Dictionary<string, object> { ["tenant"] = tenant });

    internal sealed record Order(string Id, DateTimeOffset? Due, TenantId? Tenant);
}
