using Advisor.Azure;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry.Health;
using Azure;
using Azure.AI.FormRecognizer.DocumentAnalysis;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure.DocumentIntelligence;

public sealed class DocumentIntelligenceProbeTests : IAsyncDisposable
{
    private readonly Mock<DocumentModelAdministrationClient> _client = new();
    private readonly ServiceProvider _services = AzureOptionsTests.Composed();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task ProbeAsync_ServiceAnswers_IsHealthy()
    {
        _client.Setup(client => client.GetResourceDetailsAsync(It.IsAny<CancellationToken>())).ReturnsAsync(Mock.Of<Response<ResourceDetails>>());

        (await Probe().ProbeAsync(TestContext.Current.CancellationToken)).ShouldBe(DependencyStatus.Healthy);
        Dependencies[Advisor.Kernel.Resilience.Dependencies.PageReading].LastError.ShouldBeNull();
    }

    public static TheoryData<Exception> Faults => [new RequestFailedException(403, "no role"), new RequestFailedException(0, "no answer"), new CredentialUnavailableException("nobody"), new TaskCanceledException()];

    /// <summary>Everything but scanned pages goes on.</summary>
    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task ProbeAsync_ServiceDoesNotAnswer_IsDegradedAndKeepsTheFault(Exception fault)
    {
        _client.Setup(client => client.GetResourceDetailsAsync(It.IsAny<CancellationToken>())).ThrowsAsync(fault);

        var probe = Probe();
        probe.Name.ShouldBe("page-reading");
        (await probe.ProbeAsync(TestContext.Current.CancellationToken)).ShouldBe(DependencyStatus.Degraded);
        Dependencies[probe.Name].LastError!.Kind.ShouldBe(fault.GetType().Name);
    }

    private Dependencies Dependencies => _services.GetRequiredService<Dependencies>();

    private DocumentIntelligenceProbe Probe() => new(_client.Object, Dependencies);
}
