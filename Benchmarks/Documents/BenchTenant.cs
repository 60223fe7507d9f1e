using System.Net.Http.Headers;
using Advisor.Embedded.Identity;
using Advisor.Kernel.Tenancy;

namespace Advisor.Benchmarks.Documents;

/// <summary>Whom the benches call as.</summary>
internal static class BenchTenant
{
    public static TenantId Id { get; } = new("bench");

    /// <summary>A token of the tenant's one analyst, good for the time of a bench.</summary>
    public static async Task<string> TokenAsync(ApiTokens tokens) =>
        (await tokens.CreateAsync(new Caller(Id, "bench", "bench@bench.example", [Role.Analyst]), TimeSpan.FromHours(4))).Text;

    public static HttpClient Client(Uri url, string token)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}
