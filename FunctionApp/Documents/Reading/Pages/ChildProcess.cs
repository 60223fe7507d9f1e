using System.ComponentModel;
using System.Diagnostics;

namespace Advisor.Documents.Reading.Pages;

/// <summary>A system tool that the product needs is not installed.</summary>
public sealed class MissingToolException(string tool, string package)
    : Exception($"The program '{tool}' is not installed; install the package '{package}' and try again.")
{
    public string Tool { get; } = tool;
}

/// <summary>A reading tool failed on a document: what it was doing and what it said, without document text.</summary>
public sealed class ReadingToolException(string message) : Exception(message)
{
    /// <param name="what">"Page 3 could not be recognised".</param>
    /// <param name="error">What the tool said; empty where it said nothing, as one that was killed does.</param>
    public static ReadingToolException Of(string what, string program, int exitCode, string error) =>
        new($"{what}: {(error.Length > 0 ? error.TrimEnd('.') : $"{program} ended with code {exitCode} and said nothing")}.");
}

/// <summary>Runs a reading tool as a child process: bounded in time and output, killed with its children on cancellation.</summary>
public static class ChildProcess
{
    /// <summary>Longest error text kept, in characters.</summary>
    private const int MaxErrorLength = 500;

    private static readonly SemaphoreSlim s_slots = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Runs the program and hands its standard output to <paramref name="read"/> while it runs.</summary>
    /// <param name="package">The Debian package that holds the program, for the error.</param>
    /// <param name="timeout">The process is killed after this long.</param>
    /// <returns>What <paramref name="read"/> returned, the exit code and the beginning of the error output.</returns>
    /// <exception cref="MissingToolException">The program is not there.</exception>
    /// <exception cref="ReadingToolException">It took longer than <paramref name="timeout"/>.</exception>
    public static async Task<(T Output, int ExitCode, string Error)> RunAsync<T>(
        string program,
        string package,
        IEnumerable<string> arguments,
        TimeSpan timeout,
        Func<StreamReader, T> read,
        CancellationToken cancellationToken)
    {
        await s_slots.WaitAsync(cancellationToken);
        try
        {
            return await RunInSlotAsync(program, package, arguments, timeout, read, cancellationToken);
        }
        finally
        {
            s_slots.Release();
        }
    }

    private static async Task<(T Output, int ExitCode, string Error)> RunInSlotAsync<T>(
        string program,
        string package,
        IEnumerable<string> arguments,
        TimeSpan timeout,
        Func<StreamReader, T> read,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw new MissingToolException(program, package);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        await using var kill = limit.Token.Register(() => Kill(process));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            var output = await Task.Run(() => read(process.StandardOutput), CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            limit.Token.ThrowIfCancellationRequested();
            var error = (await errors).Trim();
            return (output, process.ExitCode, error.Length > MaxErrorLength ? error[..MaxErrorLength] : error);
        }
        catch (Exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ReadingToolException($"'{program}' did not finish within {timeout.TotalSeconds:0} s and was stopped.");
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            Kill(process);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }
    }
}
