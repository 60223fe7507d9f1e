using System.Net;
using System.Text;
using System.Text.Json;
using Advisor.Kernel.Records;
using Advisor.Kernel.Reviews;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Advisor.Tests.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Reviews;

/// <summary>A host whose clock stands still until told, with people who review.</summary>
internal sealed class ReviewHost : IAsyncDisposable
{
    public static readonly TenantId Tenant = new(RunningAdvisor.Tenant);

    private ReviewHost(RunningAdvisor advisor, ManualTimeProvider clock) => (Advisor, Clock) = (advisor, clock);

    public RunningAdvisor Advisor { get; }

    public ManualTimeProvider Clock { get; }

    public IRecordStore Records => Advisor.Services.GetRequiredService<IRecordStore>();

    public ReviewDesk Desk => Advisor.Services.GetRequiredService<ReviewDesk>();

    public static async Task<ReviewHost> StartAsync(params (string Name, string? Value)[] settings)
    {
        var clock = new ManualTimeProvider();
        return new ReviewHost(await RealTimeLimits.StartAsync(clock, settings), clock);
    }

    public ValueTask DisposeAsync() => Advisor.DisposeAsync();

    /// <summary>Opens a review of no workflow in particular, and waits until its orchestration waits.</summary>
    public async Task<string> OpenAsync(decimal? amount = 500, string subject = "thing-1", string kind = "sample/thing", bool blind = false, decimal confidence = 0.7m)
    {
        var asked = SampleReviews.Asked(Clock.GetUtcNow(), amount, blind, kind, subject, confidence);
        (await Desk.OpenAsync(Tenant, asked, TestContext.Current.CancellationToken)).ShouldBeTrue();
        return asked.Id;
    }

    public async Task<ReviewRecord> ReviewAsync(string id) =>
        (await Records.FindAsync(ReviewRecord.Container, Tenant, id, TestContext.Current.CancellationToken)).ShouldNotBeNull().Value;

    /// <summary>Lets small pieces of time pass until it is as wanted.</summary>
    public async Task<ReviewRecord> UntilAsync(string id, Func<ReviewRecord, bool> wanted, TimeSpan? piece = null)
    {
        for (var look = 0; look < 2_000; look++)
        {
            var review = await ReviewAsync(id);
            if (wanted(review))
            {
                return review;
            }

            Clock.Advance(piece ?? TimeSpan.FromMilliseconds(250));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"The review is still {JsonSerializer.Serialize(await ReviewAsync(id))}.");
    }

    /// <summary>Does something with the review as it is now.</summary>
    /// <param name="ifMatch">Null for the newest version; empty for none.</param>
    public static async Task<ApiAnswer> ActAsync(ApiClient client, string id, string act, string? body = null, string? key = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/reviews/{id}/{act}");
        ifMatch ??= (await client.GetAsync($"/api/v1/reviews/{id}")).Headers.ETag?.ToString() ?? "\"none\"";
        if (ifMatch.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (key != "")
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await client.SendAsync(request);
    }

    public static async Task<ApiAnswer> DecideAsync(ApiClient client, string id, string decision, string? key = null, string? ifMatch = null) =>
        await ActAsync(client, id, "decision", $$"""{"decision": "{{decision}}"}""", key, ifMatch);

    public static void Refused(ApiAnswer answer, HttpStatusCode status, string slug) =>
        (answer.Status, answer.Type).ShouldBe((status, $"urn:advisor:problem:{slug}"), answer.Text);
}
