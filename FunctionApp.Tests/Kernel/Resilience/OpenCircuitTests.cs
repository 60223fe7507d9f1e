using System.Diagnostics;
using System.Net;
using Advisor.Documents;
using Advisor.Embedded;
using Advisor.Embedded.Durable;
using Advisor.Embedded.Identity;
using Advisor.Embedded.ServiceBus;
using Advisor.Insights;
using Advisor.Kernel.Resilience;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Kernel.Telemetry;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Resilience;

/// <summary>What an outage does to a document under way: requests are refused, work waits, and nothing is lost, repeated or held against it.</summary>
public sealed class OpenCircuitTests
{
    private static readonly (string, string?)[] s_quick =
    [
        ("Resilience:Records:BreakDuration", "00:00:00.5"), ("Resilience:Records:RetryDelay", "00:00:00.001"), ("Resilience:Records:FailureRatio", "0.1"),
        ("Resilience:Messages:BreakDuration", "00:00:00.5"), ("Resilience:Messages:RetryDelay", "00:00:00.001"), ("Resilience:Messages:FailureRatio", "0.1"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outage_UnderADocument_DelaysItAndNothingMore()
    {
        var outage = new Outage();
        await using var advisor = await RunningAdvisor.StartAsync(outage.Register, s_quick);
        var analyst = await advisor.ClientAsync(Role.Analyst);
        var (dependencies, queues) = (advisor.Services.GetRequiredService<Dependencies>(), advisor.Services.GetRequiredService<SqliteQueues>());

        // The queue's worker meets it first.
        var began = outage.BeginAt("find ingestions");
        var trace = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        using var spans = new CollectedSpans(trace.TraceId);
        var accepted = await UploadAsync(analyst, trace);
        await began.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await UntilAsync(() => dependencies[Dependencies.Records].Circuit == CircuitStatus.Open);
        await ShouldBeRefusedAsync(analyst, accepted.Headers.Location!.ToString());
        queues.Count(DocumentQueues.Ingestion).ShouldBe(new QueueCounts(Ready: 0, Locked: 1, Scheduled: 0, DeadLettered: 0));

        // Then an activity.
        began = outage.BeginAt("put documents");
        await began.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await UntilAsync(() => dependencies[Dependencies.Records].Circuit == CircuitStatus.Open);

        // Then the routing of insights.
        began = outage.BeginAt("send ");
        await began.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await UntilAsync(() => dependencies[Dependencies.Messages].Circuit == CircuitStatus.Open);
        outage.End();

        var ended = await analyst.UntilAsync(accepted.Headers.Location!.ToString(), answer => answer.Status == HttpStatusCode.OK && answer["status"].GetString() is "completed" or "failed");
        ended["status"].GetString().ShouldBe("completed", ended.Text);
        await analyst.UntilAsync("/health", _ => queues.ListQueues().Count == 0);
        spans.Ended.Where(span => span.Kind == ActivityKind.Consumer).ShouldAllBe(span => Equals(span.GetTagItem("messaging.servicebus.message.delivery_count"), "1"));
        spans.Ended.Count(span => span.OperationName == "ProcessIngestionWorker").ShouldBe(1);
        var run = accepted["run_id"].GetString()!;
        var engine = advisor.Services.GetRequiredService<DurableEngine>();
        string[] instances = [run, .. ended["analysis_ids"].EnumerateArray().Select(id => id.GetString()!)];
        foreach (var history in instances.Select(engine.ReadHistory))
        {
            history.ShouldNotContain(line => line.Kind == EventKind.ActivityFailed, string.Join("\n", history));
            history[^1].Kind.ShouldBe(EventKind.Completed);
        }

        var insights = await analyst.AllAsync<InsightView>($"/api/v1/insights?ingestion_id={ended["ingestion_id"].GetString()}&limit=500", "insights");
        insights.ShouldNotBeEmpty();
        insights.Select(insight => insight.Id).ShouldBeUnique();
    }

    /// <summary>The stop does not wait for the circuit, and the document goes on where it was after the start.</summary>
    [Fact]
    public async Task Stop_WhileWorkWaits_IsPromptAndLosesNoAttempt()
    {
        var folder = Directory.CreateTempSubdirectory("advisor-open-circuit-").FullName;
        try
        {
            var outage = new Outage();
            var began = outage.BeginAt("put documents");
            string run;
            await using (var first = await StartAsync(folder, outage.Register))
            {
                run = await UploadAsync(first);
                await began.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
                await UntilAsync(() => first.Services.GetRequiredService<Dependencies>()[Dependencies.Records].Circuit == CircuitStatus.Open);
                var started = Stopwatch.GetTimestamp();
                await first.DisposeAsync();
                Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(8));
            }

            await using var second = await StartAsync(folder, _ => { });
            var ended = await second.Durable.WaitForInstanceCompletionAsync(run, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
            ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
            second.Services.GetRequiredService<DurableEngine>().ReadHistory(run).ShouldNotContain(line => line.Kind == EventKind.ActivityFailed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<AdvisorHost> StartAsync(string folder, Action<IServiceCollection> configure) => AdvisorHost.StartAsync(new AdvisorHostOptions
    {
        DataFolder = folder,
        Url = "http://127.0.0.1:0",
        LogToConsole = false,
        ConfigureServices = configure,
        Settings = s_quick.ToDictionary(setting => setting.Item1, setting => setting.Item2),
    }, Cancel);

    private static async Task<string> UploadAsync(AdvisorHost host)
    {
        var caller = new Caller(new TenantId(RunningAdvisor.Tenant), "analyst", "analyst@example.com", [Role.Analyst]);
        using var analyst = new ApiClient(host.Url, (await host.Services.GetRequiredService<ApiTokens>().CreateAsync(caller, TimeSpan.FromHours(1))).Text);
        return (await UploadAsync(analyst, default))["run_id"].GetString()!;
    }

    private static async Task ShouldBeRefusedAsync(ApiClient analyst, string path)
    {
        var refused = await analyst.GetAsync(path);
        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, refused.Text);
        refused["type"].GetString().ShouldBe("urn:advisor:problem:dependency-unavailable");
        refused["detail"].GetString()!.ShouldContain("'records'");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromSeconds(1));
    }

    private static async Task<ApiAnswer> UploadAsync(ApiClient analyst, ActivityContext trace)
    {
        var content = await File.ReadAllBytesAsync(AdvisorFixture.Sample("quarterly-workbook.xlsx"), Cancel);
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/documents/ingest")
        {
            Content = new MultipartFormDataContent { { new ByteArrayContent(content), "file", "quarterly-workbook.xlsx" } },
        };
        if (trace != default)
        {
            request.Headers.Add("traceparent", $"00-{trace.TraceId}-{trace.SpanId}-01");
        }

        var accepted = await analyst.SendAsync(request);
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        return accepted;
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var i = 0; !reached(); i++)
        {
            i.ShouldBeLessThan(3_000);
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancel);
        }
    }
}
