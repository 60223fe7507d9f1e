using System.Net;
using System.Net.Http.Json;
using Advisor.Kernel.Http;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Triggers;

public sealed class DurableFunctionsTests
{
    [Fact]
    public async Task Post_StartsOrchestration_RunsToItsResult()
    {
        await using var host = await StartAsync();
        using var started = await host.SendAsync(HttpMethod.Post, "/orders/o1", Json(new SampleOrder("o1", 6.25m)));
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await FinishedAsync(host, started.Headers.Location!)).ShouldBe("Completed \"o1 costs 12.50, first second, True\"");
    }

    [Fact]
    public async Task Post_ActivityFails_EndsTheOrchestrationWithItsMessage()
    {
        await using var host = await StartAsync();
        using var started = await host.SendAsync(HttpMethod.Post, "/orders/o2", Json(new SampleOrder("unpriced", 1m)));
        var result = await FinishedAsync(host, started.Headers.Location!);
        result.ShouldStartWith("Failed");
        result.ShouldContain("no price for it");
    }

    [Fact]
    public async Task Restart_OrchestrationUnderWayOrDone_IsStillThere()
    {
        await using var first = await StartAsync();
        using var started = await first.SendAsync(HttpMethod.Post, "/orders/o3", Json(new SampleOrder("o3", 1m)));
        await first.Host.DisposeAsync();
        await using var second = await SampleHost.StartAsync(options => options with
        {
            FunctionTypes = [typeof(SampleOrderFunctions), typeof(SampleOrderActivities)],
            DataFolder = first.DataFolder,
        });
        (await FinishedAsync(second, started.Headers.Location!)).ShouldBe("Completed \"o3 costs 2, first second, True\"");
    }

    private static Task<SampleHost> StartAsync() => SampleHost.StartAsync(typeof(SampleOrderFunctions), typeof(SampleOrderActivities));

    private static JsonContent Json(SampleOrder order) => JsonContent.Create(order, options: AdvisorJson.Options);

    /// <summary>Polls as a client does; each round trip is its own pace.</summary>
    private static async Task<string> FinishedAsync(SampleHost host, Uri location)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var response = await host.Http.GetAsync(location, patience.Token);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return await response.Content.ReadAsStringAsync(patience.Token);
            }
        }
    }
}
