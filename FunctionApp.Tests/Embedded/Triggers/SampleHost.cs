using Advisor.Embedded;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Advisor.Tests.Embedded.Triggers;

/// <summary>A host of sample functions on a free port, with a folder of its own that goes when it goes.</summary>
public sealed class SampleHost : IAsyncDisposable
{
    private readonly string _folder;

    private SampleHost(AdvisorHost host, string folder)
    {
        Host = host;
        _folder = folder;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Url };
    }

    public AdvisorHost Host { get; }

    public HttpClient Http { get; }

    public string DataFolder => _folder;

    public static Task<SampleHost> StartAsync(params Type[] functions) => StartAsync(options => options with { FunctionTypes = functions });

    public static async Task<SampleHost> StartAsync(Func<AdvisorHostOptions, AdvisorHostOptions> configure)
    {
        var folder = Directory.CreateTempSubdirectory("advisor-host-").FullName;
        try
        {
            var options = configure(new AdvisorHostOptions
            {
                DataFolder = folder,
                Url = "http://127.0.0.1:0",
                LogToConsole = false,
                ConfigureWorker = worker => worker.UseMiddleware<FirstMiddleware>().UseMiddleware<SecondMiddleware>(),
                ConfigureServices = services => services.AddScoped<SampleScope>(),
            });
            if (options.DataFolder != folder)
            {
                Directory.Delete(folder);
            }

            return new SampleHost(await AdvisorHost.StartAsync(options, TestContext.Current.CancellationToken), options.DataFolder);
        }
        catch
        {
            DeleteIfPresent(folder);
            throw;
        }
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body = null) =>
        Http.SendAsync(new HttpRequestMessage(method, path) { Content = body }, TestContext.Current.CancellationToken);

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        DeleteIfPresent(_folder);
    }

    private static void DeleteIfPresent(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
