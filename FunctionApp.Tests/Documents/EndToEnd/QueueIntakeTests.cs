using Advisor.Documents;
using Advisor.Kernel.Messaging;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Documents that another system asks for by a message of its own.</summary>
public sealed class QueueIntakeTests : IAsyncLifetime
{
    private static readonly TenantId s_tenant = new(RunningAdvisor.Tenant);
    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;

    public async ValueTask InitializeAsync()
    {
        _advisor = await RunningAdvisor.StartAsync();
        _analyst = await _advisor.ClientAsync(Role.Analyst);
    }

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("https://169.254.169.254/latest/meta-data", null, "forbidden-url")]
    [InlineData("http://example.com/report.pdf", null, "forbidden-url")]
    [InlineData("https://example.com/report.pdf", "word", "invalid-request")]
    [InlineData(null, null, "invalid-request")]
    public async Task Message_RequestThatIsRefused_EndsAsAFailedIngestionThatSaysWhy(string? url, string? type, string problem)
    {
        var ingestion = await AskAsync("message-1", new IngestionRequested(DocumentUrl: url, DocumentType: type));
        ingestion.Status.ShouldBe(IngestionStatus.Failed);
        ingestion.Error!.Type.ShouldBe($"urn:advisor:problem:{problem}");
        _advisor!.Blobs.ShouldBeEmpty();
        (await _analyst!.GetAsync($"/api/v1/runs/{ingestion.RunId}")).Json.GetProperty("status").GetString().ShouldBe("failed");
    }

    [Fact]
    public async Task Message_HostThatDoesNotAnswer_IsFetchedInTheRunAndFailsThere()
    {
        var ingestion = await AskAsync("message-2", new IngestionRequested(DocumentUrl: "https://advisor-test.invalid/report.pdf"));
        ingestion.Status.ShouldBe(IngestionStatus.Failed);
        ingestion.Error!.Type.ShouldBe("urn:advisor:problem:unreachable-url");
    }

    private async Task<IngestionView> AskAsync(string messageId, IngestionRequested asked)
    {
        var bus = _advisor!.Services.GetRequiredService<IMessageBus>();
        await bus.SendAsync(DocumentQueues.Ingestion, TenantMessage.Create(s_tenant, messageId, asked), TestContext.Current.CancellationToken);
        var path = $"/api/v1/ingestions/{DeterministicId.Of("queued-ingestion", s_tenant.Value, messageId)}";
        await _analyst!.UntilAsync(path, answer => answer.Status == System.Net.HttpStatusCode.OK);
        return (await _analyst.EndOfAsync(path)).As<IngestionView>();
    }
}
