using Advisor.Documents;
using Advisor.Kernel.Records;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Documents.EndToEnd;

/// <summary>A host of its own for each test, with a clock to move, an analyst and an administrator.</summary>
public abstract class OneDocumentHost : IAsyncLifetime
{
    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;
    private ApiClient? _admin;

    protected static TenantId Tenant { get; } = new(RunningAdvisor.Tenant);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected ShiftedTimeProvider Time { get; } = new();

    protected RunningAdvisor Advisor => _advisor!;

    protected ApiClient Analyst => _analyst!;

    protected ApiClient Admin => _admin!;

    protected IRecordStore Records => Advisor.Services.GetRequiredService<IRecordStore>();

    public async ValueTask InitializeAsync()
    {
        _advisor = await StartAsync();
        await SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_advisor is not null)
        {
            await _advisor.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected virtual Task<RunningAdvisor> StartAsync() => RunningAdvisor.StartAsync(Time);

    protected async Task<string> UploadAsync(params (string Name, string Value)[] fields) => await UploadAsync("quarterly-workbook.xlsx", fields);

    /// <summary>The path of a sample's document once it is completed.</summary>
    protected async Task<string> UploadAsync(string sample, params (string Name, string Value)[] fields)
    {
        var accepted = await Analyst.UploadAsync(sample, await File.ReadAllBytesAsync(AdvisorFixture.Sample(sample), Cancel), fields);
        var ended = await Analyst.EndOfAsync(accepted.Headers.Location!.ToString());
        ended["status"].GetString().ShouldBe("completed", ended.Text);
        return $"/api/v1/documents/{accepted["document_id"].GetString()}";
    }

    protected async Task<DocumentView> ViewAsync(string path) => (await Admin.GetAsync(path)).As<DocumentView>();

    protected async Task<string> TagAsync(string path) => (await Admin.GetAsync(path)).Headers.ETag!.ToString();

    /// <summary>Lets time pass, and signs in anew: credentials do not live for years.</summary>
    protected async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        await SignInAsync();
    }

    private async Task SignInAsync()
    {
        _analyst = await Advisor.ClientAsync(Role.Analyst);
        _admin = await Advisor.ClientAsync(Role.Admin);
    }
}
