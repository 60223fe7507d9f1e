using System.Net;
using System.Text.Json;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Telemetry.Health;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Kernel.Records;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Telemetry.Health;

public sealed class DependencyHealthTests
{
    [Fact]
    public async Task Health_OfARunningHost_SaysVersionAndUptime()
    {
        await using var advisor = await RunningAdvisor.StartAsync();
        var health = await advisor.Stranger().GetAsync("/health");
        health["version"].GetString().ShouldNotBeNullOrEmpty();
        health["uptime_seconds"].GetInt64().ShouldBeInRange(0, 60);
    }

    [Fact]
    public async Task Dependencies_ThatAllAnswer_AreHealthyWithTheirLatencyAndCircuit()
    {
        await using var advisor = await RunningAdvisor.StartAsync();
        var report = await (await advisor.ClientAsync(Role.Operator)).GetAsync("/health/dependencies");
        report.Status.ShouldBe(HttpStatusCode.OK, report.Text);
        var all = report["dependencies"].EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
        foreach (var name in new[] { "records", "blobs", "messages", "audit", "cache", "durable-engine" })
        {
            all[name].GetProperty("status").GetString().ShouldBe("healthy");
            all[name].GetProperty("latency_ms").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        }

        all["records"].GetProperty("circuit").GetString().ShouldBe("closed");
        all.Keys.ShouldContain("pdftotext");
        all["records"].TryGetProperty("last_error", out _).ShouldBeFalse();
    }

    /// <summary>One that fails and one that never answers: both unhealthy, side by side, and the answer holds for five seconds.</summary>
    [Fact]
    public async Task Dependencies_ThatDoNotAnswer_AreUnhealthyAndTellNoSecret()
    {
        var failing = new Probe("failing", _ => throw new InvalidOperationException("password=swordfish"));
        var silent = new Probe("silent", token => Task.Delay(Timeout.InfiniteTimeSpan, token).ContinueWith(_ => DependencyStatus.Healthy, TaskScheduler.Default));
        var slow = new Probe("slow", _ => Task.FromResult(DependencyStatus.Degraded));
        await using var advisor = await RunningAdvisor.StartAsync(services => services
            .AddSingleton<IDependencyProbe>(failing).AddSingleton<IDependencyProbe>(silent).AddSingleton<IDependencyProbe>(slow));
        var client = await advisor.ClientAsync(Role.Operator);
        var report = await client.GetAsync("/health/dependencies");
        report.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        report["status"].GetString().ShouldBe("unhealthy");
        report.Text.ShouldNotContain("swordfish");
        var all = report["dependencies"].EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
        (Status("failing"), Status("silent"), Status("slow"), Status("records")).ShouldBe(("unhealthy", "unhealthy", "degraded", "healthy"));
        all["failing"].GetProperty("last_error").GetString().ShouldBe("InvalidOperationException");

        (await client.GetAsync("/health/dependencies"))["checked_at"].GetString().ShouldBe(report["checked_at"].GetString());
        failing.Asked.ShouldBe(1);

        string? Status(string name) => all[name].GetProperty("status").GetString();
    }

    /// <summary>A bus in the cloud tells nothing of how full its queues are; that one of them can be reached is asked for.</summary>
    [Fact]
    public async Task Messages_OfABusThatCannotBeReached_AreUnhealthy()
    {
        await using var advisor = await RunningAdvisor.StartAsync(services => services.ReplaceInner<IMessageBus>(inner => new Unreachable(inner)));
        var report = await (await advisor.ClientAsync(Role.Operator)).GetAsync("/health/dependencies");
        var messages = report["dependencies"].EnumerateArray().Single(one => one.GetProperty("name").GetString() == "messages");
        (messages.GetProperty("status").GetString(), messages.GetProperty("last_error").GetString()).ShouldBe(("unhealthy", nameof(IOException)));
    }

    /// <summary>Nobody asked, so nobody can say that it answers.</summary>
    [Fact]
    public async Task DurableEngine_WithoutAClient_IsNotCalledHealthy() =>
        await Should.ThrowAsync<InvalidOperationException>(new DurableEngineProbe().ProbeAsync(TestContext.Current.CancellationToken));

    private sealed class Unreachable(IMessageBus inner) : IMessageBus, IReachableBus
    {
        public Task SendAsync(string queue, BusMessage message, CancellationToken cancellationToken) => inner.SendAsync(queue, message, cancellationToken);

        public Task SendAsync(string queue, IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken) => inner.SendAsync(queue, messages, cancellationToken);

        public Task ReachAsync(string queue, CancellationToken cancellationToken) => throw new IOException($"{queue} does not answer.");
    }

    private sealed class Probe(string name, Func<CancellationToken, Task<DependencyStatus>> answer) : IDependencyProbe
    {
        private int _asked;

        public string Name => name;

        public int Asked => _asked;

        public Task<DependencyStatus> ProbeAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return answer(cancellationToken);
        }
    }
}
