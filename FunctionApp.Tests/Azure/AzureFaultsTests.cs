using System.Net;
using System.Net.Sockets;
using Advisor.Azure;
using Advisor.Kernel.Resilience;
using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Azure;

/// <summary>What a real client throws, where nothing answers.</summary>
public sealed class AzureFaultsTests
{
    /// <summary>A client that repeats by itself throws the faults of all its attempts together.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Of_NobodyListens_IsTransient(int retries)
    {
        var fault = await AskAsync(FreePort(), retries, TimeSpan.FromSeconds(20));

        AzureFaults.IsKnown(fault).ShouldBeTrue(fault.ToString());
        var known = AzureFaults.Of("Key Vault", fault).ShouldBeOfType<AzureServiceException>();
        known.Status.ShouldBe(503);
        TransientFaults.Is(known).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_ListenerThatSaysNothing_IsTransient()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var fault = await AskAsync(((IPEndPoint)silent.LocalEndpoint).Port, retries: 1, TimeSpan.FromMilliseconds(50));
        AzureFaults.IsKnown(fault).ShouldBeTrue(fault.ToString());
        AzureFaults.Of("Key Vault", fault).ShouldBeOfType<AzureServiceException>().Status.ShouldBe(408);
    }

    [Fact]
    public void IsKnown_FaultOfOurOwnAmongThem_IsNot()
    {
        AzureFaults.IsKnown(new AggregateException(new RequestFailedException(0, "gone"), new InvalidOperationException("a bug"))).ShouldBeFalse();
        AzureFaults.IsKnown(new AggregateException()).ShouldBeFalse();
        AzureFaults.IsKnown(new OperationCanceledException()).ShouldBeFalse("the caller may have cancelled");
    }

    private static async Task<Exception> AskAsync(int port, int retries, TimeSpan networkTimeout)
    {
        var client = new SecretClient(
            new Uri($"https://127.0.0.1:{port}/"), new GivenToken(),
            new SecretClientOptions { Retry = { MaxRetries = retries, Mode = RetryMode.Fixed, Delay = TimeSpan.FromMilliseconds(1), NetworkTimeout = networkTimeout } });
        return (await Record.ExceptionAsync(() => client.GetSecretAsync("any", cancellationToken: TestContext.Current.CancellationToken))).ShouldNotBeNull();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
