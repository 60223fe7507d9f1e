using System.Collections.Concurrent;
using System.Diagnostics;
using Advisor.Benchmarks.Documents;

namespace Advisor.Benchmarks.Api;

/// <summary>How a request of the load went.</summary>
/// <param name="Hit">Answered from the cache.</param>
internal readonly record struct Sample(TimeSpan Latency, bool Ok, bool Hit);

/// <summary>Sends requests at a fixed rate whether or not earlier ones are answered, as users do.</summary>
/// <remarks>A latency counts from the moment a request was due, so that waiting for a slow answer hides nothing.</remarks>
internal sealed class OpenLoad : IDisposable
{
    private readonly IReadOnlyList<(BenchUser User, HttpClient Http)> _users;

    public OpenLoad(Uri url, IReadOnlyList<BenchUser> users) => _users = [.. users.Select(user => (user, BenchTenant.Client(url, user.Token)))];

    /// <param name="rate">Requests a second of all users together.</param>
    public async Task<IReadOnlyCollection<Sample>> RunAsync(double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var samples = new ConcurrentQueue<Sample>();
        var underWay = new List<Task>();
        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        for (var i = 0; ; i++)
        {
            var due = TimeSpan.FromSeconds(i / rate);
            if (due >= duration)
            {
                break;
            }

            if (due > clock.Elapsed)
            {
                await Task.Delay(due - clock.Elapsed, cancellationToken);
            }

            var (user, http) = _users[i % _users.Count];
            var query = QueryMix.Next(user, random);
            underWay.Add(Task.Run(async () => samples.Enqueue(await SendAsync(http, query, due, clock, cancellationToken)), cancellationToken));
            if (underWay.Count > 1_000)
            {
                underWay.RemoveAll(task => task.IsCompletedSuccessfully);
            }
        }

        await Task.WhenAll(underWay);
        return samples;
    }

    public void Dispose()
    {
        foreach (var (_, http) in _users)
        {
            http.Dispose();
        }
    }

    private static async Task<Sample> SendAsync(HttpClient http, string query, TimeSpan due, Stopwatch clock, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, query);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var hit = response.Headers.TryGetValues("Cache-Status", out var status) && status.First().Contains("hit", StringComparison.Ordinal);
        return new Sample(clock.Elapsed - due, response.IsSuccessStatusCode && body.Length > 0, hit);
    }
}
