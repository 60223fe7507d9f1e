using System.Diagnostics;
using Advisor.Embedded;

namespace Advisor.Benchmarks;

/// <summary>A host in a process of its own, on a data folder that is there; killed when disposed.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Announcement = "Listening on ";

    private readonly Process _process;

    private HostProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>Memory that the process holds now, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="limitRate">False lets one user ask as often as a bench looks.</param>
    /// <exception cref="BenchException">It ended before it listened.</exception>
    public static async Task<HostProcess> StartAsync(string folder, CancellationToken cancellationToken, bool limitRate = true)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(AdvisorHost).Assembly.GetName().Name + ".dll");
        var start = new ProcessStartInfo("dotnet", [program, "serve", "--data", folder, "--url", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (!limitRate)
        {
            start.Environment["RateLimit__PerSecond"] = start.Environment["RateLimit__Burst"] = "1000000";
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                // What it prints from now on must be taken, or it would wait for a reader.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new HostProcess(process, new Uri(line[Announcement.Length..]));
            }
        }

        process.Dispose();
        throw new BenchException("A fresh host ended before it listened.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
