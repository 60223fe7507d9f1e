using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.Http;

/// <summary>The product and the <see cref="ContractFunctions"/> on one host, for all tests of the HTTP contract.</summary>
public sealed class ContractFixture : IAsyncLifetime
{
    private RunningAdvisor? _advisor;
    private ApiClient? _analyst;
    private Task<string>? _ingestion;

    public RunningAdvisor Advisor => _advisor!;

    public ApiClient Analyst => _analyst!;

    public Effects Effects { get; } = new();

    /// <summary>A document that has been read.</summary>
    public Task<string> IngestionAsync() => _ingestion ??= ReadAsync();

    public async ValueTask InitializeAsync()
    {
        _advisor = await StartAsync(Effects);
        _analyst = await _advisor.ClientAsync(Role.Analyst);
    }

    public ValueTask DisposeAsync() => _advisor?.DisposeAsync() ?? ValueTask.CompletedTask;

    public static Task<RunningAdvisor> StartAsync(Effects effects, params (string Name, string? Value)[] settings) => RunningAdvisor.StartAsync(
        options => options with
        {
            FunctionTypes = [.. typeof(Composition).Assembly.GetTypes(), typeof(ContractFunctions)],
            ConfigureServices = options.ConfigureServices + (services => services.AddSingleton(effects)),
        },
        settings);

    /// <summary>A JSON POST with an Idempotency-Key.</summary>
    public static HttpRequestMessage Post(string path, string key, string body = "{}", string contentType = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    /// <summary>Sends bytes as they are, and gives the whole answer.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Advisor.Url.Host, Advisor.Url.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A POST to the test effect with this header line, as bytes.</summary>
    public string RawPost(string headerLine) =>
        $"POST /api/test/effects HTTP/1.1\r\nHost: advisor\r\nAuthorization: {Analyst.Http.DefaultRequestHeaders.Authorization}\r\n"
        + $"Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n{headerLine}\r\n\r\n{{}}";

    private async Task<string> ReadAsync()
    {
        var accepted = await Analyst.UploadAsync("ledger.csv", await File.ReadAllBytesAsync(AdvisorFixture.Sample("ledger.csv"), TestContext.Current.CancellationToken));
        var ended = await Analyst.EndOfAsync(accepted.Headers.Location!.ToString());
        ended["status"].GetString().ShouldBe("completed", ended.Text);
        return ended["ingestion_id"].GetString()!;
    }
}

/// <summary>The tests that share the <see cref="ContractFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class ContractTests : ICollectionFixture<ContractFixture>
{
    public const string Name = "http contract";
}

/// <summary>What holds of every problem, whatever it is about (RFC 9457 and its JSON schema).</summary>
internal static class ProblemShape
{
    /// <summary>Sends the request and checks that the answer is a problem in full form.</summary>
    public static async Task<JsonElement> ProblemAsync(this ApiClient client, HttpRequestMessage request, int status, string? slug = null)
    {
        using (request)
        {
            using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            ((int)response.StatusCode).ShouldBe(status, text);
            var problem = Check(response.Content.Headers.ContentType, (int)response.StatusCode, text);
            if (slug is not null)
            {
                problem.GetProperty("type").GetString().ShouldBe("urn:advisor:problem:" + slug);
            }

            return problem;
        }
    }

    public static JsonElement Check(MediaTypeHeaderValue? contentType, int status, string text)
    {
        contentType?.ToString().ShouldBe("application/problem+json");
        var problem = JsonElement.Parse(text);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        Uri.IsWellFormedUriString(problem.GetProperty("type").GetString(), UriKind.Absolute).ShouldBeTrue(text);
        Uri.IsWellFormedUriString(problem.GetProperty("instance").GetString(), UriKind.Relative).ShouldBeTrue(text);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.GetProperty("trace_id").GetString().ShouldNotBeNullOrWhiteSpace();
        problem.GetProperty("detail").GetString()!.ShouldNotContain('<');
        return problem;
    }
}
