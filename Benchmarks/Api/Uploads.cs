using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Advisor.Benchmarks.Documents;

namespace Advisor.Benchmarks.Api;

/// <summary>Uploads of a given size: the bench's document with comment lines after its end, which no reader minds.</summary>
internal sealed class Uploads(Uri url, BenchUser user, byte[] document) : IDisposable
{
    private readonly HttpClient _http = BenchTenant.Client(url, user.Token);

    /// <summary>From the first byte sent until the answer; each upload is finished before the next begins.</summary>
    /// <exception cref="BenchException">One was not accepted.</exception>
    public async Task<IReadOnlyList<TimeSpan>> TimeAsync(int megabytes, int runs, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        for (var run = -1; run < runs; run++)
        {
            var clock = Stopwatch.StartNew();
            using var response = await SendAsync(megabytes, cancellationToken);
            var elapsed = clock.Elapsed;
            if (response.StatusCode != HttpStatusCode.Accepted)
            {
                throw new BenchException($"An upload of {megabytes} MB was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }

            if (run >= 0)
            {
                // The first only warms up.
                times.Add(elapsed);
            }

            var ingestion = (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("ingestion_id").GetString();
            while ((await _http.GetFromJsonAsync<JsonElement>($"api/v1/ingestions/{ingestion}", cancellationToken)).GetProperty("status").GetString() is not ("completed" or "failed"))
            {
                await Task.Delay(250, cancellationToken);
            }
        }

        return times;
    }

    public async Task<int> StatusAsync(int megabytes, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(megabytes, cancellationToken);
        return (int)response.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(int megabytes, CancellationToken cancellationToken)
    {
        var content = new byte[megabytes * 1024 * 1024];
        document.CopyTo(content, 0);
        content.AsSpan(document.Length).Fill((byte)' ');
        for (var line = document.Length; line < content.Length - 1; line += 1000)
        {
            "\n%"u8.CopyTo(content.AsSpan(line));
        }

        // A PDF ends with the offset of its table; the same again closes the longer file.
        var end = document.AsSpan(document.AsSpan().LastIndexOf("startxref"u8));
        content[^(end.Length + 1)] = (byte)'\n';
        end.CopyTo(content.AsSpan(content.Length - end.Length));
        Guid.NewGuid().ToString("N").Select(c => (byte)c).ToArray().CopyTo(content, document.Length + 2);
        using var form = new FreshCopy("report.pdf", content).ToForm();
        form.Add(new StringContent("risk"), "analysis_types");
        return await _http.PostAsync("api/v1/documents/ingest", form, cancellationToken);
    }
}
