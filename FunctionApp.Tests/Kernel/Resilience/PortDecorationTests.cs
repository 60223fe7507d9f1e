using Advisor.Kernel.Messaging;
using Advisor.Kernel.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Resilience;

public sealed class PortDecorationTests
{
    [Fact]
    public void Decorate_PortThatNobodyRegistered_IsNamed() =>
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().Decorate<IMessageBus>((inner, _) => inner))
            .Message.ShouldBe("The host has registered no IMessageBus. Register its adapter before AddAdvisor.");

    [Fact]
    public void AddAdvisor_HostWithoutAdapters_IsToldTheFirstThatIsMissing() =>
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddAdvisor(new ConfigurationBuilder().Build()))
            .Message.ShouldBe("The host has registered no IRecordStore. Register its adapter before AddAdvisor.");
}
