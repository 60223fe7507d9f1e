using System.Net;
using Advisor.Documents;
using Advisor.Documents.Intake;
using Advisor.Kernel.Audit;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Kernel.Resilience;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Bytes that no document lists go, and no others.</summary>
public sealed class UploadSweepTests : OneDocumentHost
{
    private const int KeepHours = 720;

    private static readonly TimeSpan s_patience = TimeSpan.FromHours(KeepHours) + UploadSweep.Grace;

    private readonly Outage _outage = new();
    private readonly Interleaving _others = new();

    private UploadMarks Marks => Advisor.Services.GetRequiredService<UploadMarks>();

    [Fact]
    public async Task Sweep_UploadsThatBrokeOffBeforeTheirRecord_RemovesThemADayAfterTheirKeyAndSaysSo()
    {
        var stranger = await Advisor.ClientAsync(Role.Analyst, "contoso");
        await BreakOffAsync(Analyst, "first.csv");
        await BreakOffAsync(stranger, "second.csv");
        Originals().Count.ShouldBe(2);
        await PassAsync(s_patience - TimeSpan.FromMinutes(5));
        await SweepAsync();
        Originals().Count.ShouldBe(2, "an attempt under the same key may just have begun");

        await PassAsync(TimeSpan.FromMinutes(10));
        await SweepAsync();
        await SweepAsync();
        Advisor.Blobs.ShouldBeEmpty();
        foreach (var tenant in new[] { RunningAdvisor.Tenant, "contoso" })
        {
            var audited = await Advisor.Services.GetRequiredService<IAuditLog>().QueryAsync(new TenantId(tenant), new AuditQuery(Action: "blob.swept"), Cancel);
            audited.Entries.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                entry => entry.UserId.ShouldBe(AuditEvent.Product),
                entry => entry.Details["blob"].ShouldEndWith($"/{entry.Resource["documents/".Length..]}.csv"));
        }
    }

    [Fact]
    public async Task Sweep_DocumentThatIsListed_IsLeftWhateverItsMarkSays()
    {
        var path = await UploadAsync();
        (await Marks.NamesAsync(Cancel)).ShouldBeEmpty("its run has found it");
        var document = (await Records.FindAsync(DocumentRecord.Container, Tenant, path.Split('/')[^1], Cancel))!.Value;

        // As an attempt that comes after the run does, or a mark that could not be removed.
        await Marks.SetAsync(Tenant, document.IngestionId!, document, Cancel);
        await PassAsync(s_patience + TimeSpan.FromMinutes(5));
        await SweepAsync();
        (await Analyst.GetAsync($"{path}/original")).Status.ShouldBe(HttpStatusCode.OK);
        (await Marks.NamesAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweep_IngestionThatHasNotEnded_IsLeftUntilItHas()
    {
        var (document, ingestion) = await FetchedAsync(IngestionStatus.Extracting);
        await PassAsync(s_patience + TimeSpan.FromMinutes(5));
        await SweepAsync();
        Originals().ShouldHaveSingleItem().ShouldEndWith(document.Blob);

        await Records.PutAsync(IngestionRecord.Container, Tenant, ingestion.Id, ingestion with { Status = IngestionStatus.Failed }, null, Cancel);
        await SweepAsync();
        Advisor.Blobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweep_AttemptInAnotherMonth_LosesTheBytesOfTheFormerAlone()
    {
        Time.Advance(new DateTimeOffset(Time.GetUtcNow().Year + 1, 1, 31, 12, 0, 0, TimeSpan.Zero) - Time.GetUtcNow());
        await PassAsync(TimeSpan.Zero);
        await BreakOffAsync(Analyst, "report.csv");
        var former = Originals().ShouldHaveSingleItem();
        await PassAsync(TimeSpan.FromHours(KeepHours - 1));
        await BreakOffAsync(Analyst, "report.csv");
        await PassAsync(TimeSpan.FromHours(26));
        await SweepAsync();
        Originals().ShouldNotContain(former);
        var latter = Originals().ShouldHaveSingleItem("the key was renewed");

        var accepted = await Analyst.SendAsync(Upload("report.csv"));
        accepted.Status.ShouldBe(HttpStatusCode.Accepted, accepted.Text);
        (await Analyst.EndOfAsync(accepted.Headers.Location!.ToString()))["status"].GetString().ShouldBe("completed");
        await PassAsync(s_patience + TimeSpan.FromHours(1));
        await SweepAsync();
        Originals().ShouldHaveSingleItem();
        (await Analyst.GetAsync($"/api/v1/documents/{accepted["document_id"].GetString()}/original")).Status.ShouldBe(HttpStatusCode.OK);
        (Path.GetFileName(former), former).ShouldBe((Path.GetFileName(latter), latter.Replace("/03/", "/01/", StringComparison.Ordinal)));
    }

    /// <summary>What the waiting makes impossible, were it to happen all the same.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sweep_AttemptBetweenItsLooks_IsLeft(bool hasListed)
    {
        var (document, ingestion) = await FetchedAsync(IngestionStatus.Failed);
        await PassAsync(s_patience + TimeSpan.FromMinutes(5));
        var attempt = _others.At("after find documents", () => hasListed
            ? Records.CreateAsync(DocumentRecord.Container, Tenant, document.Id, document, Cancel)
            : Marks.SetAsync(Tenant, ingestion.Id, document, Cancel));
        await SweepAsync();
        await attempt;
        Originals().ShouldHaveSingleItem().ShouldEndWith(document.Blob);
        (await Marks.NamesAsync(Cancel)).Count.ShouldBe(hasListed ? 0 : 1);
    }

    protected override Task<RunningAdvisor> StartAsync() => RunningAdvisor.StartAsync(
        options => options with
        {
            TimeProvider = Time,
            ConfigureServices = options.ConfigureServices + _outage.Register + _others.Register,
        },
        ("Idempotency:KeepHours", $"{KeepHours}"), ("Resilience:Records:RetryDelay", "00:00:00.001"));

    private static HttpRequestMessage Upload(string name)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent("Metric,2024,2025\nRevenue,100,120\n"u8.ToArray()), "file", name } };
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/documents/ingest") { Content = form };
        request.Headers.Add("Idempotency-Key", name);
        return request;
    }

    /// <summary>The store goes when the bytes are written and their record is not.</summary>
    private async Task BreakOffAsync(ApiClient client, string name)
    {
        var began = _outage.BeginAt("create documents");
        (await client.SendAsync(Upload(name))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await began;
        _outage.End();

        // The store is left alone for a while after calls that failed.
        Time.Advance(TimeSpan.FromMinutes(2));
    }

    /// <summary>As a run leaves it that fetched a document and could not make its record.</summary>
    private async Task<(DocumentRecord Document, IngestionRecord Ingestion)> FetchedAsync(IngestionStatus status)
    {
        var (now, bytes) = (Time.GetUtcNow(), "a,b\n1,2\n"u8.ToArray());
        var ingestion = new IngestionRecord(
            Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), "fetched.csv", "https://reports.example/fetched.csv", null, [], "ann", status, [], null, null, now, now);
        await Records.CreateAsync(IngestionRecord.Container, Tenant, ingestion.Id, ingestion, Cancel);
        var document = DocumentActivities.NewDocument(ingestion.DocumentId, ingestion.DocumentName, bytes, DocumentFormat.Csv, "ann", now);
        await Advisor.Services.GetRequiredService<DocumentBlobs>().WriteOriginalAsync(Tenant, ingestion.Id, document, bytes, Cancel);
        return (document, ingestion);
    }

    private Task SweepAsync() => ActivatorUtilities.CreateInstance<UploadSweep>(Advisor.Services).RunAsync(new TimerInfo(), Cancel);

    private List<string> Originals() => [.. Advisor.Blobs.Where(blob => blob.Contains(DocumentRecord.BlobContainer, StringComparison.Ordinal))];
}
