using Advisor.Documents;
using Advisor.Embedded.ServiceBus;
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

    /// <summary>Waits until nothing is queued any more. What is only to be looked at again in a few seconds is not waited for: the clock moves to it.</summary>
    protected async Task IdleAsync()
    {
        var queues = Advisor.Services.GetRequiredService<SqliteQueues>();
        await Analyst.UntilAsync("/health", _ =>
        {
            var left = queues.ListQueues();
            if (left.Count > 0 && left.All(queue => queues.Count(queue) is { Ready: 0, Locked: 0, Scheduled: > 0 }))
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                Wake(queues, left);
            }

            return left.Count == 0;
        });
    }

    /// <summary>Whoever waits on a queue looks at the clock again when something is put back, if only nothing.</summary>
    private static void Wake(SqliteQueues queues, IEnumerable<string> waiting)
    {
        foreach (var queue in waiting)
        {
            queues.ResubmitAsync(queue, sequenceNumber: 0).GetAwaiter().GetResult().ShouldBeFalse();
        }
    }

    private async Task SignInAsync()
    {
        _analyst = await Advisor.ClientAsync(Role.Analyst);
        _admin = await Advisor.ClientAsync(Role.Admin);
    }
}
