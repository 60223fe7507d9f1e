using System.Globalization;
using System.Net;
using System.Text.Json;
using Advisor.Documents;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>A run's log: in pages and as a stream.</summary>
[Collection(EndToEndTests.Name)]
public sealed class RunTests(AdvisorFixture fixture)
{
    [Fact]
    public async Task Events_OfACompletedRun_TellItWithoutGaps()
    {
        var (run, events) = await RunAsync();
        events.Select(Seq).ShouldBe(Enumerable.Range(1, events.Count));
        events.ShouldAllBe(e => e.GetProperty("run_id").GetString() == run);
        events.Select(Step).ShouldBe(events.Select(Step).Distinct());
        foreach (var step in new[] { "queued", "plan_reading", "read_pages", "extract_facts", "reason_anomaly", "reason_trend", "reason_risk" })
        {
            events.ConvertAll(Step).ShouldContain(step);
        }

        (Type(events[^1]), Step(events[^1])).ShouldBe(("final", "completed"));
        var view = await fixture.Analyst.GetAsync($"/api/v1/runs/{run}");
        (view["status"].GetString(), view["events"].GetInt32()).ShouldBe(("completed", events.Count));
    }

    [Fact]
    public async Task Events_AfterANumber_BeginWithTheNext()
    {
        var (run, events) = await RunAsync();
        var rest = await fixture.Analyst.GetAsync($"/api/v1/runs/{run}/events?after=3");
        rest["events"].EnumerateArray().Select(Seq).ShouldBe(Enumerable.Range(4, events.Count - 3));
        rest["pagination"].GetProperty("next").GetString().ShouldBe($"/api/v1/runs/{run}/events?after={events.Count}");
        var end = await fixture.Analyst.GetAsync($"/api/v1/runs/{run}/events?after={events.Count}");
        end["events"].GetArrayLength().ShouldBe(0);
        end["pagination"].GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("last")]
    [InlineData("1.5")]
    public async Task Events_AfterNoNumber_AreRefused(string after)
    {
        var (run, _) = await RunAsync();
        (await fixture.Analyst.GetAsync($"/api/v1/runs/{run}/events?after={after}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await StreamAsync(run, after)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Stream_OfACompletedRun_RepeatsAllEventsAndEnds()
    {
        var (run, events) = await RunAsync();
        var (status, frames) = await StreamAsync(run, lastEventId: null);
        status.ShouldBe(HttpStatusCode.OK);
        frames[0].ShouldBe("retry: 1000");
        var told = frames.Skip(1).Select(Parse).ToList();
        told.Select(frame => frame.Id).ShouldBe(events.Select(Seq));
        told.Select(frame => frame.Event).ShouldBe(events.Select(Type));
        told.Select(frame => frame.Data).ShouldBe(events.Select(e => e.GetRawText()));
    }

    [Fact]
    public async Task Stream_WithLastEventId_ResumesAfterIt()
    {
        var (run, events) = await RunAsync();
        var (_, frames) = await StreamAsync(run, lastEventId: "3");
        frames.Skip(1).Select(frame => Parse(frame).Id).ShouldBe(Enumerable.Range(4, events.Count - 3));
    }

    /// <summary>A browser reconnects when a stream ends; 204 is how it is told not to.</summary>
    [Fact]
    public async Task Stream_AfterTheFinalEvent_HasNoMoreToSay()
    {
        var (run, events) = await RunAsync();
        (await StreamAsync(run, events.Count.ToString(CultureInfo.InvariantCulture))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Stream_OfARunUnderWay_TellsItToItsEnd()
    {
        var accepted = await fixture.Analyst.UploadAsync("ledger.csv", await File.ReadAllBytesAsync(AdvisorFixture.Sample("ledger.csv"), TestContext.Current.CancellationToken), ("analysis_types", "risk"));
        var run = accepted["run_id"].GetString()!;
        var (status, frames) = await StreamAsync(run, lastEventId: null);
        status.ShouldBe(HttpStatusCode.OK);
        Parse(frames[^1]).Event.ShouldBe("final");
        frames.Skip(1).Select(frame => Parse(frame).Id).ShouldBe(Enumerable.Range(1, frames.Count - 1));
    }

    /// <summary>The links of a 202 hold from the moment it is given.</summary>
    [Fact]
    public async Task Run_JustAccepted_IsThere()
    {
        var accepted = await fixture.Analyst.UploadAsync("ledger.csv", await File.ReadAllBytesAsync(AdvisorFixture.Sample("ledger.csv"), TestContext.Current.CancellationToken), ("analysis_types", "risk"));
        var run = await fixture.Analyst.GetAsync(accepted["_links"].GetProperty("run").GetProperty("href").GetString()!);
        run.Status.ShouldBe(HttpStatusCode.OK, run.Text);
    }

    private async Task<(string Run, List<JsonElement> Events)> RunAsync()
    {
        var run = (await fixture.AnalyzeSampleAsync("annual-report.pdf")).Ingestion.RunId;
        return (run, await fixture.Analyst.AllAsync<JsonElement>($"/api/v1/runs/{run}/events", "events"));
    }

    private async Task<(HttpStatusCode Status, List<string> Frames)> StreamAsync(string run, string? lastEventId)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{run}/stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await fixture.Analyst.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        var text = await response.Content.ReadAsStringAsync(limit.Token);
        return (response.StatusCode, [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)]);
    }

    private static (int Id, string Event, string Data) Parse(string frame) => frame.Split('\n') switch
    {
        [var id, var name, var data] => (int.Parse(id.AsSpan("id: ".Length), CultureInfo.InvariantCulture), name["event: ".Length..], data["data: ".Length..]),
        _ => throw new FormatException(frame),
    };

    private static int Seq(JsonElement e) => e.GetProperty("seq").GetInt32();

    private static string? Step(JsonElement e) => e.GetProperty("step").GetString();

    private static string? Type(JsonElement e) => e.GetProperty("type").GetString();
}
