using System.Net;
using System.Text;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>Originals on a host whose store gives addresses to download from.</summary>
public sealed class OriginalDownloadTests : IAsyncLifetime
{
    private const string Secret = "sig=Zm9yIHRoZSB0ZXN0";

    private readonly Mock<IBlobDownloads> _downloads = new(MockBehavior.Strict);
    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;
    private string _path = "";

    public async ValueTask InitializeAsync()
    {
        _advisor = await RunningAdvisor.StartAsync(services => services.AddSingleton(_downloads.Object));
        _analyst = await _advisor.ClientAsync(Role.Analyst);
        var accepted = await _analyst.UploadAsync("Q1 é.csv", "Account,Amount\nCash,1\n"u8.ToArray(), ("analysis_types", "risk"));
        await _analyst.EndOfAsync(accepted.Headers.Location!.ToString());
        _path = $"/api/v1/documents/{accepted["document_id"].GetString()}/original";
    }

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }
    }

    [Fact]
    public async Task Original_StoreThatGivesAddresses_IsFetchedFromThereUnderItsNameAndType()
    {
        _downloads.Setup(downloads => downloads.AddressAsync(
                "financial-documents", It.IsRegex(@"^\d{4}/\d{2}/[0-9a-f-]+\.csv$"), "text/csv", "attachment; filename=\"Q1 _.csv\"; filename*=UTF-8''Q1%20%C3%A9.csv", It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Uri($"https://example.blob.core.windows.net/financial-documents/a.csv?{Secret}&sp=r"));

        var answer = await _analyst!.GetAsync(_path);

        answer.Status.ShouldBe(HttpStatusCode.TemporaryRedirect, answer.Text);
        answer.Headers.Location!.AbsoluteUri.ShouldBe($"https://example.blob.core.windows.net/financial-documents/a.csv?{Secret}&sp=r");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Text.ShouldBeEmpty();
        Kept(_path).ShouldBeTrue("the request is audited");
        Kept("Zm9yIHRoZSB0ZXN0").ShouldBeFalse("the address is nowhere in logs, audit or records");
    }

    [Fact]
    public async Task Original_CallerWhoMayNotReadIt_GetsNoAddress()
    {
        (await _advisor!.Stranger().GetAsync(_path)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await (await _advisor.ClientAsync(Role.Analyst, "southwind")).GetAsync(_path)).Status.ShouldBe(HttpStatusCode.NotFound);
        _downloads.VerifyNoOtherCalls();
    }

    [Fact]
    public async Task Original_BytesThatAreGone_GetsNoAddress()
    {
        foreach (var blob in _advisor!.Blobs.Where(blob => blob.EndsWith(".csv", StringComparison.Ordinal)))
        {
            File.Delete(blob);
        }

        var answer = await _analyst!.GetAsync(_path);
        (answer.Status, answer.Type).ShouldBe((HttpStatusCode.NotFound, "urn:advisor:problem:no-original"));
        _downloads.VerifyNoOtherCalls();
    }

    /// <summary>Whether a file of the data folder holds the text: the log, the databases and their journals.</summary>
    private bool Kept(string text)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        return Directory.EnumerateFiles(_advisor!.DataFolder, "*", SearchOption.AllDirectories).Any(path =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(sought) >= 0;
        });
    }
}
