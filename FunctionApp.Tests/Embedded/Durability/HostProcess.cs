using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Advisor.Embedded;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>The embedded host in a process of its own, as a user runs it, to be killed.</summary>
internal sealed class HostProcess : IDisposable
{
    private const string Announcement = "Listening on ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _folder;
    private readonly ConcurrentQueue<string> _printed = new();
    private readonly TaskCompletionSource<Uri> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(string folder, Action<ProcessStartInfo>? configure)
    {
        _folder = folder;
        var program = Path.Combine(AppContext.BaseDirectory, typeof(AdvisorHost).Assembly.GetName().Name + ".dll");
        string[] arguments = [program, "serve", "--data", folder, "--url", "http://127.0.0.1:0"];
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
            EnableRaisingEvents = true,
        };
        // What it does after a kill is looked at far more often than a user may.
        _process.StartInfo.Environment["RateLimit__PerSecond"] = _process.StartInfo.Environment["RateLimit__Burst"] = "1000000";
        configure?.Invoke(_process.StartInfo);
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data);
        _process.Exited += (_, _) => _url.TrySetException(new InvalidOperationException("The host ended before it listened."));
    }

    /// <summary>Calls the host as the user of the token; each request ends within the patience of a test.</summary>
    public HttpClient Http { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>Starts a host on the folder; it listens when this returns.</summary>
    /// <param name="configure">Changes how the process is started.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message has what it printed.</exception>
    public static async Task<HostProcess> StartAsync(string folder, string token, CancellationToken cancellationToken, Action<ProcessStartInfo>? configure = null)
    {
        var host = new HostProcess(folder, configure);
        try
        {
            host._process.Start();
            host._process.BeginOutputReadLine();
            host._process.BeginErrorReadLine();
            host.Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = await host._url.Task.WaitAsync(Patience, cancellationToken), Timeout = Patience };
            host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return host;
        }
        catch (Exception fault)
        {
            host.Dispose();
            throw new InvalidOperationException($"The host did not start: {fault.Message}\n{host.Log()}", fault);
        }
    }

    /// <summary>Ends the process as <c>kill -9</c> does: it gets no chance to do anything.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
    }

    /// <summary>Asks the process to end, as a terminal, systemd or a container runtime does, and waits for it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>What the host printed, and the end of its log.</summary>
    public string Log()
    {
        var file = Path.Combine(_folder, "logs", "advisor.log");
        string[] logged = File.Exists(file) ? [.. File.ReadLines(file).TakeLast(80)] : [];
        return string.Join('\n', [.. _printed, .. logged]);
    }

    public void Dispose()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit(Patience);
        }
        catch (InvalidOperationException)
        {
            // It never started.
        }

        Http?.Dispose();
        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        _printed.Enqueue(line);
        if (line.StartsWith(Announcement, StringComparison.Ordinal))
        {
            _url.TrySetResult(new Uri(line[Announcement.Length..]));
        }
    }
}
